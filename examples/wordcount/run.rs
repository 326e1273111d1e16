//! A run from its start to its end, whichever it is.

use crate::{
    account::{End, Totals},
    console,
    crash::Toll,
    interrupt::Interrupted,
    table::Table,
    tree::{Count, CountRef},
};
use ghostlight::{Monitor, prelude::*};
use std::{error::Error, future, io, time::Instant};

/// How many children of one supervisor the printed tree shows.
const SHOWN: usize = 8;

/// Counts the words of all files under the roots. It ends when all are settled, when the user says so, or when somebody has ended who
/// must not; what was done until then it says in any case.
pub(crate) async fn run(
    count: Count,
    mut interrupted: Interrupted,
) -> Result<Totals, Box<dyn Error>> {
    let began = Instant::now();
    let shown = count.shown;
    let tree = count.start().await?;
    let (keeper, ledger) = (tree.keeper(), tree.ledger());
    let (keeper_end, shards_end) = (keeper.monitor(), tree.shards().monitor());
    let (ledger_end, reader_end) = (ledger.monitor(), tree.reader().monitor());
    // It asks at once, so that it gets the account even of a ledger that ends soon.
    let mut finished = tokio::spawn(ledger.finished().owned().into_future());
    if shown {
        drop(tree.foreman().has_filled().await);
        show(&tree).await?;
    }
    let mut account = None;
    let mut end = tokio::select! {
        biased;
        done = &mut finished => {
            account = Some(done??);
            End::Settled
        }
        () = interrupted.heard() => End::Interrupted,
        down = keeper_end => End::failed("the keeper has ended", why(down.reason)),
        down = shards_end => End::failed("the shards have ended", why(down.reason)),
        reason = crash(reader_end) => End::failed("the reader has ended", reason),
    };
    if ledger.close().await.is_err() {
        end = End::failed("the ledger has ended", why(ledger_end.await.reason));
    }
    // From here on everybody may be gone already, if the tree gave up.
    drop(tree.reporter().finish().await);
    let toll = toll(&tree).await;
    if shown {
        show(&tree).await?;
    }
    // Workers settle the files that they are at; then the ledger hands its account in, and then the tables go home.
    for child in ["reporter", "foreman", "pool", "reader", "ledger", "shards"] {
        drop(tree.terminate_child(child).await);
    }
    let account = match account {
        Some(account) => account,
        None => finished.await??,
    };
    let tables = keeper.give_up().await.unwrap_or_default();
    let tallies = tables.into_iter().map(Table::into_tally).collect();
    drop(tree.stop().await);
    Ok(Totals { account, tallies, end, toll, time: began.elapsed() })
}

/// Prints the tree as it is now. One that has given up is not there any more.
async fn show(tree: &CountRef) -> io::Result<()> {
    match tree.tree().await {
        Ok(tree) => console::print(tree.at_most(SHOWN)),
        Err(_) => Ok(()),
    }
}

/// Why one ended who must not. That it ended in order, or had done so before anybody looked, is its supervisor's doing.
fn why(reason: ExitReason) -> String {
    match reason {
        ExitReason::Shutdown | ExitReason::NoProc => "too many crashes".to_owned(),
        crash => crash.to_string(),
    }
}

/// Waits for a crash. That an actor ends in order is no news: then the tree gives up, and the ledger is next.
async fn crash(end: Monitor) -> ExitReason {
    let reason = end.await.reason;
    if reason.is_orderly() { future::pending().await } else { reason }
}

/// `None` if the tree has given up, and nobody is left to ask.
async fn toll(tree: &CountRef) -> Option<Toll> {
    let own = tree.count_children().await.ok()?;
    // The shards may have given up.
    let shards = tree.shards().count_children().await.ok();
    let pool = tree.pool().count_children().await.ok();
    Some([Some(own), shards, pool].into_iter().flatten().collect())
}
