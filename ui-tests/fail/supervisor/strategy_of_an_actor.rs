use ghostlight::prelude::*;

#[actor(strategy = one_for_one)]
struct Ledger;

#[handlers]
impl Ledger {
    #[call]
    fn count(&self) -> u32 {
        1
    }
}

fn main() {}
