use ghostlight::prelude::*;

#[actor(capacity = 64)]
struct Cache;

#[handlers]
impl Cache {
    #[cast]
    fn put(&mut self) {}
}

fn main() {}
