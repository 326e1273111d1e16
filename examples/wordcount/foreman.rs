//! The foreman fills the pool.

use crate::{
    ledger::LedgerRef,
    shard::Shard,
    worker::{Tools, Worker},
};
use ghostlight::{ChildError, DynamicSupervisorRef, SupervisorRef, prelude::*};
use std::num::NonZero;

/// Starts the workers. A pool that has given up is started again without any, and the foreman after it: that it lives again whenever
/// the pool does is all it is there for.
#[actor]
#[derive(Debug)]
pub(crate) struct Foreman {
    workers: usize,
    pool: DynamicSupervisorRef<Worker>,
    tools: Tools,
}

#[handlers]
impl Foreman {
    #[init]
    pub(crate) fn open(
        workers: usize,
        crash_every: Option<NonZero<u64>>,
        shards: SupervisorRef,
        ledger: LedgerRef,
        pool: DynamicSupervisorRef<Worker>,
        ctx: &mut Ctx<Self>,
    ) -> Result<Self, ExitReason> {
        let shards = (0..workers).map(|number| shards.child::<Shard>(&Shard::id(number)));
        let shards = shards.collect::<Option<_>>();
        let shards = shards.ok_or_else(|| ExitReason::crash("a shard is missing"))?;
        // Not here: a pool that gave up meanwhile could not be started again before this one has been.
        ctx.continue_with(ForemanContinue::Fill);
        Ok(Self { workers, pool, tools: Tools { ledger, shards, crash_every } })
    }

    #[handle_continue]
    async fn fill(&mut self) -> Result<(), ChildError> {
        // If only the foreman crashed, the workers that it had started are still there: they never leave the pool by themselves.
        for number in self.pool.count_children().await?.specs..self.workers {
            let tools = self.tools.clone();
            let worker = move || Worker::child_spec(number, tools.clone());
            drop(self.pool.start_child(worker).await?);
        }
        Ok(())
    }

    /// Answers when the pool is full: a continue comes before any message.
    #[call(timeout = infinity)]
    pub(crate) fn has_filled(&self) {}
}
