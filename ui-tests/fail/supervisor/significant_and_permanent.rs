use ghostlight::prelude::*;

#[actor]
struct Vault;

#[handlers]
impl Vault {
    #[init]
    fn open() -> Self {
        Self
    }

    #[cast]
    fn record(&mut self) {}
}

struct Bank;

#[supervisor(strategy = one_for_one, auto_shutdown = any_significant)]
impl Bank {
    #[child(significant)]
    fn vault(&self) -> ChildSpec<Vault> {
        Vault::child_spec()
    }
}

fn main() {}
