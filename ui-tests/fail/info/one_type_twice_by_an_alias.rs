use ghostlight::prelude::*;

type Byte = u8;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[info]
    fn tick(&mut self, _: u8) {}

    #[info]
    fn tock(&mut self, _: Byte) {}
}

fn main() {}
