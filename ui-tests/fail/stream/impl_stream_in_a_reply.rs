use futures_core::Stream;
use ghostlight::prelude::*;

#[actor]
struct Room;

#[handlers]
impl Room {
    #[call]
    fn watch(&mut self) -> impl Stream<Item = u32> + use<> {
        StreamTo::pair().1
    }
}

fn main() {}
