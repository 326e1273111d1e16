use ghostlight::prelude::*;

#[actor]
struct Room;

#[handlers]
impl Room {
    #[init]
    fn new(out: StreamTo<u32>) -> Self {
        drop(out);
        Self
    }

    #[cast]
    fn close(&mut self) {}
}

fn main() {}
