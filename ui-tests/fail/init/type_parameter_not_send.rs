use ghostlight::prelude::*;

#[actor]
struct Cache<V>(V);

#[handlers]
impl<V: Clone> Cache<V> {
    #[init]
    fn new(value: V) -> Self {
        Self(value)
    }
}

fn main() {}
