use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    #[cast]
    fn put(&mut self) {}
}

fn main() {}
