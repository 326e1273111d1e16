use ghostlight::prelude::*;

#[actor(shutdown = "infinity")]
struct Cache;

#[handlers]
impl Cache {
    #[cast]
    fn put(&mut self) {}
}

fn main() {}
