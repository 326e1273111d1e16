use ghostlight::prelude::*;

#[actor(name = "cache")]
struct Cache;

#[handlers]
impl Cache {
    #[cast]
    fn put(&mut self) {}
}

fn main() {}
