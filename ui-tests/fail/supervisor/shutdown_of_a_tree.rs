use ghostlight::prelude::*;

#[actor]
struct Ledger;

#[handlers]
impl Ledger {
    #[init]
    fn open() -> Self {
        Self
    }

    #[call]
    fn len(&self) -> usize {
        0
    }
}

struct Books;

#[supervisor(strategy = one_for_one)]
impl Books {
    #[child]
    fn ledger(&self) -> ChildSpec<Ledger> {
        Ledger::child_spec()
    }
}

struct Bank;

#[supervisor(strategy = one_for_one)]
impl Bank {
    #[child]
    fn books(&self) -> ChildSpec<Books> {
        Books.child_spec().shutdown(Shutdown::BrutalKill)
    }
}

fn main() {}
