use ghostlight::prelude::*;
use std::rc::Weak;

#[actor]
struct Cache(usize);

#[handlers]
impl Cache {
    #[init]
    fn new(name: Weak<String>) -> Self {
        Self(name.strong_count())
    }
}

fn main() {}
