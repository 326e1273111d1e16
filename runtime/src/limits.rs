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
const TICK: Duration = Duration::from_millis(TICK_MILLIS as u64);
const TICK_MILLIS: u32 = 8;
const TICKS_PER_SECOND: u64 = 1_000 / TICK_MILLIS as u64;

/// No bucket.
const NONE: (u64, usize) = (u64::MAX, 0);

/// A limit that is longer than [`FAR`] is first filed under one of few ticks before its time, and looked at again then: so
/// there are never many buckets, however long calls may wait.
const COARSE: u64 = 1_024;

/// Longer than `COARSE` ticks.
const FAR: Duration = Duration::from_secs(10);

/// A bucket is made with room for this many, and swept before it grows beyond.
const SWEEP: usize = 32;

/// How many emptied buckets keep their memory.
const SPARE: usize = 64;

pub(crate) struct Limits {
    buckets: Mutex<Buckets>,
    earlier: Notify,
}

/// When somebody stops waiting.
#[derive(Clone, Copy)]
pub(crate) struct Until {
    pub(crate) deadline: Instant,
    /// When that was decided.
    pub(crate) now: Instant,
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
        let Some(Until { deadline, now: began }) = self.until else { return false };
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
            let far = now.unwrap_or(began).checked_add(FAR);
            let is_far = far.is_some_and(|far| deadline > far);
            limits.add(Entry { deadline, ticket, waker: cx.waker().clone() }, is_far);
        }
        false
    }
}

struct Buckets {
    /// The tick counts from here.
    start: Instant,
    /// Where the buckets are.
    by_tick: BTreeMap<u64, usize>,
    all: Vec<Bucket>,
    spare: Vec<usize>,
    /// The tick, and the place, of the bucket that was found last: as a rule the next entry goes there, too.
    last: (u64, usize),
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

    fn add(&mut self, entry: Entry) {
        if self.entries.len() == self.sweep_at {
            self.entries.retain(|entry| entry.ticket.is_waiting());
            self.sweep_at = SWEEP.max(2 * self.entries.len());
        }
        self.entries.push(entry);
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
            all: Vec::new(),
            spare: Vec::new(),
            last: NONE,
            next: u64::MAX,
        };
        Self { buckets: Mutex::new(buckets), earlier: Notify::new() }
    }

    /// Wakes a call when its time has passed, if it is still waiting then. `is_far`: that is more than [`FAR`] from now.
    fn add(&self, entry: Entry, is_far: bool) {
        let is_earlier = lock(&self.buckets).add(entry, is_far);
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
        // Not by `as_millis`, which divides 128 bits.
        let ticks = u64::from(since.subsec_millis()) / u64::from(TICK_MILLIS);
        let whole = since.as_secs().saturating_mul(TICKS_PER_SECOND);
        let mut tick = whole.saturating_add(ticks).min(NONE.0 - 2) + 1;
        if is_far {
            tick -= tick % COARSE;
        }
        if tick != self.last.0 {
            self.last = (tick, self.place(tick));
        }
        self.all[self.last.1].add(entry);
        let is_earlier = tick < self.next;
        if is_earlier {
            self.next = tick;
        }
        is_earlier
    }

    /// Where the bucket of a tick is.
    fn place(&mut self, tick: u64) -> usize {
        *self.by_tick.entry(tick).or_insert_with(|| {
            self.spare.pop().unwrap_or_else(|| {
                self.all.push(Bucket::new());
                self.all.len() - 1
            })
        })
    }

    /// Takes out what is due.
    fn expire(&mut self, now: Instant) -> Vec<Entry> {
        let mut due = Vec::new();
        while let Some((&tick, _)) = self.by_tick.first_key_value()
            && self.at(tick).is_some_and(|time| time <= now)
            && let Some(place) = self.by_tick.remove(&tick)
        {
            let bucket = &mut self.all[place];
            due.append(&mut bucket.entries);
            bucket.sweep_at = SWEEP;
            if self.spare.len() >= SPARE || bucket.entries.capacity() > SWEEP {
                bucket.entries = Vec::new();
            }
            self.spare.push(place);
        }
        self.last = NONE;
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
