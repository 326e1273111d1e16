use ghostlight::prelude::*;

#[protocol]
trait Store {
    #[cast]
    fn put(&mut self, key: String) -> u32;
}

fn main() {}
