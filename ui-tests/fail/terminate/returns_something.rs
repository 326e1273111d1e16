use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[terminate]
    fn close(&mut self) -> u8 {
        1
    }
}

fn main() {}
