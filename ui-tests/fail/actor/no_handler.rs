use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    fn get(&self) {}
}

fn main() {}
