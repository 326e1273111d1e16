//! The supervision tree.

use crate::{
    crash::Crashes,
    foreman::Foreman,
    keeper::{Keeper, KeeperRef},
    ledger::{Ledger, LedgerRef},
    reader::Reader,
    reporter::Reporter,
    shard::Shard,
    worker::Worker,
};
use ghostlight::{DynamicSupervisor, DynamicSupervisorRef, SupervisorRef, prelude::*};
use std::{path::PathBuf, time::Duration};

/// What there is to count, and how: the configuration of the tree.
#[derive(Clone, Debug)]
pub(crate) struct Count {
    pub(crate) roots: Vec<PathBuf>,
    pub(crate) workers: usize,
    /// Whether there is a bar, or lines.
    pub(crate) shown: bool,
    pub(crate) crashes: Crashes,
    /// How many crashes in a second the pool survives, and how many the shards do.
    pub(crate) intensity: u32,
}

/// Each child depends on those before it, so with one that crashes those after it are started again. That ends where the error kernel
/// begins: keeper, shards, ledger and reader are temporary. What the first three hold cannot be got again, and a second reader would
/// find every file twice: if one of them ends, so does the run, and says what is lost.
#[supervisor(strategy = rest_for_one)]
impl Count {
    /// Has the counts while no shard has them.
    #[child]
    pub(crate) fn keeper(&self) -> ChildSpec<Keeper> {
        Keeper::child_spec(self.workers)
    }

    /// As many as there are workers: each merges what one worker counts.
    #[child]
    pub(crate) fn shards(&self, keeper: KeeperRef) -> ChildSpec<Supervisor> {
        let mut shards = Supervisor::builder(Strategy::OneForOne)
            .intensity(self.intensity)
            .period(Duration::from_secs(1));
        for number in 0..self.workers {
            let (keeper, crash_every) = (keeper.clone(), self.crashes.shards);
            shards = shards.child(Shard::id(number), move |_| {
                Shard::child_spec(number, crash_every, keeper.clone())
            });
        }
        shards.child_spec().restart(Restart::Temporary)
    }

    /// Knows which file is with whom.
    #[child]
    pub(crate) fn ledger(&self) -> ChildSpec<Ledger> {
        Ledger::child_spec()
    }

    /// Finds the files.
    #[child]
    pub(crate) fn reader(&self, ledger: LedgerRef) -> ChildSpec<Reader> {
        Reader::child_spec(self.roots.clone(), ledger)
    }

    /// Has the workers.
    #[child]
    pub(crate) fn pool(&self) -> ChildSpec<DynamicSupervisor<Worker>> {
        DynamicSupervisor::new()
            .intensity(self.intensity)
            .period(Duration::from_secs(1))
            .child_spec()
    }

    /// Fills the pool.
    #[child]
    pub(crate) fn foreman(
        &self,
        shards: SupervisorRef,
        ledger: LedgerRef,
        pool: DynamicSupervisorRef<Worker>,
    ) -> ChildSpec<Foreman> {
        Foreman::child_spec(self.workers, self.crashes.workers, shards, ledger, pool)
    }

    /// Shows how far it is.
    #[child]
    pub(crate) fn reporter(
        &self,
        shards: SupervisorRef,
        ledger: LedgerRef,
        pool: DynamicSupervisorRef<Worker>,
    ) -> ChildSpec<Reporter> {
        Reporter::child_spec(self.shown, ledger, shards, pool)
    }
}
