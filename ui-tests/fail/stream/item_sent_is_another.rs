use ghostlight::prelude::*;

#[actor]
struct Room;

#[handlers]
impl Room {
    #[call]
    fn watch(&mut self, out: StreamTo<u32>) {
        out.try_send("one").ok();
    }
}

fn main() {}
