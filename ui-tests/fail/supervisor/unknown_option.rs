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

#[supervisor(strategy = one_for_one, tries = 3)]
impl Bank {
    #[child]
    fn ledger(&self) -> ChildSpec<Ledger> {
        Ledger::child_spec()
    }
}

fn main() {}
