use ghostlight::prelude::*;
use std::rc::Rc;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self, reply: ReplyTo<Rc<str>>) {
        reply.send("cache".into());
    }
}

fn main() {}
