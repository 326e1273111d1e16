use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[init]
    fn new() -> Self {
        Self
    }

    fn start() -> Self {
        Self
    }
}

fn main() {}
