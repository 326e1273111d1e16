use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[init]
    fn new() -> Self {
        Self
    }

    #[cast]
    fn put(&mut self) {}
}

async fn open() {
    let cache = Cache::start();
    let _ = cache.put().await;
}

fn main() {}
