//! Casts and calls to one actor.

use super::{Measured, nanoseconds, per_operation, room};
use crate::{
    allocator,
    contender::{Bulk, Contender},
};
use std::time::Instant;

/// How many tasks cast at once where several do.
const PRODUCERS: u64 = 4;

/// How many casts come before a call.
const BURST: u64 = 100;

/// A way to send messages to a counter.
pub(super) trait Kind<C: Contender> {
    type Counter: Send + Sync;

    fn counter() -> impl Future<Output = Self::Counter> + Send;

    /// Adds `n` in steps of 1, and returns the count when all have been handled.
    fn send(counter: &Self::Counter, n: u64) -> impl Future<Output = u64> + Send;
}

/// Casts; one call at the end, so that all have been handled.
pub(super) enum Cast {}

impl<C: Contender> Kind<C> for Cast {
    type Counter = C::Counter;

    async fn counter() -> C::Counter {
        C::counter().await
    }

    async fn send(counter: &C::Counter, n: u64) -> u64 {
        for _ in 1..n {
            C::add(counter, 1).await;
        }
        C::increment(counter).await
    }
}

/// The same, by several tasks at once.
pub(super) enum CastFour {}

impl<C: Contender> Kind<C> for CastFour {
    type Counter = C::Counter;

    async fn counter() -> C::Counter {
        C::counter().await
    }

    async fn send(counter: &C::Counter, n: u64) -> u64 {
        let casts = n - 1;
        let producers = (0..PRODUCERS).map(|producer| {
            let share = casts / PRODUCERS + u64::from(producer < casts % PRODUCERS);
            let counter = counter.clone();
            tokio::spawn(async move {
                for _ in 0..share {
                    C::add(&counter, 1).await;
                }
            })
        });
        for producer in producers.collect::<Vec<_>>() {
            producer.await.expect("it casts");
        }
        C::increment(counter).await
    }
}

/// Some casts, then a call that waits for them; again and again.
pub(super) enum Burst {}

impl<C: Contender> Kind<C> for Burst {
    type Counter = C::Counter;

    async fn counter() -> C::Counter {
        C::counter().await
    }

    async fn send(counter: &C::Counter, n: u64) -> u64 {
        let mut count = 0;
        let mut left = n;
        while left > 0 {
            let burst = left.min(BURST + 1);
            count = <Cast as Kind<C>>::send(counter, burst).await;
            left -= burst;
        }
        count
    }
}

/// Calls, each to an actor that has nothing to do.
pub(super) enum Call {}

impl<C: Contender> Kind<C> for Call {
    type Counter = C::Counter;

    async fn counter() -> C::Counter {
        C::counter().await
    }

    async fn send(counter: &C::Counter, n: u64) -> u64 {
        let mut count = 0;
        for _ in 0..n {
            count = C::increment(counter).await;
        }
        count
    }
}

/// Calls that go by way of the mailbox.
pub(super) enum QueuedCall {}

impl<C: Contender> Kind<C> for QueuedCall {
    type Counter = C::Queued;

    async fn counter() -> C::Queued {
        C::queued().await
    }

    async fn send(counter: &C::Queued, n: u64) -> u64 {
        let mut count = 0;
        for _ in 0..n {
            count = C::increment_queued(counter).await;
        }
        count
    }
}

/// The same from a handler of another actor.
pub(super) enum CallWithin {}

impl<C: Contender> Kind<C> for CallWithin {
    type Counter = C::Driver;

    async fn counter() -> C::Driver {
        C::driver(C::queued().await).await
    }

    async fn send(driver: &C::Driver, n: u64) -> u64 {
        C::drive(driver, n).await
    }
}

/// Casts of large messages; one call at the end.
pub(super) enum BulkCast {}

impl<C: Contender> Kind<C> for BulkCast {
    type Counter = C::Store;

    async fn counter() -> C::Store {
        C::store().await
    }

    async fn send(store: &C::Store, n: u64) -> u64 {
        for _ in 1..n {
            C::put(store, BULK).await;
        }
        C::exchange(store, BULK).await
    }
}

/// Calls with large messages.
pub(super) enum BulkCall {}

impl<C: Contender> Kind<C> for BulkCall {
    type Counter = C::Store;

    async fn counter() -> C::Store {
        C::store().await
    }

    async fn send(store: &C::Store, n: u64) -> u64 {
        let mut count = 0;
        for _ in 0..n {
            count = C::exchange(store, BULK).await;
        }
        count
    }
}

const BULK: Bulk = [1; 128];

/// Nanoseconds per message.
pub(super) async fn time<C: Contender, K: Kind<C>>(n: u64) -> Measured {
    let counter = K::counter().await;
    let warm_up = n.div_ceil(10);
    K::send(&counter, warm_up).await;

    let start = Instant::now();
    let seen = K::send(&counter, n).await;
    let figure = nanoseconds(start.elapsed(), n);
    Measured { figure, seen, expected: warm_up + n }
}

/// Nanoseconds that so many percent of the calls to an idle actor take at most; two looks at the clock included.
pub(super) async fn percentile<C: Contender>(n: u64, percent: usize) -> Measured {
    let counter = C::counter().await;
    let warm_up = n.div_ceil(10);
    <Call as Kind<C>>::send(&counter, warm_up).await;

    let mut seen = 0;
    let mut times = Vec::with_capacity(room(n));
    for _ in 0..n {
        let start = Instant::now();
        seen = C::increment(&counter).await;
        times.push(start.elapsed());
    }
    times.sort_unstable();
    let figure = nanoseconds(times[(times.len() - 1) * percent / 100], 1);
    Measured { figure, seen, expected: warm_up + n }
}

/// Allocations per message, once all buffers have grown.
pub(super) async fn allocations<C: Contender, K: Kind<C>>(n: u64) -> Measured {
    let counter = K::counter().await;
    K::send(&counter, n).await;

    let before = allocator::count().allocations;
    let seen = K::send(&counter, n).await;
    let allocations = allocator::count().allocations - before;
    Measured { figure: per_operation(allocations, n), seen, expected: 2 * n }
}
