use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[init]
    fn new() -> Result<Self, String> {
        Err("no memory".to_owned())
    }
}

fn main() {}
