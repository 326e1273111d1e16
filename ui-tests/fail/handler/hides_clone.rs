use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[cast]
    fn clone(&mut self) {}
}

fn main() {}
