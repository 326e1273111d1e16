//! What an actor takes to start and to stop, and what it takes up.

use super::{Measured, nanoseconds, per_operation, room};
use crate::{allocator, contender::Contender};
use std::time::{Duration, Instant};

/// By then everything that was spawned has been polled and is parked.
const SETTLED: Duration = Duration::from_millis(100);

/// What an actor whose memory is measured has been through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Life {
    Spawned,
    Called,
    Cast,
}

/// Nanoseconds to start an actor and have its first reply.
pub(super) async fn time_to_spawn<C: Contender>(n: u64) -> Measured {
    let mut actors = Vec::with_capacity(room(n + n.div_ceil(10)));
    let mut seen = 0;
    for _ in 0..n.div_ceil(10) {
        let actor = C::counter().await;
        C::increment(&actor).await;
        actors.push(actor);
    }

    let start = Instant::now();
    for _ in 0..n {
        let actor = C::counter().await;
        seen += C::increment(&actor).await;
        actors.push(actor);
    }
    let figure = nanoseconds(start.elapsed(), n);
    Measured { figure, seen, expected: n }
}

/// Nanoseconds to start an actor, end it and know that it has ended.
pub(super) async fn time_to_spawn_and_stop<C: Contender>(n: u64) -> Measured {
    for _ in 0..n.div_ceil(10) {
        C::spawn_and_stop().await;
    }

    let start = Instant::now();
    for _ in 0..n {
        C::spawn_and_stop().await;
    }
    let figure = nanoseconds(start.elapsed(), n);
    Measured { figure, seen: n, expected: n }
}

/// Bytes that an idle actor takes up, its handle in a vector included: as asked for, without what the allocator adds.
pub(super) async fn bytes<C: Contender>(n: u64, been: Life) -> Measured {
    first::<C>().await;
    tokio::time::sleep(SETTLED).await;

    let before = allocator::count().live;
    let mut actors = Vec::with_capacity(room(n));
    for _ in 0..n {
        actors.push(C::counter().await);
    }
    for actor in &actors {
        match been {
            Life::Spawned => {}
            Life::Called => _ = C::increment(actor).await,
            Life::Cast => C::add(actor, 1).await,
        }
    }
    tokio::time::sleep(SETTLED).await;
    let taken = allocator::count().live - before;

    let seen = count::<C>(&actors).await;
    let expected = if been == Life::Spawned { n } else { 2 * n };
    Measured { figure: per_operation(taken, n), seen, expected }
}

/// Allocations to start an actor.
pub(super) async fn allocations<C: Contender>(n: u64) -> Measured {
    first::<C>().await;
    let mut actors = Vec::with_capacity(room(n));

    let before = allocator::count().allocations;
    for _ in 0..n {
        actors.push(C::counter().await);
    }
    let allocations = allocator::count().allocations - before;
    let seen = count::<C>(&actors).await;
    Measured { figure: per_operation(allocations, n), seen, expected: n }
}

/// Whatever a contender does once only has been done after this.
async fn first<C: Contender>() {
    let actor = C::counter().await;
    C::add(&actor, 1).await;
    C::increment(&actor).await;
}

async fn count<C: Contender>(actors: &[C::Counter]) -> u64 {
    let mut seen = 0;
    for actor in actors {
        seen += C::increment(actor).await;
    }
    seen
}
