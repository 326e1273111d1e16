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

#[supervisor(strategy = one_for_one, max_restarts = 3, max_seconds = 5)]
impl Bank {
    #[child]
    fn ledger(&self) -> ChildSpec<Ledger> {
        Ledger::child_spec()
    }
}

fn main() {}
