//! Who waits for whom: so that a ring of actors which wait for each other is an error, not a hang.
//!
//! An actor whose handler waits for a reply, or for room in a mailbox, has an *edge* to the one it waits for. The edge is the slot in which
//! the reply is to come: it ends when the reply is there, when the caller goes, or when the handler of the call has returned without one.
//! So only its beginning costs anything: two words in the slot, and one that leads from the waiting actor to it.
//!
//! Whoever adds an edge first publishes it and then follows the edges from its other end. Of all who close a ring together, the last to
//! publish sees the whole ring. What it finds it looks at a second time: a ring that has not changed in between is one at that moment.

use super::{
    Header, frame,
    slot::{self, Slot},
};
use crate::{
    pid::Pid,
    sync::{AtomicPtr, AtomicU64, Mutex, Ordering, fence, lock},
};
use std::{collections::HashSet, ptr};

/// More changes than this while somebody looks: it is no ring, for those in a ring do nothing.
const LOOKS: usize = 64;

/// The edges of one actor. Lives as long as the process, and serves one actor after the other.
pub(crate) struct Waiter {
    /// The life that waits.
    pid: AtomicU64,
    /// The slot that it waits for, or waited for last.
    first: AtomicPtr<Slot>,
    /// How many further slots there are in `more`.
    others: AtomicU64,
    /// A handler may wait for several replies at once.
    more: Mutex<Vec<&'static Slot>>,
}

impl Waiter {
    fn new() -> Self {
        Self {
            pid: AtomicU64::new(0),
            first: AtomicPtr::new(ptr::null_mut()),
            others: AtomicU64::new(0),
            more: Mutex::new(Vec::new()),
        }
    }

    /// Adds an edge, which is there for all to see.
    fn add(&self, me: u32, slot: &'static Slot) {
        // A slot is often used again for the next wait, and then it is known already.
        let is_free = |first: &Slot| ptr::eq(first, slot) || first.edge_of(me).is_none();
        if self.first().is_none_or(is_free) {
            self.first.store(ptr::from_ref(slot).cast_mut(), Ordering::Release);
        } else {
            let mut more = lock(&self.more);
            if more.len() == more.capacity() {
                let mut known = HashSet::new();
                more.retain(|slot| {
                    slot.edge_of(me).is_some() && known.insert(ptr::from_ref(*slot))
                });
            }
            more.push(slot);
            self.others.store(more.len() as u64, Ordering::Release);
        }
        fence(Ordering::SeqCst);
    }

    #[allow(unsafe_code, reason = "slots live for ever")]
    fn first(&self) -> Option<&'static Slot> {
        // SAFETY: null, or a slot, which is never given back to the allocator and only ever accessed through `&Slot`.
        unsafe { self.first.load(Ordering::Acquire).as_ref() }
    }

    /// Calls `f` with each of the edges.
    fn each(&self, me: u32, mut f: impl FnMut(&'static Slot, Edge)) {
        let mut see = |slot: &'static Slot| {
            if let Some(edge) = slot.edge_of(me) {
                f(slot, edge);
            }
        };
        if let Some(slot) = self.first() {
            see(slot);
        }
        if self.others.load(Ordering::Acquire) > 0 {
            lock(&self.more).iter().copied().for_each(see);
        }
    }

    /// Whoever has it next begins with nothing.
    fn clear(&self) {
        if self.others.load(Ordering::Relaxed) > 0 {
            *lock(&self.more) = Vec::new();
            self.others.store(0, Ordering::Release);
        }
    }

    /// Whether it waits for nothing.
    fn is_free(&self, me: u32) -> bool {
        let mut is_free = true;
        self.each(me, |_, _| is_free = false);
        is_free
    }
}

/// Where an edge leads, and in which use of its slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Edge {
    pub(super) target: u32,
    pub(super) generation: u32,
}

/// The actor that runs on this thread is going to wait for `target`, in `slot`.
///
/// # Errors
/// It would wait for itself: the lives that wait for each other, first and last the same.
pub(crate) fn begin(slot: &'static Slot, target: &Header) -> Result<(), Vec<Pid>> {
    let stack = frame::stack();
    let Some(last) = stack.clone().last() else { return Ok(()) };
    let target = number(target);
    let Some(me) = publish(slot, last, target) else { return Ok(()) };
    if stack.len() == 1 && me != target && table::get(target).is_free(target) {
        return Ok(());
    }
    let waiting: Vec<u32> = stack.filter_map(|place| frame::with_actor(place, number)).collect();
    find(me, target, &waiting)
}

/// What the actor that runs on this thread waits for, besides replies. It waits until this is dropped.
pub(crate) struct Wait {
    receiver: slot::Receiver<()>,
    sender: Option<slot::Sender<()>>,
}

impl Wait {
    /// The actor is going to wait for `target`; `None` outside of actors.
    ///
    /// # Errors
    /// As [`begin`].
    pub(crate) fn begin(target: &Header) -> Result<Option<Self>, Vec<Pid>> {
        if frame::stack().is_empty() {
            return Ok(None);
        }
        let (sender, receiver) = slot::pair(slot::Request::NONE);
        let begun = receiver.slot().map_or(Ok(()), |slot| begin(slot, target));
        let wait = Self { receiver, sender: Some(sender) };
        begun.map(|()| Some(wait))
    }

    /// As [`begin`](Self::begin), for a wait that is not to be refused: those who would wait for the actor meanwhile are.
    pub(crate) fn certain(target: &Header) -> Option<Self> {
        let place = frame::stack().last()?;
        let (sender, receiver) = slot::pair(slot::Request::NONE);
        if let Some(slot) = receiver.slot() {
            publish(slot, place, number(target));
        }
        Some(Self { receiver, sender: Some(sender) })
    }

    /// Something that can tell later whether it still waits.
    pub(crate) fn ticket(&self) -> Option<slot::Ticket> {
        self.receiver.ticket()
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        if let Some(sender) = self.sender.take() {
            sender.send(());
        }
    }
}

/// A handler that may have waited has returned: what it began and gave away keeps the actor no longer.
pub(crate) fn end(actor: &Header) {
    let me = actor.waiter.load(Ordering::Relaxed);
    if me != 0 {
        table::get(me).each(me, |slot, edge| slot.end_edge(edge));
    }
}

/// The actor around the one that runs on this thread waits for it, in `slot`. That one waits for nothing yet.
pub(super) fn begin_around(slot: &'static Slot, target: &Header) {
    if let Some(around) = frame::stack().rev().nth(1) {
        publish(slot, around, number(target));
    }
}

/// The actor at this place on the stack waits for `target`. Gives its number.
fn publish(slot: &'static Slot, place: usize, target: u32) -> Option<u32> {
    let (me, pid) = frame::with_actor(place, |actor| (number(actor), actor.ties.pid()))?;
    add(slot, (me, pid), target);
    Some(me)
}

pub(super) fn add(slot: &'static Slot, (me, pid): (u32, Option<Pid>), target: u32) {
    let waiter = table::get(me);
    waiter.pid.store(pid.map_or(0, Pid::to_raw), Ordering::Relaxed);
    slot.set_edge(me, target);
    waiter.add(me, slot);
}

/// Follows the edges from `target`, in search of one of those whom `me` keeps waiting: itself, and the actors around it on this thread.
#[cold]
pub(super) fn find(me: u32, target: u32, waiting: &[u32]) -> Result<(), Vec<Pid>> {
    for _ in 0..LOOKS {
        let Some(path) = way(target, waiting) else { return Ok(()) };
        // All of these edges are there now if all are still the same.
        if path.iter().all(|(from, slot, edge)| slot.edge_of(*from) == Some(*edge)) {
            let pid = |number: u32| Pid::from_raw(table::get(number).pid.load(Ordering::Relaxed));
            let between = path.iter().map(|(from, ..)| *from);
            return Err([me].into_iter().chain(between).chain([me]).filter_map(pid).collect());
        }
    }
    Ok(())
}

/// A step on a way: who waits, in which slot, for whom.
type Step = (u32, &'static Slot, Edge);

/// The way from `start` to one of `waiting`, if there is one.
fn way(start: u32, waiting: &[u32]) -> Option<Vec<Step>> {
    let mut path: Vec<Step> = Vec::new();
    let mut seen = HashSet::new();
    // Where to go on, and how long the way to there is.
    let mut open: Vec<(usize, Option<Step>)> = vec![(0, None)];
    while let Some((length, step)) = open.pop() {
        path.truncate(length);
        path.extend(step);
        let at = step.map_or(start, |(.., edge)| edge.target);
        if waiting.contains(&at) {
            return Some(path);
        }
        if seen.insert(at) {
            table::get(at).each(at, |slot, edge| open.push((path.len(), Some((at, slot, edge)))));
        }
    }
    None
}

/// The number of an actor among those that have ever waited, or been waited for inside a handler.
fn number(header: &Header) -> u32 {
    let known = header.waiter.load(Ordering::Relaxed);
    if known != 0 {
        return known;
    }
    let new = table::take();
    match header.waiter.compare_exchange(0, new, Ordering::Relaxed, Ordering::Relaxed) {
        Ok(_) => new,
        Err(known) => {
            table::put(new);
            known
        }
    }
}

/// The actor of this number is no more.
pub(super) fn forget(number: u32) {
    if number != 0 {
        table::get(number).clear();
        table::put(number);
    }
}

/// All that ever waited, by their numbers, which begin at 1.
#[cfg(not(ghostlight_loom))]
mod table {
    use super::Waiter;
    use crate::sync::lock;
    use std::sync::{Mutex, OnceLock};

    /// The first chunk has room for so many, each further one for as many as all before.
    const FIRST: u32 = 1_024;

    static CHUNKS: [OnceLock<Box<[Waiter]>>; 23] = [const { OnceLock::new() }; 23];
    static FREE: Mutex<Numbers> = Mutex::new(Numbers { free: Vec::new(), made: 0 });

    struct Numbers {
        free: Vec<u32>,
        made: u32,
    }

    #[inline]
    pub(super) fn get(number: u32) -> &'static Waiter {
        let chunk = (number / FIRST).checked_ilog2().map_or(0, |chunk| chunk + 1);
        let before = if chunk == 0 { 0 } else { FIRST << (chunk - 1) };
        let room = if chunk == 0 { FIRST } else { before };
        let make = || (0..room).map(|_| Waiter::new()).collect();
        &CHUNKS[chunk as usize].get_or_init(make)[(number - before) as usize]
    }

    pub(super) fn take() -> u32 {
        let mut numbers = lock(&FREE);
        numbers.free.pop().unwrap_or_else(|| {
            numbers.made += 1;
            numbers.made
        })
    }

    pub(super) fn put(number: u32) {
        lock(&FREE).free.push(number);
    }
}

/// Under loom each model has its own.
#[cfg(ghostlight_loom)]
pub(super) mod table {
    use super::Waiter;

    loom::lazy_static! {
        static ref ALL: std::sync::Mutex<Vec<&'static Waiter>> = std::sync::Mutex::new(Vec::new());
    }

    pub(super) fn get(number: u32) -> &'static Waiter {
        ALL.lock().unwrap()[number as usize - 1]
    }

    pub(in crate::cell) fn take() -> u32 {
        let mut all = ALL.lock().unwrap();
        all.push(Box::leak(Box::new(Waiter::new())));
        u32::try_from(all.len()).unwrap()
    }

    pub(super) fn put(_number: u32) {}
}
