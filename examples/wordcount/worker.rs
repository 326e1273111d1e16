//! A worker counts one file at a time.

use crate::{
    count::Counter,
    crash,
    job::{Counted, Job, Parts},
    ledger::{ATTEMPTS, LedgerRef},
    shard::ShardRef,
    skip::Reason,
    tally::Tally,
};
use ghostlight::prelude::*;
use std::{num::NonZero, sync::Arc, time::Duration};

/// How long it waits for a file before it looks up: one that waits on its thread cannot be stopped.
const PATIENCE: Duration = Duration::from_millis(200);

/// What every worker needs.
#[derive(Clone, Debug)]
pub(crate) struct Tools {
    pub(crate) ledger: LedgerRef,
    pub(crate) shards: Arc<[ShardRef]>,
    /// Crash over every so-manieth file, once.
    pub(crate) crash_every: Option<NonZero<u64>>,
}

/// Counts files, each as soon as the one before is settled. It may crash at any time: what must not be lost is in the ledger.
///
/// It has a thread to itself while it counts, so it waits for others on that thread: to `await` would give the thread back, and a
/// wait of microseconds would become one for the next thread that is free.
#[actor(blocking)]
pub(crate) struct Worker {
    /// Its place in the pool: the lives that have it, one after the other, are one worker to the ledger.
    number: usize,
    tools: Tools,
    counter: Counter,
    /// The words of one file.
    tally: Tally,
}

#[handlers]
impl Worker {
    #[init]
    pub(crate) fn open(number: usize, tools: Tools, ctx: &mut Ctx<Self>) -> Self {
        ctx.continue_with(WorkerContinue::CountOne);
        Self { number, tools, counter: Counter::new(), tally: Tally::default() }
    }

    #[handle_continue]
    fn count_one(&mut self, ctx: &mut Ctx<Self>) -> Result<(), CallError> {
        let next = self.tools.ledger.next(self.number).timeout(PATIENCE).blocking();
        let done = match next {
            Ok(Some(job)) => self.settle(job),
            Ok(None) => return Ok(()),
            Err(CallError::Timeout) => Ok(()),
            Err(error) => Err(error),
        };
        match done {
            Ok(()) => ctx.continue_with(WorkerContinue::CountOne),
            // The ledger or the shards have ended for good, and with them the run: another life could do no better.
            Err(CallError::NoProc) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Sees to it that the file is settled.
    fn settle(&mut self, job: Job) -> Result<(), CallError> {
        let (worker, ledger, ticket) = (self.number, self.tools.ledger.clone(), job.ticket);
        let counted = match job.counted {
            // The worker before this one was cut off while it handed its counts to the shards.
            Some(counted) => counted,
            None => match self.count(&job) {
                Ok(counted) => {
                    if !ledger.counted(worker, ticket, counted.clone()).blocking()? {
                        return Ok(()); // it was taken from this worker
                    }
                    counted
                }
                Err(reason) => return ledger.skip(worker, ticket, reason).blocking(),
            },
        };
        let parts = Parts { number: ticket.number, settled: job.settled, each: counted.parts };
        // Each begins with another shard, so that they do not queue for the same.
        let shards = &self.tools.shards;
        for at in (0..shards.len()).map(|at| (at + self.number) % shards.len()) {
            if !parts.each[at].is_empty() {
                merge(&shards[at], &parts)?;
            }
        }
        ledger.settle(worker, ticket).blocking()
    }

    fn count(&mut self, job: &Job) -> Result<Counted, Reason> {
        let nth = job.ticket.number + 1;
        let must_crash = job.ticket.attempt == 1 && crash::is_due(self.tools.crash_every, nth);
        let number = self.number;
        let midway = || {
            if must_crash {
                crash::now(format_args!("worker {number} crashes over file {nth}"));
            }
        };
        let bytes = self.counter.count(&job.file.path, &mut self.tally, midway);
        midway(); // of an empty file, and of one that is skipped, there is no middle
        let parts = self.tally.split(self.tools.shards.len()).into();
        Ok(Counted { bytes: bytes?, words: self.tally.total(), parts })
    }
}

/// Has a shard merge its part. One that crashes over it is sent it again: the call waits until the shard lives again.
fn merge(shard: &ShardRef, parts: &Parts) -> Result<(), CallError> {
    for _ in 1..ATTEMPTS {
        match shard.merge(parts.clone()).blocking() {
            Err(CallError::Died(_)) => {}
            done => return done,
        }
    }
    shard.merge(parts.clone()).blocking()
}
