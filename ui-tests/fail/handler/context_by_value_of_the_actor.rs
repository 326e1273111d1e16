use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self, _: Ctx<Cache>) {}
}

fn main() {}
