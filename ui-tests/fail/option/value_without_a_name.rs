use ghostlight::prelude::*;

#[actor("transient")]
struct Cache;

#[handlers]
impl Cache {
    #[cast]
    fn put(&mut self) {}
}

fn main() {}
