use ghostlight::prelude::*;

struct Cache;

#[handlers]
impl &Cache {
    #[call]
    fn get(&self) {}
}

fn main() {}
