use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call(tmeout = "1s")]
    fn get(&self) {}
}

fn main() {}
