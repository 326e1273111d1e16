use ghostlight::prelude::*;

#[actor]
struct Room;

#[handlers]
impl Room {
    #[call(capacity = 64)]
    fn count(&self) -> u32 {
        1
    }
}

fn main() {}
