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

trait Tree {
    fn ledger(&self) -> ChildSpec<Ledger>;
}

#[supervisor(strategy = one_for_one)]
impl Tree for Bank {
    #[child]
    fn ledger(&self) -> ChildSpec<Ledger> {
        Ledger::child_spec()
    }
}

fn main() {}
