use ghostlight::prelude::*;
use std::time::Duration;

#[derive(Clone)]
struct Tick;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self, ctx: &mut Ctx<Self>) {
        ctx.send_interval(Duration::from_secs(1), Tick);
    }
}

fn main() {}
