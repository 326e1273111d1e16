//! The one timer that all waiting calls of a runtime share.
//!
//! A call that waits leaves its waker here, under the tick in which its time is up. Nobody takes it out when the
//! answer comes: an entry has a ticket, which knows whether its call still waits, and the stale ones are swept out when they
//! become many. So waiting costs a push, and being answered costs nothing.

use crate::{
    cell::{frame, shield::wake, slot::Ticket},
    node::Node,
    sync::lock,
};
use std::{
    collections::BTreeMap,
    ptr,
    sync::{Mutex, OnceLock},
    task::{Context, Waker},
    thread,
    time::Duration,
};
use tokio::{
    runtime::Builder,
    sync::Notify,
    time::{Instant, timeout_at},
};

/// Calls are told in steps of this: never early, at most this late.
const TICK: Duration = Duration::from_millis(8);

/// A limit that is longer than [`FAR`] is first filed under one of few ticks before its time, and looked at again then: so
/// there are never many buckets, however long calls may wait.
const COARSE: u64 = 1_024;

/// Longer than `COARSE` ticks.
const FAR: Duration = Duration::from_secs(10);

/// A bucket is made with room for this many, and swept before it grows beyond.
const SWEEP: usize = 32;

/// How many emptied buckets are kept.
const SPARE: usize = 64;

pub(crate) struct Limits {
    buckets: Mutex<Buckets>,
    earlier: Notify,
}

/// When somebody stops waiting.
#[derive(Clone, Copy)]
pub(crate) struct Until {
    pub(crate) deadline: Instant,
    /// How far away that was at first.
    pub(crate) limit: Duration,
}

/// Tells somebody who waits that the time is up.
pub(crate) struct Alarm {
    until: Option<Until>,
    /// Which waker the timer has, by its address; 0 before there is one. The timer owns a clone of it, so that no other waker can come
    /// to lie there.
    timed: usize,
}

impl Alarm {
    pub(crate) fn new(until: Option<Until>) -> Self {
        Self { until, timed: 0 }
    }

    /// Whether the time is up; if not, sees to it that `cx` is woken when it is. `ticket` tells whether anybody waits then.
    pub(crate) fn is_late(
        &mut self,
        node: &Node,
        ticket: impl FnOnce() -> Option<Ticket>,
        cx: &mut Context<'_>,
    ) -> bool {
        // An actor that this code activated may be the one that it waits for.
        frame::flush();
        let Some(Until { deadline, limit }) = self.until else { return false };
        // One that begins to wait has just looked at the clock.
        let now = (self.timed != 0).then(Instant::now);
        if now.is_some_and(|now| now >= deadline) {
            return true;
        }
        let waker = (cx.waker().data().addr() ^ ptr::from_ref(cx.waker().vtable()).addr()) | 1;
        if self.timed != waker
            && let Some(ticket) = ticket()
        {
            self.timed = waker;
            let limits = if node.is_current() { &node.limits } else { elsewhere() };
            let limit = now.map_or(limit, |now| deadline - now);
            limits.add(deadline, limit, ticket, cx.waker().clone());
        }
        false
    }
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
    entries: Vec<Entry>,
    /// The bucket is swept when it is as long as this.
    sweep_at: usize,
}

struct Entry {
    deadline: Instant,
    ticket: Ticket,
    waker: Waker,
}

impl Bucket {
    fn new() -> Self {
        Self { entries: Vec::with_capacity(SWEEP), sweep_at: SWEEP }
    }
}

/// The limits of calls that wait outside of their actor's runtime: on a plain thread, or in another runtime, which may have no
/// timers. They run on a thread of their own, which is started when it is first needed.
pub(crate) fn elsewhere() -> &'static Limits {
    static ELSEWHERE: OnceLock<Limits> = OnceLock::new();
    static STARTED: OnceLock<bool> = OnceLock::new();
    let limits = ELSEWHERE.get_or_init(Limits::new);
    let started = *STARTED.get_or_init(|| {
        let thread = thread::Builder::new().name("ghostlight-limits".into());
        let watch = move || match Builder::new_current_thread().enable_time().build() {
            Ok(runtime) => runtime.block_on(limits.watch()),
            Err(error) => tracing::error!(%error, "calls from outside of a runtime have no limit"),
        };
        thread.spawn(watch).is_ok()
    });
    if !started {
        tracing::error!("no thread for the limits of calls from outside of a runtime");
    }
    limits
}

impl Limits {
    pub(crate) fn new() -> Self {
        let buckets = Buckets {
            start: Instant::now(),
            by_tick: BTreeMap::new(),
            spare: Vec::new(),
            next: u64::MAX,
        };
        Self { buckets: Mutex::new(buckets), earlier: Notify::new() }
    }

    /// Wakes `waker` when `deadline`, which is `limit` from now, has passed, if the call is still waiting then.
    fn add(&self, deadline: Instant, limit: Duration, ticket: Ticket, waker: Waker) {
        let is_earlier = lock(&self.buckets).add(Entry { deadline, ticket, waker }, limit > FAR);
        if is_earlier {
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
            let late = lock(&self.buckets).expire(Instant::now());
            for entry in late {
                if entry.ticket.is_waiting() {
                    wake(entry.waker);
                }
            }
        }
    }
}

impl Buckets {
    /// Files an entry. Says whether it is due earlier than all others.
    fn add(&mut self, entry: Entry, is_far: bool) -> bool {
        let since = entry.deadline.saturating_duration_since(self.start);
        let mut tick =
            u64::try_from(since.as_millis() / TICK.as_millis()).unwrap_or(u64::MAX - 2) + 1;
        if is_far {
            tick -= tick % COARSE;
        }
        let bucket = self
            .by_tick
            .entry(tick)
            .or_insert_with(|| self.spare.pop().unwrap_or_else(Bucket::new));
        if bucket.entries.len() == bucket.sweep_at {
            bucket.entries.retain(|entry| entry.ticket.is_waiting());
            bucket.sweep_at = SWEEP.max(2 * bucket.entries.len());
        }
        bucket.entries.push(entry);
        let is_earlier = tick < self.next;
        if is_earlier {
            self.next = tick;
        }
        is_earlier
    }

    /// Takes out what is due.
    fn expire(&mut self, now: Instant) -> Vec<Entry> {
        let mut due = Vec::new();
        while let Some((&tick, _)) = self.by_tick.first_key_value()
            && self.at(tick).is_some_and(|time| time <= now)
            && let Some(mut bucket) = self.by_tick.remove(&tick)
        {
            due.append(&mut bucket.entries);
            bucket.sweep_at = SWEEP;
            if self.spare.len() < SPARE && bucket.entries.capacity() == SWEEP {
                self.spare.push(bucket);
            }
        }
        self.next = self.by_tick.first_key_value().map_or(u64::MAX, |(tick, _)| *tick);
        let (late, early) = due.into_iter().partition(|entry| entry.deadline <= now);
        let early: Vec<Entry> = early;
        for entry in early.into_iter().filter(|entry| entry.ticket.is_waiting()) {
            let is_far = entry.deadline - now > FAR;
            self.add(entry, is_far);
        }
        late
    }

    /// When a tick begins; `None` if that is never.
    fn at(&self, tick: u64) -> Option<Instant> {
        let ticks = u32::try_from(tick).ok()?;
        self.start.checked_add(TICK.checked_mul(ticks)?)
    }
}
