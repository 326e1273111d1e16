use ghostlight::prelude::*;

struct Full;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[init]
    fn new() -> Result<Self, Full> {
        Err(Full)
    }
}

fn main() {}
