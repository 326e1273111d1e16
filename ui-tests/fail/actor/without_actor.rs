use ghostlight::prelude::*;

struct Cache;

#[handlers]
impl Cache {
    #[init]
    fn new(size: usize) -> Self {
        let _ = size;
        Self
    }

    #[call]
    async fn get(&mut self, key: String, ctx: &mut Ctx<Self>) -> String {
        ctx.stop(ExitReason::Normal);
        key
    }
}

fn main() {}
