use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self) {}
}

async fn tell(cache: CacheRef) {
    let _ = cache.info(5_u8).await;
}

fn main() {}
