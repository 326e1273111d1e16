use ghostlight::prelude::*;

#[actor]
struct Room;

#[handlers]
impl Room {
    #[call]
    fn watch(&mut self, out: StreamTo<u32>) {
        drop(out);
    }
}

async fn read(room: RoomRef) -> Option<u32> {
    room.watch().next().await
}

fn main() {}
