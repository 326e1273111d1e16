use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self, key: String) -> String {
        key
    }
}

async fn ask(cache: CacheRef) {
    let _ = cache.get().await;
}

fn main() {}
