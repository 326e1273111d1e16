use ghostlight::prelude::*;

#[actor(restart = Restart::Transient)]
struct Cache;

#[handlers]
impl Cache {
    #[cast]
    fn put(&mut self) {}
}

fn main() {}
