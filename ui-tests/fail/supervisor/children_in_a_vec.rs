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
    fn ledgers(&self) -> Vec<ChildSpec<Ledger>> {
        vec![Ledger::child_spec(), Ledger::child_spec()]
    }
}

fn main() {}
