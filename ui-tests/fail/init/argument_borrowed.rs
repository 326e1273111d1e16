use ghostlight::prelude::*;

#[actor]
struct Cache(usize);

#[handlers]
impl Cache {
    #[init]
    fn new(name: &str) -> Self {
        Self(name.len())
    }
}

fn main() {}
