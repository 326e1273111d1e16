use ghostlight::prelude::*;

#[protocol]
trait Store {
    #[call]
    fn put(&mut self, key: String) -> bool;
}

#[actor]
struct Memory;

#[handlers]
impl Memory {
    #[cast]
    fn clear(&mut self) {}
}

impl Store for Memory {
    fn put(&mut self, key: String) -> bool {
        key.is_empty()
    }
}

fn store(memory: MemoryRef) -> StoreRef {
    StoreRef::of(memory)
}

fn main() {}
