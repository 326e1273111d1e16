use ghostlight::prelude::*;

struct Cache;

#[actor]
impl Cache {
    fn get(&self) {}
}

fn main() {}
