//! Who waits for whom: so that a ring of actors which wait for each other is an error, not a hang.
//!
//! An actor whose handler waits for a reply, or for room in a mailbox, has an *edge* to the one it waits for. The edge is the slot in which
//! the reply is to come: it ends when the reply is there, when the caller goes, or when the handler of the call has returned without one.
//! So only its beginning costs anything: two words in the slot, and one that leads from the waiting actor to it.
//!
//! Whoever adds an edge first publishes it and then follows the edges from its other end. Of all who close a ring together, the last to
//! publish sees the whole ring. What it finds it looks at a second time: a ring that has not changed in between is one at that moment.
//!
//! A role between two lives waits for its supervisor, which is to begin the next one: that is an edge, too, and takes no slot. The last who closes
//! a ring may be a supervisor, which has to wait, or an actor that has just ended: then a call in the ring is refused that is not handled yet.

use super::{
    Header, Process, frame,
    slot::{self, Slot},
};
use crate::{
    pid::Pid,
    sync::{AtomicPtr, AtomicU64, Mutex, Ordering, fence, lock},
};
use std::{
    collections::HashSet,
    mem, ptr,
    sync::{Arc, Weak, atomic::AtomicBool},
};

/// More changes than this while somebody looks: it is no ring, for those in a ring do nothing.
const LOOKS: usize = 64;

/// An actor, among those that have ever waited, or been waited for inside a handler.
#[derive(Clone, Copy)]
pub(crate) struct Vertex(&'static Waiter);

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
    /// Whether `process` is there, so that few take the lock.
    is_known: AtomicBool,
    /// The actor, where others wait for it.
    process: Mutex<Option<Weak<dyn Process>>>,
    /// Whether `refusal` is there.
    is_refused: AtomicBool,
    refusal: Mutex<Option<Refusal>>,
}

/// A call that is not to be waited for: it is in a ring.
struct Refusal {
    slot: &'static Slot,
    generation: u32,
    path: Vec<Pid>,
}

impl Refusal {
    /// Whether it is that of the call which waits in `slot`.
    fn is_of(&self, slot: &'static Slot) -> bool {
        ptr::eq(self.slot, slot) && self.generation == slot.generation()
    }
}

impl Waiter {
    fn new() -> Self {
        Self {
            pid: AtomicU64::new(0),
            first: AtomicPtr::new(ptr::null_mut()),
            others: AtomicU64::new(0),
            more: Mutex::new(Vec::new()),
            is_known: AtomicBool::new(false),
            process: Mutex::new(None),
            is_refused: AtomicBool::new(false),
            refusal: Mutex::new(None),
        }
    }

    #[allow(unsafe_code, reason = "slots live for ever")]
    #[inline]
    fn first(&self) -> Option<&'static Slot> {
        // SAFETY: null, or a slot, which is never given back to the allocator and only ever accessed through `&Slot`.
        unsafe { self.first.load(Ordering::SeqCst).as_ref() }
    }
}

impl PartialEq for Vertex {
    fn eq(&self, other: &Self) -> bool {
        ptr::eq(self.0, other.0)
    }
}

impl Eq for Vertex {}

impl Vertex {
    /// What atomics hold of it; null for none.
    #[inline]
    pub(super) fn as_ptr(self) -> *mut Waiter {
        ptr::from_ref(self.0).cast_mut()
    }

    #[allow(unsafe_code, reason = "waiters live for ever")]
    #[inline]
    pub(super) fn load(place: &AtomicPtr<Waiter>, ordering: Ordering) -> Option<Self> {
        // SAFETY: null, or what `as_ptr` gave: a waiter, which is never given back to the allocator and only ever accessed through `&Waiter`.
        unsafe { place.load(ordering).as_ref() }.map(Self)
    }

    /// Adds an edge, which is there for all to see.
    #[inline]
    fn add(self, slot: &'static Slot) {
        // A slot is often used again for the next wait, and then it is known already.
        let is_free = |first: &Slot| ptr::eq(first, slot) || first.edge_of(self).is_none();
        if self.0.first().is_none_or(is_free) {
            publish_first(&self.0.first, ptr::from_ref(slot).cast_mut());
        } else {
            self.add_another(slot);
        }
    }

    #[cold]
    fn add_another(self, slot: &'static Slot) {
        let mut more = lock(&self.0.more);
        if more.len() == more.capacity() {
            let mut known = HashSet::new();
            more.retain(|slot| slot.edge_of(self).is_some() && known.insert(ptr::from_ref(*slot)));
        }
        more.push(slot);
        self.0.others.store(more.len() as u64, Ordering::Release);
        fence(Ordering::SeqCst);
    }

    /// Calls `f` with each of the edges.
    #[inline]
    fn each(self, mut f: impl FnMut(&'static Slot, Edge)) {
        let mut see = |slot: &'static Slot| {
            if let Some(edge) = slot.edge_of(self) {
                f(slot, edge);
            }
        };
        if let Some(slot) = self.0.first() {
            see(slot);
        }
        if self.0.others.load(Ordering::SeqCst) > 0 {
            lock(&self.0.more).iter().copied().for_each(see);
        }
    }

    /// The life that waits.
    #[inline]
    fn set_pid(self, pid: Option<Pid>) {
        self.0.pid.store(pid.map_or(0, Pid::to_raw), Ordering::Relaxed);
    }

    /// The actor, where others wait for it.
    fn process(self) -> Option<Arc<dyn Process>> {
        if self.0.is_known.load(Ordering::SeqCst) {
            lock(&self.0.process).as_ref()?.upgrade()
        } else {
            None
        }
    }

    /// Whom it waits for between two lives.
    fn keeper(self) -> Option<Self> {
        let process = self.process()?;
        let keeper = process.keeper()?;
        Some(known(&keeper))
    }

    /// The call that waits in `slot` is not to be waited for.
    fn set_refusal(self, refusal: Refusal) {
        let earlier = lock(&self.0.refusal).replace(refusal);
        self.0.is_refused.store(true, Ordering::SeqCst);
        drop(earlier);
    }

    /// The ring that the call in `slot` is in, if it is not to be waited for.
    fn take_refusal(self, slot: &'static Slot) -> Option<Vec<Pid>> {
        if !self.0.is_refused.load(Ordering::SeqCst) {
            return None;
        }
        let mut refusal = lock(&self.0.refusal);
        if !refusal.as_ref().is_some_and(|refusal| refusal.is_of(slot)) {
            return None;
        }
        self.0.is_refused.store(false, Ordering::SeqCst);
        Some(refusal.take()?.path)
    }

    /// Whether it waits for nothing.
    #[inline]
    fn is_free(self) -> bool {
        let mut is_free = true;
        self.each(|_, _| is_free = false);
        is_free
    }
}

/// Stores what others are to see before this thread looks at what they have stored: of two who store and then look, one sees the other.
///
/// All stores and loads of `first` are sequentially consistent, which says just that; and on x86 only the store costs anything. To loom,
/// which takes them for weaker than they are, a fence says the same.
#[cfg(not(ghostlight_loom))]
#[inline]
fn publish_first(first: &AtomicPtr<Slot>, slot: *mut Slot) {
    first.swap(slot, Ordering::SeqCst);
}

#[cfg(ghostlight_loom)]
fn publish_first(first: &AtomicPtr<Slot>, slot: *mut Slot) {
    first.swap(slot, Ordering::SeqCst);
    fence(Ordering::SeqCst);
}

/// Where an edge leads, and in which use of its slot.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Edge {
    pub(super) target: Vertex,
    pub(super) generation: u32,
}

/// The actor that runs on this thread is going to wait for `target`, in `slot`.
///
/// # Errors
/// It would wait for itself: the lives that wait for each other, first and last the same.
pub(crate) fn begin(slot: &'static Slot, target: &Arc<dyn Process>) -> Result<(), Vec<Pid>> {
    let stack = frame::stack();
    let Some(last) = stack.clone().last() else { return Ok(()) };
    let lives = || target.header().ties.is_alive();
    let target = known(target);
    let Some(me) = publish(slot, last, target) else { return Ok(()) };
    if stack.len() == 1 && me != target && target.is_free() && lives() {
        return Ok(());
    }
    let around = |actor: &Header| {
        let vertex = vertex(actor);
        vertex.set_pid(actor.ties.pid());
        vertex
    };
    let waiting: Vec<_> = stack.filter_map(|place| frame::with_actor(place, around)).collect();
    find(me, target, &waiting).map_err(|ring| ring.path())
}

/// Whether a call that has been put into a mailbox is not to be waited for after all: somebody closed a ring meanwhile.
///
/// # Errors
/// It is not: the ring.
#[inline]
pub(crate) fn look_again(slot: &'static Slot) -> Result<(), Vec<Pid>> {
    let Some(me) = slot.waiter() else { return Ok(()) };
    if !me.0.is_refused.load(Ordering::SeqCst) {
        return Ok(());
    }
    me.take_refusal(slot).map_or(Ok(()), Err)
}

/// Whether a call in a mailbox is to be refused, since it is in a ring.
pub(super) fn is_refused(slot: &'static Slot) -> bool {
    slot.waiter().is_some_and(|waiter| {
        waiter.0.is_refused.load(Ordering::SeqCst)
            && lock(&waiter.0.refusal).as_ref().is_some_and(|refusal| refusal.is_of(slot))
    })
}

/// The ring that a call in a mailbox is in, if it is to be refused.
pub(super) fn refusal(slot: &'static Slot) -> Option<Vec<Pid>> {
    slot.waiter()?.take_refusal(slot)
}

/// An actor with a supervisor has ended, and may live again: whoever waits for it waits for the supervisor.
pub(super) fn vacated(actor: &Header) {
    fence(Ordering::SeqCst);
    if let Some(me) = Vertex::load(&actor.waiter, Ordering::Acquire)
        && let Some(keeper) = me.keeper()
        && let Err(ring) = find(me, keeper, &[me])
    {
        ring.refuse();
    }
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
    pub(crate) fn begin(target: &Arc<dyn Process>) -> Result<Option<Self>, Vec<Pid>> {
        if frame::stack().is_empty() {
            return Ok(None);
        }
        let (sender, receiver) = slot::pair(slot::Request::NONE);
        let begun = receiver.slot().map_or(Ok(()), |slot| begin(slot, target));
        let wait = Self { receiver, sender: Some(sender) };
        begun.map(|()| Some(wait))
    }

    /// As [`begin`](Self::begin), for a wait that is not to be refused: those who wait for the actor are, or would meanwhile.
    pub(crate) fn certain(target: &Arc<dyn Process>) -> Option<Self> {
        let place = frame::stack().last()?;
        let (sender, receiver) = slot::pair(slot::Request::NONE);
        let target = known(target);
        if let Some(slot) = receiver.slot()
            && let Some(me) = publish(slot, place, target)
            && let Err(ring) = find(me, target, &[me])
        {
            ring.refuse();
        }
        Some(Self { receiver, sender: Some(sender) })
    }

    /// Where it waits.
    pub(crate) fn slot(&self) -> Option<&'static Slot> {
        self.receiver.slot()
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
    if let Some(me) = Vertex::load(&actor.waiter, Ordering::Acquire) {
        me.each(Slot::end_edge);
    }
}

/// The actor around the one that runs on this thread waits for it, in `slot`.
///
/// # Errors
/// As [`begin`].
pub(super) fn begin_around(slot: &'static Slot, target: &Header) -> Result<(), Vec<Pid>> {
    let Some(around) = frame::stack().rev().nth(1) else { return Ok(()) };
    let target = vertex(target);
    let Some(me) = publish(slot, around, target) else { return Ok(()) };
    if target.is_free() {
        return Ok(());
    }
    let waiting: Vec<_> = frame::stack()
        .take_while(|place| *place <= around)
        .filter_map(|place| frame::with_actor(place, vertex))
        .collect();
    find(me, target, &waiting).map_err(|ring| ring.path())
}

/// The actor at this place on the stack waits for `target`.
#[inline]
fn publish(slot: &'static Slot, place: usize, target: Vertex) -> Option<Vertex> {
    let (me, pid) = frame::with_actor(place, |actor| (vertex(actor), actor.ties.pid()))?;
    add(slot, (me, pid), target);
    Some(me)
}

#[inline]
pub(super) fn add(slot: &'static Slot, (me, pid): (Vertex, Option<Pid>), target: Vertex) {
    me.set_pid(pid);
    slot.set_edge(me, target);
    me.add(slot);
}

/// Actors that wait for each other.
pub(super) struct Ring {
    /// The one who closes it.
    me: Vertex,
    /// From whom that one waits for, back to it.
    steps: Vec<Step>,
    /// Or to one around it on its thread, which waits for it.
    around: Option<Vertex>,
}

/// A step on a way: who waits, and for whom.
#[derive(Clone, Copy)]
struct Step {
    from: Vertex,
    /// `None` if it waits for its supervisor, to live again.
    slot: Option<&'static Slot>,
    edge: Edge,
}

impl Step {
    /// Whether it is there now, as it was.
    fn is_there(&self) -> bool {
        match self.slot {
            Some(slot) => slot.edge_of(self.from) == Some(self.edge),
            None => self.from.keeper() == Some(self.edge.target),
        }
    }
}

impl Ring {
    /// The lives in it, as the one who closes it sees them.
    fn path(&self) -> Vec<Pid> {
        self.path_from(self.steps.len() + usize::from(self.around.is_some()))
    }

    /// The same, as the one who waits at this step sees them.
    fn path_from(&self, at: usize) -> Vec<Pid> {
        let steps = self.steps.iter().map(|step| step.from);
        let mut ring: Vec<_> = steps.chain(self.around).chain([self.me]).collect();
        ring.rotate_left(at);
        ring.push(ring[0]);
        let pid = |it: Vertex| Pid::from_raw(it.0.pid.load(Ordering::Relaxed));
        ring.into_iter().filter_map(pid).collect()
    }

    /// Refuses a call in it that waits in a mailbox.
    #[cold]
    fn refuse(self) {
        for (at, step) in self.steps.iter().enumerate().rev() {
            let Step { from, slot: Some(slot), edge } = *step else { continue };
            let Some(process) = edge.target.process() else { continue };
            let path = self.path_from(at);
            from.set_refusal(Refusal { slot, generation: edge.generation, path });
            if process.refuse_calls() {
                return;
            }
        }
    }
}

/// Follows the edges from `target`, for whom `me` is going to wait, in search of one of those who wait with it: itself, and the actors around
/// it on this thread.
#[cold]
pub(super) fn find(me: Vertex, target: Vertex, waiting: &[Vertex]) -> Result<(), Ring> {
    for _ in 0..LOOKS {
        let Some(steps) = way(target, waiting) else { return Ok(()) };
        // All of these edges are there now if all are still the same.
        if steps.iter().all(Step::is_there) {
            let end = steps.last().map_or(target, |step| step.edge.target);
            return Err(Ring { me, steps, around: (end != me).then_some(end) });
        }
    }
    Ok(())
}

/// The way from `start` to one of `waiting`, if there is one.
fn way(start: Vertex, waiting: &[Vertex]) -> Option<Vec<Step>> {
    let mut path: Vec<Step> = Vec::new();
    let mut seen = HashSet::new();
    // Where to go on, and how long the way to there is.
    let mut open: Vec<(usize, Option<Step>)> = vec![(0, None)];
    while let Some((length, step)) = open.pop() {
        path.truncate(length);
        path.extend(step);
        let at = step.map_or(start, |step| step.edge.target);
        if waiting.contains(&at) {
            return Some(path);
        }
        if seen.insert(at.as_ptr()) {
            let mut go = |slot, edge| open.push((path.len(), Some(Step { from: at, slot, edge })));
            at.each(|slot, edge| go(Some(slot), edge));
            if let Some(target) = at.keeper() {
                go(None, Edge { target, generation: 0 });
            }
        }
    }
    None
}

/// What an actor is that others wait for.
#[inline]
fn known(process: &Arc<dyn Process>) -> Vertex {
    let vertex = vertex(process.header());
    if !vertex.0.is_known.load(Ordering::Relaxed) {
        vertex.make_known(process);
    }
    vertex
}

/// What an actor is among those that wait for each other.
#[inline]
fn vertex(header: &Header) -> Vertex {
    Vertex::load(&header.waiter, Ordering::Acquire).unwrap_or_else(|| new_vertex(header))
}

#[cold]
fn new_vertex(header: &Header) -> Vertex {
    let (new, none) = (Vertex::take(), ptr::null_mut());
    let (ok, err) = (Ordering::AcqRel, Ordering::Acquire);
    if header.waiter.compare_exchange(none, new.as_ptr(), ok, err).is_ok() {
        return new;
    }
    new.put();
    vertex(header)
}

/// The actor is no more.
pub(super) fn forget(waiter: &AtomicPtr<Waiter>) {
    if let Some(vertex) = Vertex::load(waiter, Ordering::Acquire) {
        vertex.put();
    }
}

/// Those that nobody is.
#[cfg(not(ghostlight_loom))]
static FREE: Mutex<Vec<Vertex>> = Mutex::new(Vec::new());

impl Vertex {
    #[cold]
    fn make_known(self, process: &Arc<dyn Process>) {
        *lock(&self.0.process) = Some(Arc::downgrade(process));
        self.0.is_known.store(true, Ordering::SeqCst);
    }

    pub(super) fn take() -> Self {
        #[cfg(not(ghostlight_loom))]
        if let Some(free) = lock(&FREE).pop() {
            return free;
        }
        Self(Box::leak(Box::new(Waiter::new())))
    }

    /// Whoever has it next begins with nothing.
    fn put(self) {
        self.set_pid(None);
        if self.0.others.load(Ordering::Relaxed) > 0 {
            *lock(&self.0.more) = Vec::new();
            self.0.others.store(0, Ordering::Release);
        }
        if self.0.is_known.swap(false, Ordering::SeqCst) {
            let process = mem::take(&mut *lock(&self.0.process));
            drop(process);
        }
        #[cfg(not(ghostlight_loom))]
        lock(&FREE).push(self);
    }
}
