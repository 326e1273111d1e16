use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call(timeout = 30)]
    fn get(&self) {}
}

fn main() {}
