use ghostlight::prelude::*;

#[protocol]
trait Store {
    #[call]
    fn get(&self, key: String) -> Option<u64>;
}

struct Memory;

impl Store for Memory {
    fn get(&self, _: &str) -> Option<u64> {
        None
    }
}

fn main() {}
