use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self, key: Key) {
        drop(key);
    }
}

fn main() {}
