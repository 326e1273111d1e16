use ghostlight::prelude::*;

#[actor]
struct Room;

#[handlers]
impl Room {
    #[cast]
    fn watch(&mut self, out: StreamTo<u32>) {
        drop(out);
    }
}

fn main() {}
