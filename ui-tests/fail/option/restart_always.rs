use ghostlight::prelude::*;

#[actor(restart = always)]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self) {}
}

fn main() {}
