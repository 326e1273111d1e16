use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    unsafe fn get(&self) {}
}

fn main() {}
