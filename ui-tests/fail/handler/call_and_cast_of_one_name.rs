use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn put(&mut self) {}

    #[cast]
    fn put(&mut self, key: String) {
        drop(key);
    }
}

fn main() {}
