use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[cfg_attr(not(windows), call)]
    fn get(&self) {}
}

fn main() {}
