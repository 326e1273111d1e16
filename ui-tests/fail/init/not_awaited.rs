#![deny(unused_must_use)]
use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[init]
    fn new() -> Self {
        Self
    }
}

fn main() {
    Cache::start();
}
