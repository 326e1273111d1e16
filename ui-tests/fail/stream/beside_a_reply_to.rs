use ghostlight::prelude::*;

#[actor]
struct Room;

#[handlers]
impl Room {
    #[call]
    fn watch(&mut self, reply: ReplyTo<u32>, out: StreamTo<u32>) {
        reply.send(1);
        drop(out);
    }
}

fn main() {}
