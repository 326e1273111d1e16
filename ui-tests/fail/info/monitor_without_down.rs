use ghostlight::prelude::*;

#[actor]
struct Ledger;

#[handlers]
impl Ledger {
    #[call]
    fn watch(&mut self, other: LedgerRef, ctx: &mut Ctx<Self>) {
        ctx.monitor(&other);
    }
}

fn main() {}
