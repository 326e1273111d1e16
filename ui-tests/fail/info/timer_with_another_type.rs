use ghostlight::prelude::*;
use std::time::Duration;

struct Tick;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[info]
    fn tick(&mut self, _: u8, ctx: &mut Ctx<Self>) {
        ctx.send_after(Duration::from_secs(1), Tick);
    }
}

fn main() {}
