use ghostlight::prelude::*;
use std::time::Duration;

struct Idle;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self, ctx: &mut Ctx<Self>) {
        ctx.idle_timeout(Duration::from_secs(1), Idle);
    }
}

fn main() {}
