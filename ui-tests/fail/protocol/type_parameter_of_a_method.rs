use ghostlight::prelude::*;

#[protocol]
trait Store {
    #[call]
    fn get<K: Send + 'static>(&self, key: K) -> Option<u64>;
}

fn main() {}
