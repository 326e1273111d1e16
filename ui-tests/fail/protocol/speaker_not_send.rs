use ghostlight::prelude::*;
use std::{cell::Cell, rc::Rc};

#[protocol]
trait Store {
    #[call]
    fn get(&self, key: String) -> Option<u64>;
}

struct Fake(Rc<Cell<u64>>);

impl Store for Fake {
    fn get(&self, _: String) -> Option<u64> {
        Some(self.0.get())
    }
}

fn store(fake: Fake) -> Result<StoreRef, StartError> {
    StoreRef::spawn(fake)
}

fn main() {}
