//! The cell: where an actor lives.
//!
//! One allocation holds what everybody may touch (the mailbox, the state machine), another what only its runner may:
//! the *life*, with the user's state. Ownership of that box is the right to run the actor, so nothing here needs a lock
//! while a handler runs, nor any `unsafe`. The only `unsafe` is in the reply slots.
//!
//! * `mailbox`: the messages that wait, and the senders that wait for room
//! * `core`: the state machine around it
//! * `life`: the state, and the seat of an `async` handler
//! * `run`: handles messages
//! * `inline`: runs a call on its caller's thread
//! * `driver`: the tokio task of an actor that was ever sent a queued message
//! * `frame`: what runs on this thread, and what runs next
//! * `slot`, `port`: where a reply waits for its caller

pub(crate) mod core;
pub(crate) mod driver;
pub(crate) mod frame;
pub(crate) mod inline;
pub(crate) mod life;
pub(crate) mod mailbox;
pub(crate) mod port;
mod run;
pub(crate) mod slot;

use self::{
    core::Core,
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
    any::Any,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::Waker,
};

/// An actor, whatever its type.
pub(crate) trait Process: Any + Send + Sync {
    fn header(&self) -> &Header;

    fn as_any(&self) -> &dyn Any;

    /// Runs the actor here and now, if it has work and nobody else runs it.
    fn run(self: Arc<Self>) -> After;

    /// The last strong handle is gone: the actor ends, unless it has work.
    fn last_handle_gone(self: Arc<Self>);

    /// The runtime is ending.
    fn node_down(&self);

    fn is_done(&self) -> bool;
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
    /// The driver's waker, once it has been polled.
    driver: OnceLock<Waker>,
    has_driver: AtomicBool,
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

    /// Sees to it that a driver comes and runs the actor.
    pub(crate) fn wake_driver(&self, process: &Arc<dyn Process>) {
        // The driver registers its waker before it first looks for work. So where it is not there yet, it is still to come.
        if let Some(driver) = self.driver.get() {
            driver.wake_by_ref();
        } else {
            self.ensure_driver(process);
        }
    }

    pub(crate) fn ensure_driver(&self, process: &Arc<dyn Process>) {
        if !self.has_driver.load(Ordering::Relaxed) && !self.has_driver.swap(true, Ordering::AcqRel)
        {
            driver::start(Arc::clone(process));
        }
    }
}

/// Tells somebody that there is work: whoever drives on this thread, or the actor's own driver.
#[inline]
pub(crate) fn schedule(process: &Arc<dyn Process>) {
    if !frame::offer(process) {
        process.header().wake_driver(process);
    }
}

/// Where an actor of type `A` lives.
pub(crate) struct Cell<A: Actor> {
    header: Header,
    core: Mutex<Core<Envelope<A>, Body<A>>>,
}

/// What the runner of an actor owns.
pub(crate) enum Body<A: Actor> {
    Life(Box<Life<A>>),
    /// The life is in the future of a handler that awaits.
    Seated(Seat<A>),
}

impl<A: Spawn> Cell<A> {
    /// The cell of an actor that is being started, with one strong handle.
    pub(crate) fn starting(node: Arc<Node>) -> Arc<Self> {
        Arc::new(Self {
            header: Header {
                pid: Pid::next(),
                node,
                handles: AtomicUsize::new(1),
                driver: OnceLock::new(),
                has_driver: AtomicBool::new(false),
            },
            core: Mutex::new(Core::starting()),
        })
    }
}

impl<A: Actor> Cell<A> {
    pub(crate) const OPTIONS: Options = A::OPTIONS;

    #[inline]
    pub(crate) fn lock(&self) -> MutexGuard<'_, Core<Envelope<A>, Body<A>>> {
        lock(&self.core)
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
