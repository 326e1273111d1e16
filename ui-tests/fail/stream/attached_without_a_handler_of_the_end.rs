use ghostlight::prelude::*;

#[actor]
struct Room;

#[handlers]
impl Room {
    #[call]
    fn feed(&mut self, stream: Streaming<u32>, ctx: &mut Ctx<Self>) {
        ctx.attach_with_end(stream);
    }

    #[info]
    fn fed(&mut self, _: u32) {}
}

fn main() {}
