//! An actor is offered twice as much as it can do, by callers who wait for a while and then give up.

use super::{Measured, precise, room};
use crate::contender::{Chance, Contender};
use std::time::{Duration, Instant};
use tokio::time::sleep_until;

/// What a call takes on average, as far as a timer can be so precise.
const MEAN: Duration = Duration::from_millis(1);

/// How long a caller waits.
const LIMIT: Duration = Duration::from_millis(50);

/// What the work of the actor is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Service {
    /// All calls take equally long.
    Fixed,
    /// A few take much longer than the most.
    Exponential,
}

/// How many calls were answered in time, in percent of those that an actor could have handled which is never idle and never works for
/// a caller who has left.
pub(super) async fn in_time<C: Contender>(calls: u64, service: Service) -> Measured {
    let worker = C::worker().await;
    let mean = calibrate::<C>(&worker, calls.div_ceil(5), service).await;

    let mut due = tokio::time::Instant::now();
    let start = Instant::now();
    let mut callers = Vec::with_capacity(room(calls));
    for time in service.times(calls) {
        let worker = worker.clone();
        callers.push(tokio::spawn(async move { C::work(&worker, time, LIMIT).await }));
        due += mean / 2;
        sleep_until(due).await;
    }
    let (mut answered, mut refused) = (0, 0);
    for caller in callers {
        if caller.await.expect("it calls") {
            answered += 1;
        } else {
            refused += 1;
        }
    }
    let could = start.elapsed().as_secs_f64() / mean.as_secs_f64();
    Measured {
        figure: 100.0 * precise(answered) / could,
        seen: answered + refused,
        expected: calls,
    }
}

/// What a call really takes, one after the other.
async fn calibrate<C: Contender>(worker: &C::Worker, calls: u64, service: Service) -> Duration {
    let start = Instant::now();
    for time in service.times(calls) {
        C::work(worker, time, Duration::MAX).await;
    }
    start.elapsed() / u32::try_from(calls).expect("so many take too long")
}

impl Service {
    /// What so many calls take, in an order by chance. Their mean is exact, so that few calls are enough.
    fn times(self, calls: u64) -> Vec<Duration> {
        let mut times: Vec<_> = (0..calls)
            .map(|call| match self {
                Self::Fixed => MEAN,
                Self::Exponential => MEAN.mul_f64(-((precise(call) + 0.5) / precise(calls)).ln()),
            })
            .collect();
        let mut chance = Chance::new(0);
        for at in (1..times.len()).rev() {
            times.swap(at, chance.below(at + 1));
        }
        times
    }
}
