use ghostlight::prelude::*;

#[actor(shutdown = -1)]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self) {}
}

fn main() {}
