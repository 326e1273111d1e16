use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[terminate]
    fn close(&mut self) {}

    #[terminate]
    fn end(&mut self) {}
}

fn main() {}
