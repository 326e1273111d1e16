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

struct Desk(std::cell::RefCell<u32>);

#[supervisor(strategy = one_for_one)]
impl Desk {
    #[child]
    fn ledger(&self) -> ChildSpec<Ledger> {
        Ledger::child_spec()
    }
}

fn main() {}
