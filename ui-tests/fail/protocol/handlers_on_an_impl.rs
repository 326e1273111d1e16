use ghostlight::prelude::*;

#[protocol]
trait Store {
    #[call]
    fn put(&mut self, key: String) -> bool;
}

#[actor]
struct Memory;

#[handlers]
impl Store for Memory {
    #[call]
    fn put(&mut self, key: String) -> bool {
        key.is_empty()
    }
}

fn main() {}
