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
    Header, Process, frame, ring,
    ring::Search,
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
    task::Context,
};

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
    /// Whether there are refusals.
    is_refused: AtomicBool,
    refusals: Mutex<Vec<Refusal>>,
}

/// Something that is not to be waited for any more: it is in a ring.
struct Refusal {
    slot: &'static Slot,
    generation: u32,
    path: Vec<Pid>,
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
            refusals: Mutex::new(Vec::new()),
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
    pub(super) fn each(self, mut f: impl FnMut(&'static Slot, Edge)) {
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

    pub(super) fn pid(self) -> Option<Pid> {
        Pid::from_raw(self.0.pid.load(Ordering::Relaxed))
    }

    /// The actor, where others wait for it.
    pub(super) fn process(self) -> Option<Arc<dyn Process>> {
        if self.0.is_known.load(Ordering::SeqCst) {
            lock(&self.0.process).as_ref()?.upgrade()
        } else {
            None
        }
    }

    /// Whom it waits for between two lives.
    pub(super) fn keeper(self) -> Option<Self> {
        let process = self.process()?;
        let keeper = process.keeper()?;
        Some(known(&keeper))
    }

    /// Tells it not to wait in `slot` any more, and why.
    pub(super) fn refuse(self, slot: &'static Slot, edge: Edge, path: Vec<Pid>) {
        lock(&self.0.refusals).push(Refusal { slot, generation: edge.generation, path });
        self.0.is_refused.store(true, Ordering::SeqCst);
        slot.end_edge(edge);
        slot.poke(edge);
    }

    /// The ring that it would be in if it went on to wait in `slot`.
    #[cold]
    fn take_refusal(self, slot: &'static Slot) -> Option<Vec<Pid>> {
        let mut refusals = lock(&self.0.refusals);
        refusals.retain(|refusal| refusal.generation == refusal.slot.generation());
        let at = refusals.iter().position(|refusal| ptr::eq(refusal.slot, slot));
        let refusal = at.map(|at| refusals.swap_remove(at));
        self.0.is_refused.store(!refusals.is_empty(), Ordering::SeqCst);
        refusal.map(|refusal| refusal.path)
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
    /// It leads to the end of the present life, and not to what comes after it.
    pub(super) for_end: bool,
    /// Whoever waits cannot be told not to.
    pub(super) is_certain: bool,
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
    let lives_on = !slot.is_for_end();
    if stack.len() == 1 && me != target && target.is_free() && lives() {
        return Ok(());
    }
    let around = |actor: &Header| {
        let vertex = vertex(actor);
        vertex.set_pid(actor.ties.pid());
        vertex
    };
    let waiting: Vec<_> = stack.filter_map(|place| frame::with_actor(place, around)).collect();
    let search = Search { lives_on, ..Search::of(me, target, &waiting) };
    ring::find(&search).map_or(Ok(()), |ring| Err(ring.path()))
}

/// Whoever looks for the answer waits for it, and nobody else does: what an actor has begun to wait for may have been given away since, or
/// put aside and taken up again.
///
/// # Errors
/// As [`begin`].
pub(crate) fn look(slot: &'static Slot, target: &Arc<dyn Process>) -> Result<(), Vec<Pid>> {
    let Some(waiter) = slot.waiter() else { return Ok(()) };
    let Some(me) = frame::stack().last().and_then(|place| frame::with_actor(place, vertex)) else {
        slot.put_aside();
        return Ok(());
    };
    if me == waiter {
        look_again(slot)?;
    }
    if slot.is_deferred() || me == waiter && !slot.is_aside() {
        return Ok(());
    }
    slot.set_edge(me, known(target)); // first: the one who began does not wait again
    slot.take_up();
    match begin(slot, target) {
        // Not if the answer has come meanwhile, or nobody waits for the one that is to give it.
        Err(path) if slot.edge_of(me).is_some() => Err(path),
        _ => Ok(()),
    }
}

/// Whether what is waited for in `slot` is not to be waited for any more: somebody closed a ring, and could not be refused himself.
///
/// # Errors
/// It is not: the ring.
#[inline]
pub(crate) fn look_again(slot: &'static Slot) -> Result<(), Vec<Pid>> {
    match slot.waiter().filter(|me| me.0.is_refused.load(Ordering::SeqCst)) {
        None => Ok(()),
        Some(me) => me.take_refusal(slot).map_or(Ok(()), Err),
    }
}

/// An actor with a supervisor has ended, and may live again: whoever waits for it waits for the supervisor.
pub(super) fn vacated(actor: &Header) {
    fence(Ordering::SeqCst);
    if let Some(me) = Vertex::load(&actor.waiter, Ordering::Acquire)
        && let Some(keeper) = me.keeper()
    {
        ring::break_all(&Search {
            me,
            from: keeper,
            lives_on: true,
            waiting: &[me],
            ends_count: false,
        });
    }
}

/// What the actor that runs on this thread waits for, besides replies. It waits until this is dropped.
pub(crate) struct Wait {
    /// `None` once it is over.
    receiver: Option<slot::Receiver<()>>,
    sender: Option<slot::Sender<()>>,
}

impl Wait {
    /// The actor is going to wait for `target`; `None` outside of actors.
    ///
    /// # Errors
    /// As [`begin`].
    pub(crate) fn begin(target: &Arc<dyn Process>) -> Result<Option<Self>, Vec<Pid>> {
        Self::begin_as(target, false)
    }

    /// As [`begin`](Self::begin), for the end of its present life.
    ///
    /// # Errors
    /// As [`begin`].
    pub(crate) fn for_end(target: &Arc<dyn Process>) -> Result<Option<Self>, Vec<Pid>> {
        Self::begin_as(target, true)
    }

    fn begin_as(target: &Arc<dyn Process>, for_end: bool) -> Result<Option<Self>, Vec<Pid>> {
        if frame::stack().is_empty() {
            return Ok(None);
        }
        let wait = Self::new(for_end, false);
        let begun = wait.slot().map_or(Ok(()), |slot| begin(slot, target));
        begun.map(|()| Some(wait))
    }

    /// As [`begin`](Self::begin), for a wait that is not to be refused: those who wait for the actor are, or would meanwhile.
    pub(crate) fn certain(target: &Arc<dyn Process>, for_end: bool) -> Option<Self> {
        let place = frame::stack().last()?;
        let wait = Self::new(for_end, true);
        let target = known(target);
        if let Some(slot) = wait.slot()
            && let Some(me) = publish(slot, place, target)
        {
            ring::break_all(&Search { lives_on: !for_end, ..Search::of(me, target, &[me]) });
        }
        Some(wait)
    }

    /// The actor at the place `outer` on the stack waits for the one that runs inside it.
    fn around(outer: usize, inner: usize) -> Self {
        let wait = Self::new(false, true);
        if let Some(slot) = wait.slot()
            && let Some(target) = frame::with_actor(inner, vertex)
            && let Some(me) = publish(slot, outer, target)
        {
            ring::break_all(&Search::of(me, target, &[me]));
        }
        wait
    }

    fn new(for_end: bool, is_certain: bool) -> Self {
        let (sender, receiver) = slot::pair(slot::Request::NONE);
        if let Some(slot) = receiver.slot() {
            slot.set_kind(for_end, is_certain);
        }
        Self { receiver: Some(receiver), sender: Some(sender) }
    }

    /// Whether it is not to wait any more for `target`; if it is to, `cx` is woken when it is not.
    ///
    /// # Errors
    /// It is not: the ring.
    pub(crate) fn look(
        &mut self,
        target: &Arc<dyn Process>,
        cx: &mut Context<'_>,
    ) -> Result<(), Vec<Pid>> {
        if let Some(receiver) = &mut self.receiver
            && receiver.poll(cx).is_pending()
            && let Some(slot) = receiver.slot()
        {
            return look(slot, target);
        }
        Ok(())
    }

    /// Where it waits.
    pub(crate) fn slot(&self) -> Option<&'static Slot> {
        self.receiver.as_ref()?.slot()
    }
}

/// This thread blocks: of the actors that run inside each other on it each waits for the next, until this is dropped.
pub(crate) fn around() -> Vec<Wait> {
    let stack = frame::stack();
    stack.clone().zip(stack.skip(1)).map(|(outer, inner)| Wait::around(outer, inner)).collect()
}

impl Drop for Wait {
    fn drop(&mut self) {
        self.receiver = None; // before: nobody is to be woken
        if let Some(sender) = self.sender.take() {
            sender.send(());
        }
    }
}

/// A handler that may have waited has returned: what it began and gave away keeps the actor no longer.
#[inline]
pub(crate) fn end(actor: &Header) {
    if let Some(me) = Vertex::load(&actor.waiter, Ordering::Acquire) {
        end_all(me);
    }
}

#[inline(never)]
fn end_all(me: Vertex) {
    me.each(Slot::end_edge);
}

/// The actor around the one that runs on this thread waits for it, in `slot`.
///
/// # Errors
/// As [`begin`].
pub(super) fn begin_around(slot: &'static Slot, target: &Arc<dyn Process>) -> Result<(), Vec<Pid>> {
    let Some(around) = frame::stack().rev().nth(1) else { return Ok(()) };
    let target = known(target);
    let Some(me) = publish(slot, around, target) else { return Ok(()) };
    if target.is_free() {
        return Ok(());
    }
    let waiting: Vec<_> = frame::stack()
        .take_while(|place| *place <= around)
        .filter_map(|place| frame::with_actor(place, vertex))
        .collect();
    ring::find(&Search::of(me, target, &waiting)).map_or(Ok(()), |ring| Err(ring.path()))
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
        if self.0.is_refused.swap(false, Ordering::SeqCst) {
            lock(&self.0.refusals).clear();
        }
        #[cfg(not(ghostlight_loom))]
        lock(&FREE).push(self);
    }
}
