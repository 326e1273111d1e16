use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    extern "C" fn get(&self) {}
}

fn main() {}
