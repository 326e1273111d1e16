use ghostlight::prelude::*;

#[actor]
struct Room;

#[handlers]
impl Room {
    #[call]
    fn watch(&mut self, one: StreamTo<u32>, two: StreamTo<String>) {
        drop((one, two));
    }
}

fn main() {}
