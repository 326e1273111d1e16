use ghostlight::prelude::*;

#[actor]
struct Ledger;

#[handlers]
impl Ledger {
    #[call]
    fn kill(&mut self) {}
}

fn main() {}
