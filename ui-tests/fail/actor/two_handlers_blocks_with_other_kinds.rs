use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self) {}
}

#[handlers]
impl Cache {
    #[cast]
    fn put(&mut self) {}
}

fn main() {}
