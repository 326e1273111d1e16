use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[init]
    fn new(size: usize) {
        let _ = size;
    }
}

fn main() {}
