#![deny(unused_must_use)]
use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self) {}
}

async fn ask(cache: CacheRef) {
    cache.get();
}

fn main() {}
