use ghostlight::prelude::*;
use std::rc::Rc;

struct Key(Rc<str>);

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    async fn len(&mut self, key: Key) -> usize {
        key.0.len()
    }
}

fn main() {}
