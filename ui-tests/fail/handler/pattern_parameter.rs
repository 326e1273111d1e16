use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn add(&self, (a, b): (u32, u32)) -> u32 {
        a + b
    }
}

fn main() {}
