use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn all(&self) -> impl Iterator<Item = u8> + use<> {
        [1, 2].into_iter()
    }
}

fn main() {}
