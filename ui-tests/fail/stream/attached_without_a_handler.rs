use ghostlight::prelude::*;

#[actor]
struct Room;

#[handlers]
impl Room {
    #[call]
    fn feed(&mut self, stream: Streaming<u32>, ctx: &mut Ctx<Self>) {
        ctx.attach(stream);
    }
}

fn main() {}
