use ghostlight::prelude::*;
use std::rc::Weak;

#[actor]
struct Cache(usize);

#[handlers]
impl Cache {
    #[init]
    async fn new(name: Weak<String>) -> Self {
        Self(name.strong_count())
    }
}

fn main() {}
