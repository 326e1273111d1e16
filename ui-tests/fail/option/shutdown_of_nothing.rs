use ghostlight::prelude::*;

#[actor(shutdown = "0s")]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self) {}
}

fn main() {}
