use ghostlight::prelude::*;
use std::rc::Rc;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self) -> Rc<str> {
        "cache".into()
    }
}

fn main() {}
