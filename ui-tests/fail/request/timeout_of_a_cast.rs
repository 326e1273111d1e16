use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[cast]
    fn put(&mut self) {}
}

async fn tell(cache: CacheRef) {
    let _ = cache.put().timeout(std::time::Duration::from_secs(1)).await;
}

fn main() {}
