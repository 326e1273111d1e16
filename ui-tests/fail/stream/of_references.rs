use ghostlight::prelude::*;

#[actor]
struct Room;

#[handlers]
impl Room {
    #[call]
    fn watch(&mut self, out: StreamTo<&str>) {
        out.try_send("one").ok();
    }
}

fn main() {}
