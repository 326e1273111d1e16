//! The job as a whole: who is started, in which order, and how it ends.
//!
//! Each depends on those before it only: shards, ledger, reader, workers, reporter.

use crate::{
    account::Totals,
    ledger::{Ledger, LedgerRef},
    reader::Reader,
    reporter::Reporter,
    shard::Shard,
    worker::{Place, Worker},
};
use std::{error::Error, num::NonZero, path::PathBuf, time::Instant};
use tokio::task::JoinSet;

/// What there is to do, and how.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) roots: Vec<PathBuf>,
    pub(crate) workers: usize,
    pub(crate) shows_progress: bool,
    /// The worker crashes over every so-manieth file, once.
    pub(crate) crash_every: Option<NonZero<u64>>,
}

/// Counts the words of all files under the roots.
pub(crate) async fn run(plan: Plan) -> Result<Totals, Box<dyn Error>> {
    let Plan { roots, workers, shows_progress, crash_every } = plan;
    let began = Instant::now();
    // The shards run beside the workers: as many, and each merges what one worker counts.
    let mut shards = Vec::new();
    for _ in 0..workers {
        shards.push(Shard::start().await?);
    }
    let ledger = Ledger::start(shards.clone()).await?;
    let reader = Reader::start(roots, ledger.clone()).await?;
    let reporter = if shows_progress { Some(Reporter::start(ledger.clone()).await?) } else { None };
    let place = |number| Place { number, shards: workers, crash_every };
    let pool = tokio::spawn(keep_pool((0..workers).map(place).collect(), ledger.clone()));

    let account = tokio::select! {
        account = ledger.finished() => account?,
        Err(crash) = reader.finished() => return Err(crash.into()),
    };
    pool.await?;
    if let Some(reporter) = reporter {
        reporter.close().await??;
    }
    let mut tallies = Vec::new();
    for shard in shards {
        tallies.push(shard.take().await?);
    }
    Ok(Totals { account, tallies, time: began.elapsed() })
}

/// Keeps every place in the pool filled until there is nothing left to count.
async fn keep_pool(places: Vec<Place>, ledger: LedgerRef) {
    let mut kept = JoinSet::new();
    for place in places {
        kept.spawn(keep_worker(place, ledger.clone()));
    }
    while kept.join_next().await.is_some() {}
    // If there is something left, nobody is left to count it. That the ledger has ended is no news to who waits for it.
    drop(ledger.give_up().await);
}

/// Starts a worker, and another one when it has crashed: what a supervisor will do.
async fn keep_worker(place: Place, ledger: LedgerRef) {
    while ledger.is_alive() {
        let Ok(worker) = Worker::start(place, ledger.clone()).await else {
            break;
        };
        if worker.finished().await.is_ok() {
            return;
        }
    }
    drop(ledger.worker_gone(place.number).await);
}
