use ghostlight::prelude::*;

#[actor]
struct Cache<V>(Vec<V>);

#[handlers]
impl<V> Cache<V> {
    #[cast]
    fn put(&mut self, value: V, ctx: &mut Ctx<Self>) {
        self.0.push(value);
        ctx.stop(ExitReason::Normal);
    }
}

fn main() {}
