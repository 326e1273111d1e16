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

#[supervisor(strategy = OneForOne)]
impl Bank {
    #[child]
    fn ledger(&self) -> ChildSpec<Ledger> {
        Ledger::child_spec()
    }
}

fn main() {}
