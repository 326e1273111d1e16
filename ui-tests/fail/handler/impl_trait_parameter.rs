use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[cast]
    fn put(&mut self, key: impl Into<String>) {
        drop(key.into());
    }
}

fn main() {}
