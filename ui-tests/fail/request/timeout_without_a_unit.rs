use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self) {}
}

async fn ask(cache: CacheRef) {
    let _ = cache.get().timeout(5).await;
}

fn main() {}
