//! The one timer that all waiting calls of a runtime share.
//!
//! A call that waits leaves its waker here, under the tick in which its time is up. Nobody takes it out when the
//! answer comes: an entry is a ticket, which knows whether its call still waits, and the stale ones are swept out when they
//! become many. So waiting costs a push, and being answered costs nothing.

use crate::{cell::slot::Ticket, sync::lock};
use std::{collections::BTreeMap, sync::Mutex, task::Waker, time::Duration};
use tokio::{
    sync::Notify,
    time::{Instant, timeout_at},
};

/// Calls are told in steps of this: never early, at most this late.
const TICK: Duration = Duration::from_millis(8);

/// A bucket is made with room for this many, and swept before it grows beyond.
const SWEEP: usize = 32;

/// How many emptied buckets are kept.
const SPARE: usize = 64;

pub(crate) struct Limits {
    buckets: Mutex<Buckets>,
    earlier: Notify,
}

struct Buckets {
    /// The tick counts from here.
    start: Instant,
    by_tick: BTreeMap<u64, Bucket>,
    spare: Vec<Bucket>,
    /// The tick that the watch sleeps until.
    next: u64,
}

struct Bucket {
    entries: Vec<(Ticket, Waker)>,
    /// The bucket is swept when it is as long as this.
    sweep_at: usize,
}

impl Bucket {
    fn new() -> Self {
        Self { entries: Vec::with_capacity(SWEEP), sweep_at: SWEEP }
    }
}

impl Limits {
    pub(crate) fn new() -> Self {
        let start = Instant::now();
        let buckets =
            Buckets { start, by_tick: BTreeMap::new(), spare: Vec::new(), next: u64::MAX };
        Self { buckets: Mutex::new(buckets), earlier: Notify::new() }
    }

    /// Wakes `waker` when `deadline` has passed, if the call is still waiting then.
    pub(crate) fn add(&self, deadline: Instant, ticket: Ticket, waker: Waker) {
        let mut guard = lock(&self.buckets);
        let buckets = &mut *guard;
        let since = deadline.saturating_duration_since(buckets.start);
        let tick = u64::try_from(since.as_millis() / TICK.as_millis()).unwrap_or(u64::MAX - 2) + 1;
        let bucket = buckets
            .by_tick
            .entry(tick)
            .or_insert_with(|| buckets.spare.pop().unwrap_or_else(Bucket::new));
        if bucket.entries.len() == bucket.sweep_at {
            bucket.entries.retain(|(ticket, _)| ticket.is_waiting());
            bucket.sweep_at = SWEEP.max(2 * bucket.entries.len());
        }
        bucket.entries.push((ticket, waker));
        let earlier = tick < buckets.next;
        if earlier {
            buckets.next = tick;
        }
        drop(guard);
        if earlier {
            self.earlier.notify_one();
        }
    }

    /// Tells calls that their time is up, for ever.
    pub(crate) async fn watch(&self) {
        loop {
            let due = {
                let buckets = lock(&self.buckets);
                buckets.at(buckets.next)
            };
            match due {
                None => self.earlier.notified().await,
                Some(due) => {
                    let _either = timeout_at(due, self.earlier.notified()).await;
                }
            }
            self.expire(Instant::now());
        }
    }

    fn expire(&self, now: Instant) {
        let mut late = Vec::new();
        let mut guard = lock(&self.buckets);
        let buckets = &mut *guard;
        while let Some((&tick, _)) = buckets.by_tick.first_key_value()
            && buckets.at(tick).is_some_and(|due| due <= now)
            && let Some(mut bucket) = buckets.by_tick.remove(&tick)
        {
            late.append(&mut bucket.entries);
            bucket.sweep_at = SWEEP;
            if buckets.spare.len() < SPARE && bucket.entries.capacity() == SWEEP {
                buckets.spare.push(bucket);
            }
        }
        buckets.next = buckets.by_tick.first_key_value().map_or(u64::MAX, |(tick, _)| *tick);
        drop(guard);
        for (ticket, waker) in late {
            if ticket.is_waiting() {
                waker.wake();
            }
        }
    }
}

impl Buckets {
    /// When a tick begins; `None` if that is never.
    fn at(&self, tick: u64) -> Option<Instant> {
        let ticks = u32::try_from(tick).ok()?;
        self.start.checked_add(TICK.checked_mul(ticks)?)
    }
}
