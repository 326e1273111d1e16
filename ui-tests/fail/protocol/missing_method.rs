use ghostlight::prelude::*;

#[protocol]
trait Store {
    #[call]
    fn get(&self, key: String) -> Option<u64>;

    #[cast]
    fn clear(&mut self);
}

struct Memory;

impl Store for Memory {
    fn get(&self, _: String) -> Option<u64> {
        None
    }
}

fn main() {}
