use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    #[call]
    fn get(&self) {}
}

fn main() {}
