use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self) {}
}

fn spawn<F: Future + Send + 'static>(_: F) {}

fn ask(cache: CacheRef) {
    spawn(cache.get().into_future());
}

fn main() {}
