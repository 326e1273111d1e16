use ghostlight::prelude::*;

#[protocol]
trait Store {
    #[call]
    fn get(&self, key: &str) -> Option<u64>;
}

fn main() {}
