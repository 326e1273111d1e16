use ghostlight::prelude::*;

#[actor(blocking restart = transient)]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self) {}
}

fn main() {}
