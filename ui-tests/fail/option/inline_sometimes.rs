use ghostlight::prelude::*;

#[actor(inline = sometimes)]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self) {}
}

fn main() {}
