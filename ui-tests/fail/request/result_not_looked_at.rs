#![deny(unused_must_use)]
use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[cast]
    fn put(&mut self) {}
}

async fn tell(cache: CacheRef) {
    cache.put().await;
}

fn main() {}
