use ghostlight::prelude::*;

struct Key;

#[actor]
struct Cache;

#[handlers(derive(Debug))]
impl Cache {
    #[cast]
    fn put(&mut self, key: Key) {
        drop(key);
    }
}

fn main() {}
