use ghostlight::prelude::*;
use std::rc::Rc;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[cast]
    fn put(&mut self, key: Option<Rc<str>>) {
        drop(key);
    }
}

fn main() {}
