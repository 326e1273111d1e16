use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[cast(timeout = "1s")]
    fn put(&mut self) {}
}

fn main() {}
