use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn limit() -> usize {
        64
    }
}

fn main() {}
