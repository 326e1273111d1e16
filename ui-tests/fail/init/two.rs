use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[init]
    fn new() -> Self {
        Self
    }

    #[init]
    fn with_size(_: usize) -> Self {
        Self
    }
}

fn main() {}
