use ghostlight::prelude::*;

#[actor]
struct Room;

#[handlers]
impl Room {
    #[call(capacity = 0)]
    fn watch(&mut self, out: StreamTo<u32>) {
        drop(out);
    }
}

fn main() {}
