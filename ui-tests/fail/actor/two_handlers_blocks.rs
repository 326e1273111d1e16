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
    #[call]
    fn put(&mut self) {}
}

fn main() {}
