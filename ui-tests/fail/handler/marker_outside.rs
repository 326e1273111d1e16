use ghostlight::prelude::*;

struct Cache;

impl Cache {
    #[call]
    fn get(&self) {}
}

fn main() {}
