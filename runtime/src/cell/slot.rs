//! Where one reply waits for its caller: a pooled, type-stable slot with a state word.
//!
//! A slot has two ends. The [`Sender`] travels with the message, or inside a `ReplyTo`; the [`Receiver`] is in the
//! caller's future. Each can outlive the other, so the slot belongs to neither: the end that is last puts it back.
//! A slot is never given back to the allocator. A [`Ticket`] may therefore look at one at any time, and tell by its
//! generation whether the call that it stood for is still waiting.

use super::{
    shield::{let_go, wake},
    waits::{Edge, Vertex, Waiter},
};
use crate::{
    limits::Armed,
    pid::Pid,
    sync::{AtomicPtr, AtomicU32, Ordering, UnsafeCell, let_other_finish},
};
use std::{
    marker::PhantomData,
    mem::{MaybeUninit, align_of, size_of},
    ptr,
    task::{Context, Poll, Waker},
};
use tokio::time::Instant;

/// The value is in the slot; set by the sender, once.
const SENT: u32 = 1;
/// A waker is in the slot. The receiver sets and clears it; once `SENT` is set, a waker that is there is the sender's.
const WAKER: u32 = 2;
/// The sender has taken the waker out and no longer looks at the slot.
const TAKEN: u32 = 4;
/// The receiver is gone.
const GONE: u32 = 8;
/// Nobody waits for the one that is to answer: its handler has returned, and the answer comes later.
const DEFERRED: u32 = 16;
/// The receiver waits for the end of a life, and not for what comes after it.
const FOR_END: u32 = 32;
/// The receiver cannot be told that it is not to wait.
const CERTAIN: u32 = 64;
/// Somebody who is at neither end reads the waker, which both ends leave where it is meanwhile.
const POKED: u32 = 128;
/// The actor that began to wait does not any more: its handler has returned, or it is not to. Cleared if it goes on to wait.
const ASIDE: u32 = 256;

/// An answer that is larger than this travels in a box: room for 32 bytes, the tag of the reply enum, and that of the result.
const ROOM: usize = 48;

#[repr(C, align(16))]
struct Payload(MaybeUninit<[u8; ROOM]>);

pub(crate) struct Slot {
    payload: UnsafeCell<Payload>,
    waker: UnsafeCell<Option<Waker>>,
    request: UnsafeCell<Request>,
    state: AtomicU32,
    generation: AtomicU32,
    /// The actor whose handler waits for the answer; null for none.
    waiter: AtomicPtr<Waiter>,
    /// Whom it waits for.
    target: AtomicPtr<Waiter>,
    /// What tells the receiver that its time is up.
    armed: Armed,
}

/// What a queued call carries besides its message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request {
    /// When its caller stops waiting.
    pub(crate) deadline: Option<Instant>,
    /// The actor that made the call, if one did.
    pub(crate) caller: Option<Pid>,
    /// Whether it is to run even when its caller has gone.
    pub(crate) always: bool,
    /// When it was made, where telemetry wants to know.
    pub(crate) sent: Option<Instant>,
}

impl Request {
    /// That of a call whose handler has begun: nothing is left to be decided about it.
    pub(crate) const NONE: Self = Self { deadline: None, caller: None, always: false, sent: None };
}

// SAFETY: `payload`, `waker` and `request` are only touched by the end that `state` says may do so (see each access), and
// what is put into the payload is `Send` wherever an end is (`PhantomData<R>`).
#[allow(unsafe_code, reason = "the slot's state word orders all access")]
unsafe impl Sync for Slot {}
// SAFETY: as above; a slot has no tie to a thread.
#[allow(unsafe_code, reason = "the slot's state word orders all access")]
unsafe impl Send for Slot {}

impl Slot {
    fn new() -> Self {
        Self {
            payload: UnsafeCell::new(Payload(MaybeUninit::uninit())),
            waker: UnsafeCell::new(None),
            request: UnsafeCell::new(Request::NONE),
            state: AtomicU32::new(0),
            generation: AtomicU32::new(0),
            waiter: AtomicPtr::new(ptr::null_mut()),
            target: AtomicPtr::new(ptr::null_mut()),
            armed: Armed::default(),
        }
    }

    /// Only the receiver may ask.
    pub(crate) fn armed(&self) -> &Armed {
        &self.armed
    }

    /// An actor waits for the answer. Only the receiver may say so.
    #[inline]
    pub(super) fn set_edge(&self, waiter: Vertex, target: Vertex) {
        self.target.store(target.as_ptr(), Ordering::Relaxed);
        self.waiter.store(waiter.as_ptr(), Ordering::Release);
    }

    /// The actor that waits in this use of the slot.
    #[inline]
    pub(super) fn waiter(&self) -> Option<Vertex> {
        Vertex::load(&self.waiter, Ordering::Acquire)
    }

    /// Both ends have let go of it. Only whoever puts it back may say so.
    fn end_use(&self) {
        // In this order: who sees the new generation sees that nobody waits.
        self.waiter.store(ptr::null_mut(), Ordering::Relaxed);
        let generation = self.generation.load(Ordering::Relaxed); // nobody else changes it
        self.generation.store(generation.wrapping_add(1), Ordering::Release);
    }

    pub(super) fn generation(&self) -> u32 {
        self.generation.load(Ordering::Acquire)
    }

    /// Whom `waiter` waits for in this slot, if it does. Anybody may ask at any time.
    #[inline]
    pub(super) fn edge_of(&self, waiter: Vertex) -> Option<Edge> {
        let generation = self.generation.load(Ordering::Acquire);
        let is_waiter = self.waiter.load(Ordering::Acquire) == waiter.as_ptr();
        let state = self.state.load(Ordering::Acquire);
        let waits = is_waiter && state & (SENT | GONE | DEFERRED | ASIDE) == 0;
        let target = Vertex::load(&self.target, Ordering::Acquire);
        // Unchanged: what was read belongs to one use of the slot (see `pool::put`).
        let is_same = waits && self.generation.load(Ordering::Relaxed) == generation;
        let (for_end, is_certain) = (state & FOR_END != 0, state & CERTAIN != 0);
        let target = target.filter(|_| is_same)?;
        Some(Edge { target, generation, for_end, is_certain })
    }

    /// The actor that began to wait in this use of the slot does not any more, though the answer is not there.
    ///
    /// If the answer comes at this moment, an actor that waits in the next use of the slot may not be seen to wait: the worst is a
    /// ring that ends by its time limit.
    pub(super) fn end_edge(&self, edge: Edge) {
        if self.generation.load(Ordering::Relaxed) == edge.generation {
            self.put_aside();
        }
    }

    /// The actor that began to wait does not any more.
    pub(super) fn put_aside(&self) {
        self.state.fetch_or(ASIDE, Ordering::Release);
    }

    /// It waits again, or another one does. Only the receiver may say so.
    pub(super) fn take_up(&self) {
        self.state.fetch_and(!ASIDE, Ordering::Release);
    }

    /// Whether nobody waits for the one that is to answer.
    pub(super) fn is_deferred(&self) -> bool {
        self.state.load(Ordering::Acquire) & DEFERRED != 0
    }

    /// Whether the actor that began to wait is taken not to do so any more.
    pub(super) fn is_aside(&self) -> bool {
        self.state.load(Ordering::Relaxed) & ASIDE != 0
    }

    /// Whether it is the end of a life that is waited for.
    pub(super) fn is_for_end(&self) -> bool {
        self.state.load(Ordering::Relaxed) & FOR_END != 0
    }

    /// Nobody waits for the one that is to answer any more. Only the sender may say so.
    pub(super) fn defer(&self) {
        self.state.fetch_or(DEFERRED, Ordering::Release);
    }

    /// What the receiver waits for: the end of a life, or anything else; and whether it is certain to wait. Only the receiver may say so,
    /// before it does.
    pub(super) fn set_kind(&self, for_end: bool, is_certain: bool) {
        let kind = u32::from(for_end) * FOR_END + u32::from(is_certain) * CERTAIN;
        self.state.fetch_or(kind, Ordering::Release);
    }

    /// Wakes the receiver, if it waits, though there is no answer: in the use of the slot that `edge` is of. Anybody may do that.
    #[allow(unsafe_code, reason = "the state word orders the accesses")]
    pub(super) fn poke(&self, edge: Edge) {
        let mut state = self.state.load(Ordering::SeqCst);
        loop {
            if state & WAKER == 0 || state & (SENT | GONE) != 0 {
                return; // it does not wait, or is about to look for itself
            }
            if state & POKED != 0 {
                // Somebody else does: perhaps one who meant an earlier use of the slot, and wakes nobody.
                let_other_finish();
                state = self.state.load(Ordering::SeqCst);
                continue;
            }
            let (ok, err) = (Ordering::SeqCst, Ordering::SeqCst);
            match self.state.compare_exchange(state, state | POKED, ok, err) {
                Ok(_) => break,
                Err(changed) => state = changed,
            }
        }
        // Until the bit is cleared neither end goes on, so the slot stays in one use.
        let is_meant = self.generation.load(Ordering::Relaxed) == edge.generation;
        // SAFETY: a waker is there, and neither end touches it while `POKED` is set.
        let waker = self.waker.with(|place| unsafe { (*place).clone() });
        self.state.fetch_and(!POKED, Ordering::AcqRel);
        match waker {
            Some(waker) if is_meant => wake(waker),
            waker => let_go(waker),
        }
    }

    /// Somebody reads the waker, in a few instructions on another thread.
    #[cold]
    fn let_poker_finish(&self) {
        while self.state.load(Ordering::Acquire) & POKED != 0 {
            let_other_finish();
        }
    }

    /// Whether the receiver is gone. Only the sender may ask: without one the slot may be somebody else's.
    pub(super) fn is_abandoned(&self) -> bool {
        self.state.load(Ordering::Acquire) & GONE != 0
    }
}

/// The end that answers. Dropping it without an answer leaves the receiver waiting: its owner must send.
pub(crate) struct Sender<R> {
    slot: &'static Slot,
    answer: PhantomData<R>,
}

/// The end that waits.
pub(crate) struct Receiver<R> {
    /// `None` once the answer has been taken.
    slot: Option<&'static Slot>,
    answer: PhantomData<R>,
}

/// Two ends of a slot.
pub(crate) fn pair<R>(request: Request) -> (Sender<R>, Receiver<R>) {
    let slot = pool::take();
    // SAFETY: the slot came out of the pool, so nobody else has it; it is shared by the ends made below.
    #[allow(unsafe_code, reason = "sole owner")]
    slot.request.with_mut(|place| unsafe { *place = request });
    (Sender { slot, answer: PhantomData }, Receiver { slot: Some(slot), answer: PhantomData })
}

/// Whether an `R` lies in the slot itself.
const fn fits<R>() -> bool {
    size_of::<R>() <= ROOM && align_of::<R>() <= align_of::<Payload>()
}

/// Puts the answer into the slot.
///
/// # Safety
/// The caller must have the payload to itself, and it must hold no answer.
#[allow(unsafe_code, reason = "typed access to raw room")]
unsafe fn write<R>(slot: &Slot, answer: R) {
    slot.payload.with_mut(|place| {
        if fits::<R>() {
            // SAFETY: large enough and aligned (`fits`), and ours alone (the contract).
            unsafe { place.cast::<R>().write(answer) }
        } else {
            // SAFETY: a box is a pointer, which fits; ours alone (the contract).
            unsafe { place.cast::<Box<R>>().write(Box::new(answer)) }
        }
    });
}

/// Takes the answer out of the slot.
///
/// # Safety
/// The caller must have the payload to itself, and it must hold an answer written by `write::<R>`.
#[allow(unsafe_code, reason = "typed access to raw room")]
unsafe fn read<R>(slot: &Slot) -> R {
    slot.payload.with_mut(|place| {
        if fits::<R>() {
            // SAFETY: written as an `R` (the contract), and read once.
            unsafe { place.cast::<R>().read() }
        } else {
            // SAFETY: written as a `Box<R>` (the contract), and read once.
            unsafe { *place.cast::<Box<R>>().read() }
        }
    })
}

/// Takes the waker out of the slot.
///
/// # Safety
/// The caller must be the end that the state says owns the waker.
#[allow(unsafe_code, reason = "the state word says who owns the waker")]
unsafe fn take_waker(slot: &Slot) -> Option<Waker> {
    // SAFETY: the contract.
    slot.waker.with_mut(|place| unsafe { (*place).take() })
}

impl<R> Sender<R> {
    /// Answers, and wakes the receiver if it waits. A receiver that is gone makes the answer drop here.
    #[allow(unsafe_code, reason = "the state word orders the accesses")]
    pub(crate) fn send(self, answer: R) {
        let slot = self.slot;
        // SAFETY: until `SENT` is set the payload is the sender's, and there is one sender, which is consumed here.
        unsafe { write(slot, answer) };
        let before = slot.state.fetch_or(SENT, Ordering::AcqRel);
        if before & POKED != 0 {
            slot.let_poker_finish();
        }
        if before & GONE != 0 {
            // SAFETY: the receiver is gone, so the payload written above and the waker are ours.
            unsafe {
                let waker = take_waker(slot);
                let answer = read::<R>(slot);
                pool::put(slot);
                let_go((waker, answer));
            }
        } else if before & WAKER != 0 {
            // SAFETY: with `SENT` set, a waker that was there belongs to the sender until it sets `TAKEN`.
            let waker = unsafe { take_waker(slot) };
            if slot.state.fetch_or(TAKEN, Ordering::AcqRel) & GONE != 0 {
                // SAFETY: the receiver went while we took the waker, and left the rest to us.
                let answer = unsafe { read::<R>(slot) };
                pool::put(slot);
                let_go((waker, answer));
            } else if let Some(waker) = waker {
                wake(waker);
            }
        }
        // Otherwise the receiver has not registered: it will see `SENT` when it does, and the slot is its own.
    }

    /// Whether nobody waits for the answer any more.
    pub(crate) fn is_abandoned(&self) -> bool {
        self.slot.is_abandoned()
    }

    pub(super) fn slot(&self) -> &'static Slot {
        self.slot
    }

    /// Something that can tell later whether the call still waits.
    pub(crate) fn ticket(&self) -> Ticket {
        Ticket::of(self.slot)
    }

    /// What the call carries.
    #[allow(unsafe_code, reason = "read-only while the ends live")]
    pub(crate) fn request(&self) -> Request {
        // SAFETY: written before the ends were made, and not again while the sender lives.
        self.slot.request.with(|place| unsafe { *place })
    }

    /// The slot without its type, for [`from_slot`](Self::from_slot).
    pub(crate) fn into_slot(self) -> &'static Slot {
        self.slot
    }

    /// The sender that [`into_slot`](Self::into_slot) was called on.
    ///
    /// # Safety
    /// `slot` must come from `into_slot` of a `Sender<R>`, and be used for one sender only.
    #[allow(unsafe_code, reason = "the counterpart of `into_slot`")]
    pub(crate) unsafe fn from_slot(slot: &'static Slot) -> Self {
        Self { slot, answer: PhantomData }
    }
}

impl<R> Receiver<R> {
    /// Whoever answers is to wake this waker: as a first [`poll`](Self::poll), before anybody can find the slot.
    #[allow(unsafe_code, reason = "sole owner")]
    pub(crate) fn prepare(&self, waker: &Waker) {
        if let Some(slot) = self.slot {
            // SAFETY: the sender is on this thread still, and no edge leads to the slot, so nobody else looks at the waker's place.
            slot.waker.with_mut(|place| unsafe { *place = Some(waker.clone()) });
            slot.state.store(WAKER, Ordering::Release); // for one who pokes late, and means an earlier use
        }
    }

    /// The answer, or a promise to wake `cx` when it is there.
    #[allow(unsafe_code, reason = "the state word orders the accesses")]
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<R> {
        let Some(slot) = self.slot else {
            return Poll::Pending; // already taken: a future polled after its end
        };
        let mut state = slot.state.load(Ordering::Acquire);
        while state & (SENT | WAKER) == WAKER {
            if state & POKED != 0 {
                // Somebody is in the middle of a few instructions, on another thread.
                let_other_finish();
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            let cleared = state & !WAKER;
            let (ok, err) = (Ordering::AcqRel, Ordering::Acquire);
            match slot.state.compare_exchange(state, cleared, ok, err) {
                Ok(_) => state = cleared,
                Err(changed) => state = changed,
            }
        }
        if state & SENT != 0 {
            return self.finish(slot, state, cx);
        }
        // SAFETY: `WAKER` is clear, so the waker's place is the receiver's.
        slot.waker.with_mut(|place| unsafe {
            match &mut *place {
                Some(waker) => waker.clone_from(cx.waker()),
                none => *none = Some(cx.waker().clone()),
            }
        });
        // In one order with what is published besides, for those who publish it and then look for a waker: see `poke`.
        let state = slot.state.fetch_or(WAKER, Ordering::SeqCst);
        if state & SENT != 0 {
            // The sender saw no waker and is done with the slot.
            return self.take(slot);
        }
        Poll::Pending
    }

    /// What to do once `SENT` has been seen.
    fn finish(&mut self, slot: &'static Slot, state: u32, cx: &mut Context<'_>) -> Poll<R> {
        if state & WAKER != 0 && state & TAKEN == 0 {
            // The sender is between its two steps, on another thread.
            let_other_finish();
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.take(slot)
    }

    #[allow(unsafe_code, reason = "the state word orders the accesses")]
    fn take(&mut self, slot: &'static Slot) -> Poll<R> {
        self.slot = None;
        // SAFETY: the value is there and the sender has left the slot, so all of it is ours.
        let (waker, answer) = unsafe { (take_waker(slot), read::<R>(slot)) };
        pool::put(slot);
        drop(waker);
        Poll::Ready(answer)
    }

    /// The slot, while there is no answer.
    pub(crate) fn slot(&self) -> Option<&'static Slot> {
        self.slot
    }
}

impl<R> Drop for Receiver<R> {
    #[allow(unsafe_code, reason = "the state word orders the accesses")]
    fn drop(&mut self) {
        let Some(slot) = self.slot.take() else { return };
        let before = slot.state.fetch_or(GONE, Ordering::AcqRel);
        if before & SENT == 0 || (before & WAKER != 0 && before & TAKEN == 0) {
            return; // the sender is still there, and clears up
        }
        // SAFETY: the value is there and the sender has left the slot, so all of it is ours.
        let (waker, answer) = unsafe { (take_waker(slot), read::<R>(slot)) };
        pool::put(slot);
        let_go((waker, answer));
    }
}

/// Tells whether a call still waits. Packed, so that there is room for a tag beside it.
#[derive(Clone, Copy)]
#[repr(C, packed(4))]
pub(crate) struct Ticket {
    slot: &'static Slot,
    generation: u32,
}

impl Ticket {
    fn of(slot: &'static Slot) -> Self {
        Self { slot, generation: slot.generation.load(Ordering::Relaxed) }
    }

    /// Whether the slot still belongs to the call that the ticket was made for, and that call has no answer yet.
    pub(crate) fn is_waiting(&self) -> bool {
        self.slot.generation.load(Ordering::Relaxed) == self.generation
    }

    /// The handler of the call has returned, and the answer comes later: nobody waits for the actor any more.
    pub(super) fn defer(&self) {
        if self.is_waiting() {
            // If the answer comes at this moment, an actor that waits in the next use of the slot may not be seen to wait: the worst
            // is a ring that ends by its time limit.
            self.slot.state.fetch_or(DEFERRED, Ordering::Release);
        }
    }
}

/// The slots that nobody uses.
#[cfg(not(ghostlight_loom))]
mod pool {
    use super::Slot;
    use crate::sync::Ordering;
    use std::{cell::RefCell, sync::Mutex};

    /// How many slots a thread keeps for itself; beyond that, half of them go to the other threads.
    const KEPT: usize = 128;

    struct Own(Vec<&'static Slot>);

    impl Drop for Own {
        fn drop(&mut self) {
            crate::sync::lock(&SHARED).append(&mut self.0);
        }
    }

    thread_local! {
        static OWN: RefCell<Own> = const { RefCell::new(Own(Vec::new())) };
    }
    static SHARED: Mutex<Vec<&'static Slot>> = Mutex::new(Vec::new());

    pub(super) fn take() -> &'static Slot {
        OWN.try_with(|own| {
            let own = &mut own.borrow_mut().0;
            if own.is_empty() {
                let mut shared = crate::sync::lock(&SHARED);
                let from = shared.len().saturating_sub(KEPT / 2);
                own.extend(shared.drain(from..));
            }
            own.pop()
        })
        .ok()
        .flatten()
        .unwrap_or_else(|| Box::leak(Box::new(Slot::new())))
    }

    pub(super) fn put(slot: &'static Slot) {
        slot.end_use();
        slot.state.store(0, Ordering::Release); // who sees the new state sees the new generation
        let kept = OWN.try_with(|own| {
            let own = &mut own.borrow_mut().0;
            if own.len() >= KEPT {
                crate::sync::lock(&SHARED).extend(own.drain(KEPT / 2..));
            }
            own.push(slot);
        });
        if kept.is_err() {
            crate::sync::lock(&SHARED).push(slot); // the thread is ending
        }
    }
}

/// Under loom each slot is new, and counted, so that a lost one is found.
#[cfg(ghostlight_loom)]
pub(crate) mod pool {
    use super::Slot;
    use crate::sync::Ordering;

    loom::lazy_static! {
        pub(crate) static ref IN_USE: loom::sync::atomic::AtomicUsize = loom::sync::atomic::AtomicUsize::new(0);
    }

    pub(super) fn take() -> &'static Slot {
        IN_USE.fetch_add(1, Ordering::Relaxed);
        Box::leak(Box::new(Slot::new()))
    }

    pub(super) fn put(slot: &'static Slot) {
        slot.end_use();
        IN_USE.fetch_sub(1, Ordering::Relaxed);
    }
}
