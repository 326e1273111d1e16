use ghostlight::prelude::*;

#[actor]
struct Cache<V>(V);

#[handlers]
impl<V: Clone> Cache<V> {
    #[call]
    fn get(&self) -> V {
        self.0.clone()
    }
}

fn main() {}
