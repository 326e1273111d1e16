use ghostlight::prelude::*;

fn spawn<F: Future + Send + 'static>(_: F) {}

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[cast]
    fn put(&mut self) {}
}

async fn fill(cache: CacheRef) {
    spawn(cache.put());
}

fn main() {}
