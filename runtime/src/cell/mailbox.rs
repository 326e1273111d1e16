//! The messages that wait, and the senders that wait for room.
//!
//! Plain data: `cell/core.rs` puts it under the cell's mutex.

use super::{queue::Queue, shield::wake};
use std::{
    collections::VecDeque,
    mem,
    sync::atomic::{AtomicU64, Ordering},
    task::Waker,
};

/// An emptied buffer larger than this is given back.
const KEPT: usize = 1_024;

/// How many wakers are taken out under one lock.
const WAKE_BATCH: usize = 8;

pub(crate) struct Mailbox<M> {
    /// The oldest message. An actor that never has two waiting never allocates `rest`.
    first: Option<M>,
    rest: Queue<M>,
    /// Messages that the runner has taken out and that wait for a handler which awaits: they count towards the capacity. What a
    /// runner is working through does not; it would only make senders wait for what is about to be done.
    in_hand: usize,
    /// Senders that wait for room.
    waiters: Option<Box<Waiters>>,
}

/// Senders that wait for room, first come first served.
#[derive(Default)]
struct Waiters {
    queue: VecDeque<Waiter>,
    /// Room that has been promised to waiters who have not used it yet.
    granted: usize,
}

struct Waiter {
    ticket: u64,
    /// `None` once room was granted.
    waker: Option<Waker>,
}

/// A place in the line of those who wait for room: never given twice, so that one who waited for an earlier life has no place in the line
/// for a later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place(u64);

/// What one who waits for room finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// There is room for the message; the place is given up.
    Granted,
    NotYet,
    /// The mailbox was closed meanwhile, and the line with it.
    Closed,
}

/// Wakers to be woken once the lock has been let go.
#[derive(Default)]
pub(crate) struct Wakers {
    wakers: [Option<Waker>; WAKE_BATCH],
    len: usize,
}

impl Wakers {
    fn push(&mut self, waker: Waker) {
        self.wakers[self.len] = Some(waker);
        self.len += 1;
    }

    fn is_full(&self) -> bool {
        self.len == WAKE_BATCH
    }

    /// Wakes them. Says whether there may be more.
    pub(crate) fn wake(self) -> bool {
        let more = self.is_full();
        self.wakers.into_iter().flatten().for_each(wake);
        more
    }
}

impl<M> Mailbox<M> {
    pub(crate) fn new() -> Self {
        Self { first: None, rest: Queue::new(), in_hand: 0, waiters: None }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    /// How many messages wait.
    pub(crate) fn len(&self) -> usize {
        usize::from(self.first.is_some()) + self.rest.len() + self.in_hand
    }

    /// Adds a message whatever the capacity.
    #[inline]
    pub(crate) fn push(&mut self, message: M) {
        if self.first.is_none() {
            self.first = Some(message); // `rest` is empty: it only fills behind `first`
        } else {
            self.rest.push_back(message);
        }
    }

    /// Whether a new sender may add a message: there is room that is nobody else's, and nobody waits for it. It need not wait for those who
    /// have been granted theirs and have not used it yet: once some wait, all would wait for each message from then on.
    #[inline]
    pub(crate) fn has_room(&self, capacity: usize) -> bool {
        match &self.waiters {
            None => self.len() < capacity,
            Some(waiters) => {
                self.len() + waiters.granted < capacity && waiters.queue.len() == waiters.granted
            }
        }
    }

    /// Moves all that waits into `batch`, which is empty.
    #[inline]
    pub(crate) fn take(&mut self, batch: &mut Queue<M>) {
        if let Some(first) = self.first.take() {
            mem::swap(&mut self.rest, batch);
            batch.push_front(first);
        }
        self.in_hand = 0;
    }

    /// Says how many of the messages taken out are still to be handled.
    #[inline]
    pub(crate) fn set_in_hand(&mut self, in_hand: usize) {
        self.in_hand = in_hand;
    }

    /// Puts back what was taken out and not handled, ahead of what has come since.
    pub(crate) fn put_back(&mut self, mut batch: Queue<M>) {
        self.in_hand = 0;
        if batch.is_empty() {
            return;
        }
        if let Some(first) = self.first.take() {
            batch.push_back(first);
        }
        batch.append(&mut self.rest);
        self.first = batch.pop_front();
        self.rest = batch;
    }

    /// Takes the only message out, where there is just one.
    #[inline]
    pub(crate) fn take_only(&mut self) -> Option<M> {
        if self.rest.is_empty() { self.first.take() } else { None }
    }

    /// Gives back the memory of a burst.
    #[inline]
    pub(crate) fn shrink(&mut self) {
        self.rest.shrink(KEPT);
    }

    /// Joins the line for room.
    pub(crate) fn join(&mut self, waker: &Waker) -> Place {
        self.waiters.get_or_insert_default().join(waker)
    }

    /// Whether it is the turn of the sender at `place`; if not yet, `waker` is woken when it is.
    pub(crate) fn turn(&mut self, place: Place, waker: &Waker) -> Turn {
        self.waiters.as_mut().map_or(Turn::Closed, |waiters| waiters.turn(place, waker))
    }

    /// Leaves the line. Says whether room had been granted: the message may be pushed, or the room goes to the next.
    pub(crate) fn leave(&mut self, place: Place) -> bool {
        self.waiters.as_mut().is_some_and(|waiters| waiters.leave(place))
    }

    /// Whether a sender waits for room, which it has not been granted.
    #[inline]
    pub(crate) fn has_waiters(&self) -> bool {
        self.waiters.as_ref().is_some_and(|waiters| waiters.queue.len() > waiters.granted)
    }

    /// Grants what room there is to those who wait, in order.
    pub(crate) fn grant(&mut self, capacity: usize) -> Wakers {
        let room = capacity.saturating_sub(self.len());
        self.waiters.as_mut().map_or_else(Wakers::default, |waiters| waiters.grant(room))
    }

    /// Empties the mailbox for good, and tells all who wait for room.
    pub(crate) fn close(&mut self) -> (Queue<M>, Vec<Waker>) {
        let mut left = Queue::new();
        self.take(&mut left);
        self.in_hand = 0;
        let wakers = self.waiters.take().map_or_else(Vec::new, |waiters| waiters.into_wakers());
        (left, wakers)
    }
}

// Not of the mailbox, which is compiled for each actor.
impl Waiters {
    fn join(&mut self, waker: &Waker) -> Place {
        static TICKETS: AtomicU64 = AtomicU64::new(0);
        let ticket = TICKETS.fetch_add(1, Ordering::Relaxed);
        self.queue.push_back(Waiter { ticket, waker: Some(waker.clone()) });
        Place(ticket)
    }

    fn turn(&mut self, place: Place, waker: &Waker) -> Turn {
        let Some(waiter) = self.at(place) else { return Turn::Closed };
        if waiter.waker.is_some() {
            waiter.waker = Some(waker.clone());
            return Turn::NotYet;
        }
        self.leave(place);
        Turn::Granted
    }

    fn leave(&mut self, place: Place) -> bool {
        let Ok(at) = self.queue.binary_search_by_key(&place.0, |waiter| waiter.ticket) else {
            return false;
        };
        let granted = self.queue.remove(at).is_some_and(|waiter| waiter.waker.is_none());
        self.granted -= usize::from(granted);
        granted
    }

    /// Grants so much room, less what has been granted already.
    fn grant(&mut self, room: usize) -> Wakers {
        let mut wakers = Wakers::default();
        let mut room = room.saturating_sub(self.granted);
        let first = self.granted;
        for waiter in self.queue.iter_mut().skip(first) {
            if room == 0 || wakers.is_full() {
                break;
            }
            wakers.push(waiter.waker.take().expect("those who wait are behind those granted"));
            self.granted += 1;
            room -= 1;
        }
        wakers
    }

    fn into_wakers(self) -> Vec<Waker> {
        self.queue.into_iter().filter_map(|waiter| waiter.waker).collect()
    }

    fn at(&mut self, place: Place) -> Option<&mut Waiter> {
        let at = self.queue.binary_search_by_key(&place.0, |waiter| waiter.ticket).ok()?;
        self.queue.get_mut(at)
    }
}
