use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[info]
    fn tick(&mut self) {}
}

async fn tell(cache: CacheRef) {
    let _ = cache.tick().await;
}

fn main() {}
