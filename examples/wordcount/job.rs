//! The job as a whole: the tree is started, the job is done or interrupted, the tree is stopped.

use crate::{
    account::{Account, Crashes, Totals},
    screen,
    tree::{WordCount, WordCountRef},
};
use ghostlight::CallError;
use std::{
    error::Error,
    fmt,
    num::NonZero,
    path::PathBuf,
    time::{Duration, Instant},
};
use tokio::signal;

/// How many children of one supervisor the printed tree shows.
const SHOWN: usize = 8;

/// What there is to do, and how.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) roots: Vec<PathBuf>,
    pub(crate) workers: usize,
    pub(crate) shows_progress: bool,
    /// A worker crashes over every so-manieth file, once.
    pub(crate) crash_every: Option<NonZero<u64>>,
    /// A shard crashes in every so-manieth part that it merges.
    pub(crate) crash_shards: Option<NonZero<u64>>,
}

/// How a job ended.
#[derive(Debug)]
pub(crate) enum End {
    Done(Totals),
    /// By Ctrl-C: so much had been done.
    Interrupted(Account, Crashes, Duration),
}

/// Counts the words of all files under the roots.
pub(crate) async fn run(plan: Plan) -> Result<End, Box<dyn Error>> {
    let began = Instant::now();
    let tree = WordCount { plan: plan.clone() }.start().await?;
    show(&tree, &plan).await?;
    let ended = tree.monitor();
    let (ledger, reader) = (tree.ledger(), tree.reader());
    let account = tokio::select! {
        account = ledger.finished() => account?,
        Err(crash) = reader.finished() => return Err(crash.into()),
        down = ended => return Err(GaveUp(down.reason.to_string()).into()),
        Ok(()) = signal::ctrl_c() => {
            let account = ledger.so_far().await?;
            let crashes = crashes(&tree).await?;
            stop(&tree).await?;
            return Ok(End::Interrupted(account, crashes, began.elapsed()));
        }
    };
    let mut tallies = Vec::new();
    for shard in tree.all_shards(&plan) {
        tallies.push(shard.take().await?);
    }
    let time = began.elapsed();
    let crashes = crashes(&tree).await?;
    if plan.shows_progress {
        tree.reporter().close().await??;
    }
    show(&tree, &plan).await?;
    stop(&tree).await?;
    Ok(End::Done(Totals { account, crashes, tallies, time }))
}

/// Prints the tree as it is.
async fn show(tree: &WordCountRef, plan: &Plan) -> Result<(), CallError> {
    if plan.shows_progress {
        screen::say(&tree.tree().await?.at_most(SHOWN).to_string());
    }
    Ok(())
}

/// Ends all actors, the last one first. A second Ctrl-C does not wait for them.
async fn stop(tree: &WordCountRef) -> Result<(), Box<dyn Error>> {
    tokio::select! {
        stopped = tree.stop() => Ok(stopped?),
        Ok(()) = signal::ctrl_c() => Err(GaveUp("interrupted twice".to_owned()).into()),
    }
}

/// What has crashed and been restarted so far.
async fn crashes(tree: &WordCountRef) -> Result<Crashes, CallError> {
    let (shards, pool) =
        (tree.shards().count_children().await?, tree.pool().count_children().await?);
    Ok(Crashes::of([shards, pool]))
}

/// The tree ended before the job was done.
#[derive(Debug)]
struct GaveUp(String);

impl fmt::Display for GaveUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the actors gave up, and what they had not counted is lost: {}", self.0)
    }
}

impl Error for GaveUp {}
