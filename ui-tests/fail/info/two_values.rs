use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[info]
    fn tick(&mut self, at: u64, by: String) {
        drop((at, by));
    }
}

fn main() {}
