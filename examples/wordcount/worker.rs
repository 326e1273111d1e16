//! A worker counts one file at a time.

use crate::{
    count::Counter,
    injected,
    ledger::{LedgerRef, Outcome},
    tally::Tally,
};
use ghostlight::{DynamicSupervisorRef, prelude::*};
use std::num::NonZero;

/// The supervisor of the workers.
pub(crate) type Pool = DynamicSupervisor<Worker>;

/// Its handle.
pub(crate) type PoolRef = DynamicSupervisorRef<Worker>;

/// A place in the pool: the lives that have it, one after the other, are one worker to the ledger.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) number: usize,
    /// How many shards there are.
    pub(crate) shards: usize,
    /// Crash over every so-manieth file, once.
    pub(crate) crash_every: Option<NonZero<u64>>,
}

/// Counts files, each as soon as the one before is settled. It may crash at any time: what must not be lost is in the ledger.
///
/// It has a thread to itself while it counts, so it waits for the ledger on that thread: to `await` would give the thread back, and a
/// wait of microseconds would become one for the next thread that is free.
#[actor(blocking, restart = transient)]
pub(crate) struct Worker {
    place: Place,
    ledger: LedgerRef,
    counter: Counter,
    /// The words of one file.
    tally: Tally,
}

#[handlers]
impl Worker {
    #[init]
    pub(crate) fn open(place: Place, ledger: LedgerRef, ctx: &mut Ctx<Self>) -> Self {
        ctx.continue_with(WorkerContinue::CountOne);
        Self { place, ledger, counter: Counter::new(), tally: Tally::default() }
    }

    #[handle_continue]
    fn count_one(&mut self, ctx: &mut Ctx<Self>) {
        let Place { number, shards, crash_every } = self.place;
        // Without a ledger there is nobody to count for: the run is over.
        let Ok(Some(job)) = self.ledger.next(number).blocking() else {
            return ctx.stop(ExitReason::Normal);
        };
        if crash_every.is_some_and(|every| job.is_due_to_crash(every)) {
            self.counter.count_half(&job.file.path, job.file.size, &mut self.tally);
            injected::crash(format_args!("worker {number} in {}", job.file.path.display()));
        }
        let outcome = match self.counter.count(&job.file.path, &mut self.tally) {
            Ok(bytes) => Outcome::Counted {
                bytes,
                words: self.tally.total(),
                parts: self.tally.split(shards),
            },
            Err(reason) => Outcome::Skipped(reason),
        };
        match self.ledger.settle(number, job, outcome).blocking() {
            Ok(()) => ctx.continue_with(WorkerContinue::CountOne),
            Err(_) => ctx.stop(ExitReason::Normal),
        }
    }
}
