use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[init]
    fn new(&mut self) -> Self {
        Self
    }
}

fn main() {}
