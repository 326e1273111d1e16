use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self) {}
}

async fn stop(cache: CacheRef) {
    let _ = cache.stop().timeout(5).await;
}

fn main() {}
