use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self, ctx: Ctx<Self>) {
        drop(ctx);
    }
}

fn main() {}
