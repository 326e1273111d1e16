use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[handle_continue]
    fn load(&mut self, ctx: &mut Ctx<Self>) {
        ctx.continue_with(CacheContinue::Save);
    }
}

fn main() {}
