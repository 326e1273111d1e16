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

#[actor]
struct Vault;

#[handlers]
impl Vault {
    #[cast]
    fn put(&mut self) {}
}

#[supervisor(strategy = one_for_one)]
impl Bank {
    #[child]
    fn ledger(&self) -> ChildSpec<Ledger> {
        Ledger::child_spec()
    }

    #[child]
    fn audit(&self, ledger: VaultRef) -> ChildSpec<Ledger> {
        drop(ledger);
        Ledger::child_spec()
    }
}

fn main() {}
