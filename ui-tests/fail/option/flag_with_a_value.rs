use ghostlight::prelude::*;

#[actor(blocking = true)]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self) {}
}

fn main() {}
