//! Many tasks that call at once.

use super::{Measured, nanoseconds};
use crate::contender::Contender;
use std::time::Instant;

const CALLERS: u64 = 64;

/// Whom they call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Actors {
    /// All the same.
    One,
    /// Each another one.
    OneEach,
}

/// Nanoseconds per call, of all callers together.
pub(super) async fn time<C: Contender>(calls: u64, actors: Actors) -> Measured {
    let each = calls.div_ceil(CALLERS);
    let mut counters = vec![C::counter().await];
    for _ in 1..CALLERS {
        let counter = match actors {
            Actors::One => counters[0].clone(),
            Actors::OneEach => C::counter().await,
        };
        counters.push(counter);
    }
    let warm_up = each.div_ceil(10);
    round::<C>(&counters, warm_up).await;

    let start = Instant::now();
    let counts = round::<C>(&counters, each).await;
    let figure = nanoseconds(start.elapsed(), each * CALLERS);
    let seen = match actors {
        Actors::One => counts.into_iter().max().unwrap_or(0),
        Actors::OneEach => counts.into_iter().sum(),
    };
    Measured { figure, seen, expected: (warm_up + each) * CALLERS }
}

/// Calls each of them so often. Returns the last count that each caller got.
async fn round<C: Contender>(counters: &[C::Counter], each: u64) -> Vec<u64> {
    let callers = counters.iter().cloned().map(|counter| {
        tokio::spawn(async move {
            let mut count = 0;
            for _ in 0..each {
                count = C::increment(&counter).await;
            }
            count
        })
    });
    let mut counts = Vec::new();
    for caller in callers.collect::<Vec<_>>() {
        counts.push(caller.await.expect("it calls"));
    }
    counts
}
