use ghostlight::prelude::*;

#[actor]
struct Ledger;

#[handlers]
impl Ledger {
    #[init]
    fn open() -> Self {
        Self
    }

    #[cast]
    fn record(&mut self) {}
}

struct Bank;

#[supervisor(strategy = one_for_one)]
impl Bank {
    #[child]
    fn ledger(&self) -> ChildSpec<LedgerRef> {
        Ledger::child_spec()
    }
}

fn main() {}
