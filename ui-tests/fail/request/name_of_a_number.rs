use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self) {}
}

async fn ask() {
    let _ = CacheRef::named(5).get().await;
}

fn main() {}
