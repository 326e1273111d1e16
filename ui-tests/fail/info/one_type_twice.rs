use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[info]
    fn tick(&mut self, _: u8) {}

    #[info]
    fn tock(&mut self, _: u8) {}
}

fn main() {}
