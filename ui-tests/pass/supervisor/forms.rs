//! Every legal form of a tree, in a crate that denies every lint.
#![deny(warnings, missing_docs, unreachable_pub, clippy::pedantic)]

use ghostlight::prelude::*;

/// Counts.
#[actor]
pub struct Ledger(u64);

#[handlers]
impl Ledger {
    /// Opens the ledger.
    #[init]
    pub fn open(start: u64) -> Self {
        Self(start)
    }

    /// Adds.
    #[call]
    pub fn add(&mut self, n: u64) -> u64 {
        self.0 += n;
        self.0
    }
}

/// A value that is there already.
#[actor(restart = temporary)]
struct Cache<K: Send + 'static>(Vec<K>);

#[handlers]
impl<K: Send + 'static> Cache<K> {
    #[cast]
    fn put(&mut self, key: K) {
        self.0.push(key);
    }
}

/// Configured by a generic value.
pub struct Desk<K> {
    key: K,
}

#[supervisor(strategy = one_for_one)]
impl<K: Clone + Send + Sync> Desk<K> {
    /// The cache.
    #[child]
    fn cache(&self) -> ChildSpec<Cache<K>> {
        ChildSpec::of(Cache(vec![self.key.clone()])).restart(Restart::Transient)
    }
}

/// All of it.
pub enum Bank {
    /// A small one.
    Small(u64),
}

#[supervisor(strategy = rest_for_one, intensity = 10, period = "1m", backoff = "10ms .. 1m")]
impl Bank {
    /// Starts first, stops last.
    #[child]
    pub fn ledger(&self) -> ChildSpec<Ledger> {
        let Self::Small(start) = self;
        Ledger::child_spec(*start).name("main").shutdown(Shutdown::BrutalKill)
    }

    #[child]
    #[cfg(any())]
    fn absent(&self) -> ChildSpec<Nowhere> {
        Nowhere::child_spec()
    }

    #[child]
    pub(crate) fn audit(&self, ledger: LedgerRef) -> ghostlight::ChildSpec<Ledger> {
        drop(ledger);
        self.spec()
    }

    /// A tree below.
    #[child]
    pub fn desk(self: &Self) -> ChildSpec<Desk<String>> {
        Desk { key: String::new() }.child_spec()
    }

    /// Any number.
    #[child]
    pub fn ledgers(&self) -> ChildSpec<DynamicSupervisor<Ledger>> {
        DynamicSupervisor::new().max_children(4).child_spec()
    }

    /// Known at run time.
    #[child]
    fn r#dyn(&self, ledger: LedgerRef, desk: DeskRef<String>) -> ChildSpec<Supervisor> {
        drop((ledger, desk));
        Supervisor::builder(Strategy::OneForAll).child("a", |_| Ledger::child_spec(1)).child_spec()
    }

    fn spec(&self) -> ChildSpec<Ledger> {
        let Self::Small(start) = self;
        Ledger::child_spec(*start)
    }
}

const MAIN: LedgerRef = LedgerRef::named("main");

async fn all() -> Result<(), Box<dyn std::error::Error>> {
    let bank: BankRef = Bank::Small(5).start().await?;
    let ledger: LedgerRef = bank.ledger();
    ledger.add(1).await?;
    MAIN.add(1).await?;
    bank.audit().add(1).await?;
    bank.desk().cache().put(String::new()).await?;
    let _: SupervisorChild = bank.r#dyn().child::<Ledger>("a");
    let started = bank.ledgers().start_child(|| Ledger::child_spec(1)).await?;
    started.add(1).await?;
    bank.which_children().await?;
    assert!(!Bank::tree().to_string().is_empty());
    bank.stop().await?;
    Ok(())
}

type SupervisorChild = Option<LedgerRef>;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(all())
}
