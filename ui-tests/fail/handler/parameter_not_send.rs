use ghostlight::prelude::*;
use std::rc::Rc;

struct Key(Rc<str>);

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn len(&self, key: Key) -> usize {
        key.0.len()
    }
}

fn main() {}
