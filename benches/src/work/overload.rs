//! Calls with a limit, twice as many as their actor can do.

use super::{Measured, precise};
use crate::contender::Contender;
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// What a call takes, in the mean, as asked for. The timers of tokio make more of it: so it is measured first.
const WORK: Duration = Duration::from_millis(1);

/// How long a caller waits.
const LIMIT: Duration = Duration::from_millis(50);

/// How many calls are made one after the other to find out what one takes.
const ALONE: u32 = 50;

/// How long the handler of a call works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Times {
    Fixed,
    /// Now short and now long, as in many services.
    Exponential,
}

impl Times {
    fn of(self, call: u64) -> Duration {
        match self {
            Self::Fixed => WORK,
            Self::Exponential => {
                let mut random = (call + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
                random ^= random >> 32;
                random = random.wrapping_mul(0xD6E8_FEB8_6659_FD93) >> 32;
                let uniform = precise(random) / precise(1 << 32);
                WORK.mul_f64(-(1.0 - uniform).ln())
            }
        }
    }
}

/// Answers in time, in percent of what the actor could have done meanwhile.
pub(super) async fn answered<C: Contender>(calls: u64, times: Times) -> Measured {
    let worker = C::worker().await;
    let begun = Instant::now();
    for call in 0..ALONE {
        assert!(C::work(&worker, times.of(call.into()), Duration::MAX).await);
    }
    let each = begun.elapsed() / ALONE;

    let begun = Instant::now();
    let mut waiting = Vec::new();
    for call in 0..calls {
        while begun.elapsed() < each.mul_f64(precise(call) / 2.0) {
            sleep(WORK).await;
        }
        let (worker, time) = (worker.clone(), times.of(call));
        waiting.push(tokio::spawn(async move { C::work(&worker, time, LIMIT).await }));
    }
    let mut answered = 0;
    for call in waiting {
        answered += u64::from(call.await.expect("a caller does not panic"));
    }
    let could = begun.elapsed().as_secs_f64() / each.as_secs_f64();
    Measured { figure: 100.0 * precise(answered) / could, seen: calls, expected: calls }
}
