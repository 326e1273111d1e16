use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[init]
    fn new() -> Option<Self> {
        Some(Self)
    }
}

fn main() {}
