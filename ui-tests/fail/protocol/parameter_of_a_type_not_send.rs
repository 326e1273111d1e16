use ghostlight::prelude::*;
use std::rc::Rc;

struct Key(Rc<str>);

#[protocol]
trait Store {
    #[call]
    fn get(&self, key: Key) -> Option<u64>;
}

fn main() {}
