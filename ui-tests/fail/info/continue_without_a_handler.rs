use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self, ctx: &mut Ctx<Self>) {
        ctx.continue_with(CacheContinue::Load);
    }
}

fn main() {}
