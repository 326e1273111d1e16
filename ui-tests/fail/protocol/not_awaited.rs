#![deny(unused_must_use)]

use ghostlight::prelude::*;

#[protocol]
trait Store {
    #[call]
    fn get(&self, key: String) -> Option<u64>;

    #[cast]
    fn clear(&mut self);
}

async fn use_it(store: StoreRef) {
    store.get("a".to_owned());
    store.clear();
}

fn main() {}
