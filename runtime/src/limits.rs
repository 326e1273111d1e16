//! The one timer that all waiting calls of a runtime share.
//!
//! A call that waits leaves its waker here, under the tick in which its time is up, and nobody takes it out when the answer comes. The next
//! call that waits in the same slot, for the same waker, and not for less long, finds it there still and leaves nothing: it is woken too early,
//! and looks again. So a task that calls and calls again leaves one waker here in all the time that one of its calls may wait, and takes no lock for
//! the others.

use crate::{
    cell::{frame, shield::wake, slot::Slot},
    node::Node,
    sync::lock,
};
use std::{
    collections::BTreeMap,
    ptr,
    sync::{
        Mutex, OnceLock,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    task::{Context, Waker},
    thread,
    time::Duration,
};
use tokio::{
    runtime::Builder,
    sync::Notify,
    time::{Instant, timeout_at},
};

/// Calls are told in steps of this: never early; and at most 10 ms late, with what `clock` adds.
const TICK: Duration = Duration::from_millis(TICK_MILLIS as u64);
const TICK_MILLIS: u32 = 8;
const TICKS_PER_SECOND: u64 = 1_000 / TICK_MILLIS as u64;

/// No bucket.
const NONE: (u64, usize) = (u64::MAX, 0);

/// A limit that is longer than [`FAR`] is first filed under one of few ticks before its time: whoever waits is woken, and files it again. So
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
    /// How long that was when it was decided.
    pub(crate) limit: Duration,
}

/// Tells somebody who waits that the time is up.
pub(crate) struct Alarm {
    until: Option<Until>,
    /// The entry of the timer that it relies on, by its number; 0 before it waits.
    entry: u64,
}

impl Alarm {
    pub(crate) fn new(until: Option<Until>) -> Self {
        Self { until, entry: 0 }
    }

    /// Whether the time is up; if not, sees to it that `cx` is woken when it is. The caller waits in `slot`.
    pub(crate) fn is_late(
        &mut self,
        node: &Node,
        slot: Option<&'static Slot>,
        cx: &mut Context<'_>,
    ) -> bool {
        // An actor that this code activated may be the one that it waits for.
        frame::flush();
        let Some(Until { deadline, mut limit }) = self.until else { return false };
        // One that begins to wait has just looked at the clock.
        if self.entry != 0 {
            limit = deadline.saturating_duration_since(Instant::now());
            if limit.is_zero() {
                return true;
            }
        }
        let Some(slot) = slot else { return false };
        let armed = slot.armed();
        match armed.entry_for(cx.waker()) {
            Some((entry, _)) if entry == self.entry => {}
            Some((entry, least)) if self.entry == 0 && nanos(limit) >= least => self.entry = entry,
            _ => {
                let limits = if node.is_current() { &node.limits } else { elsewhere() };
                self.entry = armed.arm(cx.waker(), limit);
                let entry = Entry { slot, number: self.entry, waker: Some(cx.waker().clone()) };
                limits.add(entry, deadline, limit > FAR);
            }
        }
        false
    }
}

/// Which entry of the timer wakes the one who waits in a slot. Written by the one who waits there; and by the timer, once.
#[derive(Default)]
pub(crate) struct Armed {
    /// The number of the entry, if it is odd; even once the timer is done with it.
    entry: AtomicU64,
    /// Which waker the entry has, by its address: it owns a clone of it, so that no other waker can come to lie there.
    waker: AtomicUsize,
    /// It wakes no later than after so many nanoseconds: who waits for less cannot rely on it.
    limit: AtomicU64,
}

impl Armed {
    /// The entry, if it is there and has this waker, and its limit.
    fn entry_for(&self, waker: &Waker) -> Option<(u64, u64)> {
        let entry = self.entry.load(Ordering::Acquire);
        let is_for = entry % 2 == 1 && self.waker.load(Ordering::Relaxed) == address(waker);
        is_for.then(|| (entry, self.limit.load(Ordering::Relaxed)))
    }

    /// From now on another entry counts, whose number this is.
    fn arm(&self, waker: &Waker, limit: Duration) -> u64 {
        let entry = (self.entry.load(Ordering::Relaxed) + 1) | 1;
        self.waker.store(address(waker), Ordering::Relaxed);
        self.limit.store(nanos(limit), Ordering::Relaxed);
        self.entry.store(entry, Ordering::Release);
        entry
    }

    /// The timer is done with an entry. Says whether somebody may rely on it still.
    fn disarm(&self, entry: u64) -> bool {
        let (ok, err) = (Ordering::AcqRel, Ordering::Relaxed);
        self.entry.compare_exchange(entry, entry + 1, ok, err).is_ok()
    }
}

fn address(waker: &Waker) -> usize {
    waker.data().addr() ^ ptr::from_ref(waker.vtable()).addr()
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
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
    /// Nobody watches any more.
    is_over: bool,
}

struct Bucket {
    entries: Vec<Entry>,
    /// The bucket is swept when it is as long as this.
    sweep_at: usize,
}

struct Entry {
    slot: &'static Slot,
    number: u64,
    /// `None` once it has been taken to be woken.
    waker: Option<Waker>,
}

impl Entry {
    fn counts(&self) -> bool {
        self.slot.armed().entry.load(Ordering::Relaxed) == self.number
    }

    /// Wakes whoever relies on it. They may wait for something else by now.
    fn fire(mut self) {
        if self.slot.armed().disarm(self.number)
            && let Some(waker) = self.waker.take()
        {
            wake(waker);
        }
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.slot.armed().disarm(self.number);
    }
}

impl Bucket {
    fn new() -> Self {
        Self { entries: Vec::with_capacity(SWEEP), sweep_at: SWEEP }
    }

    /// Gives those that do not count any more, to be dropped elsewhere.
    fn add(&mut self, entry: Entry) -> Vec<Entry> {
        let mut swept = Vec::new();
        if self.entries.len() == self.sweep_at {
            swept.extend(self.entries.extract_if(.., |entry| !entry.counts()));
            self.sweep_at = SWEEP.max(2 * self.entries.len());
        }
        self.entries.push(entry);
        swept
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
            is_over: false,
        };
        Self { buckets: Mutex::new(buckets), earlier: Notify::new() }
    }

    /// Fires an entry at a time; earlier if that is far.
    fn add(&self, entry: Entry, time: Instant, is_far: bool) {
        let (is_earlier, swept) = lock(&self.buckets).add(entry, time, is_far);
        if is_earlier {
            self.earlier.notify_one();
        }
        drop(swept); // not under the lock
    }

    /// The runtime has ended: nobody relies on what is here any more.
    pub(crate) fn end(&self) {
        let mut buckets = lock(&self.buckets);
        buckets.is_over = true;
        let entries: Vec<_> =
            buckets.all.iter_mut().flat_map(|bucket| bucket.entries.drain(..)).collect();
        drop(buckets);
        drop(entries); // not under the lock
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
            let due = lock(&self.buckets).expire(Instant::now());
            due.into_iter().for_each(Entry::fire);
        }
    }
}

impl Buckets {
    /// Files an entry. Says whether it is due earlier than all others, and what was swept out.
    fn add(&mut self, entry: Entry, time: Instant, is_far: bool) -> (bool, Vec<Entry>) {
        if self.is_over {
            return (false, vec![entry]);
        }
        let since = time.saturating_duration_since(self.start);
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
        let swept = self.all[self.last.1].add(entry);
        let is_earlier = tick < self.next;
        if is_earlier {
            self.next = tick;
        }
        (is_earlier, swept)
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
        due
    }

    /// When a tick begins; `None` if that is never.
    fn at(&self, tick: u64) -> Option<Instant> {
        let ticks = u32::try_from(tick).ok()?;
        self.start.checked_add(TICK.checked_mul(ticks)?)
    }
}
