use ghostlight::prelude::*;
use std::rc::Rc;

#[actor]
struct Room;

#[handlers]
impl Room {
    #[call]
    async fn watch(&mut self, out: StreamTo<Rc<str>>) {
        drop(out);
    }
}

fn main() {}
