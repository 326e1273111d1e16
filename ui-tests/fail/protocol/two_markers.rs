use ghostlight::prelude::*;

#[protocol]
trait Store {
    #[call]
    #[cast]
    fn get(&self, key: String) -> Option<u64>;
}

fn main() {}
