use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[cast]
    fn put(&mut self) {}
}

fn tell(cache: CacheRef) {
    let request = cache.put();
    let _ = request.try_send();
    let _ = request.try_send();
}

fn main() {}
