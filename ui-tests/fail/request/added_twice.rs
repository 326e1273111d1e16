use ghostlight::{Requests, prelude::*};

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self) {}
}

fn ask(cache: CacheRef) {
    let mut requests = Requests::new();
    let call = cache.get().owned();
    requests.add("first", call);
    requests.add("second", call);
}

fn main() {}
