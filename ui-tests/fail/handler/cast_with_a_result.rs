use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[cast]
    fn put(&mut self, n: u32) -> u32 {
        n
    }
}

fn main() {}
