use ghostlight::prelude::*;

#[actor]
struct Room;

#[handlers]
impl Room {
    #[info]
    fn watch(&mut self, out: StreamTo<u32>) {
        drop(out);
    }
}

fn main() {}
