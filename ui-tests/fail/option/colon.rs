use ghostlight::prelude::*;

#[actor(restart: transient)]
struct Cache;

#[handlers]
impl Cache {
    #[cast]
    fn put(&mut self) {}
}

fn main() {}
