#![deny(unused_must_use)]

use ghostlight::prelude::*;

#[actor]
struct Room;

#[handlers]
impl Room {
    #[call]
    fn watch(&mut self, out: StreamTo<u32>) {
        out.send(1);
    }
}

fn main() {}
