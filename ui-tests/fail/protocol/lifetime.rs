use ghostlight::prelude::*;

#[protocol]
trait Store<'a> {
    #[call]
    fn get(&self, key: String) -> Option<u64>;
}

fn main() {}
