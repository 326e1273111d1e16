use ghostlight::{Requests, prelude::*};

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self) {}
}

fn ask(cache: CacheRef, requests: &mut Requests<&'static str, ()>) {
    requests.add("cache", cache.get());
}

fn main() {}
