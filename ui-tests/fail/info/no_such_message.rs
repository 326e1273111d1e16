use ghostlight::prelude::*;

use std::time::Duration;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[cast]
    fn put(&mut self, ctx: &mut Ctx<Self>) {
        ctx.send_after(Duration::from_secs(1), CacheInfo::tick);
    }

    #[info]
    fn tick(&mut self) {}
}

fn main() {}
