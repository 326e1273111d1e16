use ghostlight::prelude::*;
use std::rc::Rc;

#[actor]
struct Cache {
    entries: Rc<str>,
}

#[handlers]
impl Cache {
    #[call]
    fn len(&self) -> usize {
        self.entries.len()
    }
}

fn main() {}
