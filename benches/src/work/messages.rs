//! Casts and calls to one actor.

use super::Measured;
use crate::{allocator, contender::Contender};
use std::time::Instant;

/// A way to send messages to a counter, one after the other.
pub(super) trait Kind<C: Contender> {
    type Counter: Send + Sync;

    fn counter() -> impl Future<Output = Self::Counter> + Send;

    /// Adds `n` in steps of 1, and returns the count.
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

/// Nanoseconds per message.
pub(super) async fn time<C: Contender, K: Kind<C>>(n: u64) -> Measured {
    let counter = K::counter().await;
    let warm_up = n.div_ceil(10);
    K::send(&counter, warm_up).await;

    let start = Instant::now();
    let seen = K::send(&counter, n).await;
    let figure = Measured::time(start.elapsed(), n);
    Measured { figure, seen, expected: warm_up + n }
}

/// Allocations per message, once all buffers have grown.
pub(super) async fn allocations<C: Contender, K: Kind<C>>(n: u64) -> Measured {
    let counter = K::counter().await;
    K::send(&counter, n).await;

    let before = allocator::count().allocations;
    let seen = K::send(&counter, n).await;
    let allocations = allocator::count().allocations - before;
    Measured { figure: Measured::per_operation(allocations, n), seen, expected: 2 * n }
}
