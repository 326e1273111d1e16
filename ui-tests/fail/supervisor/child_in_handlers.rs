use ghostlight::prelude::*;

#[actor]
struct Ledger;

#[handlers]
impl Ledger {
    #[call]
    fn count(&self) -> u32 {
        1
    }

    #[child]
    fn audit(&self) -> ChildSpec<Ledger> {
        ChildSpec::of(Ledger)
    }
}

fn main() {}
