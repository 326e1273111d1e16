use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn pid(&self) -> u32 {
        1
    }
}

fn main() {}
