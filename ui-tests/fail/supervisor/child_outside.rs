use ghostlight::prelude::*;

struct Bank;

impl Bank {
    #[child]
    fn ledger(&self) {}
}

fn main() {}
