use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[init]
    fn start() -> Self {
        Self
    }
}

fn main() {}
