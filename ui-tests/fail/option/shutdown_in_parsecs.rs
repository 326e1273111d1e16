use ghostlight::prelude::*;

#[actor(shutdown = "5 parsecs")]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self) {}
}

fn main() {}
