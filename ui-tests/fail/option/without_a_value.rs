use ghostlight::prelude::*;

#[actor(restart)]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self) {}
}

fn main() {}
