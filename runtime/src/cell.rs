//! The cell: where an actor lives.
//!
//! One allocation holds what everybody may touch (the mailbox, the state machine), another what only its runner may:
//! the *life*, with the user's state. Ownership of that box is the right to run the actor, so nothing here needs a lock
//! while a handler runs, nor any `unsafe`. The only `unsafe` is in the reply slots, and in giving a handle its type back.
//!
//! * `mailbox`: the messages that wait, and the senders that wait for room
//! * `core`: the state machine around it
//! * `life`: the state, and the seat of an `async` handler
//! * `run`: handles messages
//! * `inline`: runs a call on its caller's thread
//! * `driver`: the tokio task of an actor that was ever sent a queued message
//! * `shield`: the panics of the user's code
//! * `frame`: what runs on this thread, and what runs next
//! * `slot`, `port`: where a reply waits for its caller
//! * `typed`: what handles are made of

pub(crate) mod core;
pub(crate) mod driver;
pub(crate) mod frame;
pub(crate) mod inline;
pub(crate) mod life;
pub(crate) mod mailbox;
pub(crate) mod port;
mod run;
pub(crate) mod shield;
pub(crate) mod slot;
#[cfg(all(test, ghostlight_loom))]
mod tests;
pub(crate) mod typed;

use self::{
    core::{Core, Tell},
    life::{Envelope, Life, Seat},
};
use crate::{
    actor::{Actor, Spawn},
    node::Node,
    options::Options,
    pid::Pid,
    sync::{Mutex, MutexGuard, lock},
};
use std::{
    any::type_name,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::Waker,
};
use tracing::Span;

/// An actor, whatever its type.
pub(crate) trait Process: Send + Sync {
    fn header(&self) -> &Header;

    /// Runs the actor here and now, if it has work and nobody else runs it, for at most so many messages.
    fn run(self: Arc<Self>, most: usize) -> After;

    /// The last strong handle is gone: the actor ends, unless it has work.
    fn last_handle_gone(self: Arc<Self>);

    /// The runtime is ending.
    fn node_down(&self);

    fn is_done(&self) -> bool;

    /// Counts one more strong handle, unless the actor has ended.
    fn add_handle_if_alive(&self) -> bool;

    /// The driver is there, and is woken by this.
    fn set_driver(&self, waker: &Waker);

    /// How the driver is told that there is work.
    fn tell_driver(&self) -> Tell;
}

/// What there is to do after a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum After {
    /// Nothing, until somebody tells.
    Rest,
    /// More: the run was cut short to let others have their turn.
    More,
    /// Nothing ever again.
    Done,
}

/// What every cell has, whatever the type of its actor.
pub(crate) struct Header {
    pub(crate) pid: Pid,
    pub(crate) node: Arc<Node>,
    /// Strong handles: they keep an actor without a supervisor alive.
    handles: AtomicUsize,
    /// The actor's own span, where somebody listens: what its handlers log is the actor's, whatever thread they run on.
    span: Option<Box<Span>>,
}

impl Header {
    pub(crate) fn add_handle(&self) {
        self.handles.fetch_add(1, Ordering::Relaxed);
    }

    /// Says whether it was the last.
    pub(crate) fn drop_handle(&self) -> bool {
        self.handles.fetch_sub(1, Ordering::AcqRel) == 1
    }

    fn is_unreferenced(&self) -> bool {
        self.handles.load(Ordering::Acquire) == 0
    }
}

/// Where an actor of type `A` lives.
pub(crate) struct Cell<A: Actor> {
    header: Header,
    core: Mutex<Core<Envelope<A>, Body<A>>>,
}

/// A cell under its lock.
type Locked<'a, A> = MutexGuard<'a, Core<Envelope<A>, Body<A>>>;

/// What the runner of an actor owns.
pub(crate) enum Body<A: Actor> {
    Life(Box<Life<A>>),
    /// The life is in the future of a handler that awaits.
    Seated(Seat<A>),
}

impl<A: Spawn> Cell<A> {
    /// The cell of an actor that is being started, with one strong handle.
    pub(crate) fn starting(node: Arc<Node>) -> Arc<Self> {
        let pid = Pid::next();
        let span = tracing::info_span!(parent: None, "actor", actor = type_name::<A>(), %pid);
        let span = (!span.is_disabled()).then(|| Box::new(span));
        Arc::new(Self {
            header: Header { pid, node, handles: AtomicUsize::new(1), span },
            core: Mutex::new(Core::starting()),
        })
    }
}

impl<A: Actor> Cell<A> {
    pub(crate) const OPTIONS: Options = A::OPTIONS;

    #[inline]
    pub(crate) fn lock(&self) -> Locked<'_, A> {
        lock(&self.core)
    }

    /// Adds a message, whatever the capacity, and lets go of the lock.
    #[inline]
    pub(crate) fn push(
        &self,
        mut core: Locked<'_, A>,
        process: &Arc<dyn Process>,
        message: Envelope<A>,
    ) {
        if core.push(message) {
            self.tell(core, process);
        }
    }

    /// Tells somebody that there is work: whoever drives on this thread, or the actor's own driver.
    ///
    /// `process` is this cell, and `core` its lock, held since the work was found.
    #[inline]
    pub(crate) fn tell(&self, mut core: Locked<'_, A>, process: &Arc<dyn Process>) {
        if frame::is_driven_by(&self.header.node) {
            drop(core);
            frame::run_next(process);
        } else {
            let tell = core.tell_driver();
            drop(core);
            driver::tell(tell, process);
        }
    }

    /// A sender that waited for room has gone: the room that it was granted is the next one's.
    pub(crate) fn leave_line(&self, place: mailbox::Place) {
        let mut core = self.lock();
        let granted = core.mailbox.leave(place);
        if granted {
            let wakers = core.mailbox.grant(Self::OPTIONS.mailbox);
            drop(core);
            wakers.wake();
        }
    }
}
