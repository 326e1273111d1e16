use ghostlight::prelude::*;

#[protocol]
trait Store {
    fn get(&self, key: String) -> Option<u64>;

    #[call]
    fn len(&self) -> usize;
}

fn main() {}
