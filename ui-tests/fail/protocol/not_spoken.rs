use ghostlight::prelude::*;

#[protocol]
trait Store {
    #[call]
    fn get(&self, key: String) -> Option<u64>;
}

#[actor]
struct Memory;

#[handlers]
impl Memory {
    #[call]
    fn len(&self) -> usize {
        0
    }
}

fn store(memory: MemoryRef) -> StoreRef {
    StoreRef::of(&memory)
}

fn main() {}
