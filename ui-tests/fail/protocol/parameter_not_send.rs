use ghostlight::prelude::*;
use std::rc::Rc;

#[protocol]
trait Store {
    #[call]
    fn get(&self, key: Rc<str>) -> Option<u64>;
}

fn main() {}
