use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[continue]
    fn load(&mut self) {}
}

fn main() {}
