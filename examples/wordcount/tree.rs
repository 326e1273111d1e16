//! Who is there, and who restarts whom.
//!
//! Each child depends on those above it only. At the top are those who do nothing that could go wrong, and so need not be brought
//! back: the error kernel. Below are those who may crash as they like.

use crate::{
    foreman::Foreman,
    job::Plan,
    keeper::{Keeper, KeeperRef},
    ledger::{Ledger, LedgerRef},
    reader::Reader,
    reporter::{Reporter, Watched},
    shard::{Shard, ShardRef, Share},
    worker::{Place, Pool, PoolRef},
};
use ghostlight::{SupervisorRef, prelude::*};
use std::time::Duration;

/// Crashes are this program's business, and each of them is bounded elsewhere: the ledger gives a file up after a few, and a shard
/// crashes over a part once. So there may be as many as there are files.
const ANY_NUMBER: u32 = u32::MAX;

/// The whole program, as a tree.
#[derive(Debug)]
pub(crate) struct WordCount {
    pub(crate) plan: Plan,
}

#[supervisor(strategy = rest_for_one)]
impl WordCount {
    #[child]
    fn keeper(&self) -> ChildSpec<Keeper> {
        Keeper::child_spec(self.plan.workers)
    }

    /// They run beside the workers: as many, and each merges what one worker counts.
    #[child]
    pub(crate) fn shards(&self, keeper: KeeperRef) -> ChildSpec<Supervisor> {
        let mut shards = Supervisor::builder(Strategy::OneForOne).intensity(ANY_NUMBER);
        for number in 0..self.plan.workers {
            let (keeper, crash_every) = (keeper.clone(), self.plan.crash_shards);
            let share = Share { number, crash_every };
            shards = shards.child(id(number), move |_| Shard::child_spec(share, keeper.clone()));
        }
        shards.child_spec()
    }

    #[child]
    pub(crate) fn ledger(&self, shards: SupervisorRef) -> ChildSpec<Ledger> {
        Ledger::child_spec(self.all(&shards))
    }

    #[child]
    pub(crate) fn reader(&self, ledger: LedgerRef) -> ChildSpec<Reader> {
        Reader::child_spec(self.plan.roots.clone(), ledger)
    }

    #[child]
    pub(crate) fn pool(&self) -> ChildSpec<Pool> {
        Pool::new().intensity(ANY_NUMBER).period(Duration::from_secs(1)).child_spec()
    }

    #[child]
    fn foreman(&self, pool: PoolRef, ledger: LedgerRef) -> ChildSpec<Foreman> {
        let Plan { workers, crash_every, .. } = self.plan;
        let place = |number| Place { number, shards: workers, crash_every };
        Foreman::child_spec((0..workers).map(place).collect(), pool, ledger)
    }

    #[child]
    pub(crate) fn reporter(
        &self,
        ledger: LedgerRef,
        shards: SupervisorRef,
        pool: PoolRef,
    ) -> ChildSpec<Reporter> {
        let watched = Watched { ledger, shards, pool };
        Reporter::child_spec(watched, self.plan.shows_progress)
    }

    /// The handles of all shards: they are good for every life of a shard.
    fn all(&self, shards: &SupervisorRef) -> Vec<ShardRef> {
        (0..self.plan.workers).filter_map(|number| shards.child::<Shard>(&id(number))).collect()
    }
}

impl WordCountRef {
    /// The handles of all shards, in order.
    pub(crate) fn all_shards(&self, plan: &Plan) -> Vec<ShardRef> {
        let shards = self.shards();
        (0..plan.workers).filter_map(|number| shards.child::<Shard>(&id(number))).collect()
    }
}

fn id(number: usize) -> String {
    format!("shard {number}")
}
