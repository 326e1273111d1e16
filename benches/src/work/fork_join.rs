//! Savina's `fork-join`: many actors are started, each with one thing to do, and all are waited for.

use super::{Measured, nanoseconds};
use crate::contender::Contender;
use std::time::Instant;
use tokio::sync::mpsc::unbounded_channel;

/// Nanoseconds per actor.
pub(super) async fn time<C: Contender>(n: u64) -> Measured {
    round::<C>(n.div_ceil(10)).await;

    let start = Instant::now();
    let seen = round::<C>(n).await;
    let figure = nanoseconds(start.elapsed(), n);
    Measured { figure, seen, expected: n * (n + 1) / 2 }
}

/// Starts `n` actors with the numbers up to `n`. Returns the sum of what they told.
async fn round<C: Contender>(n: u64) -> u64 {
    let (sender, mut finished) = unbounded_channel();
    for number in 1..=n {
        C::fork(number, sender.clone()).await;
    }
    let mut sum = 0;
    for _ in 0..n {
        sum += finished.recv().await.expect("all are heard of");
    }
    sum
}
