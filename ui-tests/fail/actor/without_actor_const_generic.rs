use ghostlight::prelude::*;

struct Cache<const N: usize>;

#[handlers]
impl<const N: usize> Cache<N> {
    #[call]
    fn get(&self) {}
}

fn main() {}
