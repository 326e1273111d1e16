use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[info]
    fn tick(&mut self, ctx: &mut Ctx<Self>) {
        ctx.send_after(5, CacheInfo::Tick);
    }
}

fn main() {}
