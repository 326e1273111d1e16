use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[init]
    fn new() -> u32 {
        1
    }
}

fn main() {}
