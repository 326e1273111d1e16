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
    spawn(async move { cache.put().await });
    let _ = cache.put().await;
}

fn main() {}
