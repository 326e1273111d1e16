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
    fn vault(&self) -> ChildSpec<Vault> {
        Vault::child_spec()
    }
}

fn main() {}
