use ghostlight::prelude::*;

#[actor(shutdown = 5)]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self) {}
}

fn main() {}
