//! The cell: where an actor lives.
//!
//! One allocation: what everybody may touch (the mailbox, the state machine) under a mutex, and beside it the *life*, with the user's
//! state, which only its runner may. Whoever has the token for it, its `LifeBox`, has the right to run the actor, so
//! nothing here needs a lock while a handler runs. The `unsafe` is in the place of the life, in the reply slots and in who waits for
//! whom, in giving a handle its type back, and in counting cycles.
//!
//! * `mailbox`: the messages that wait, and the senders that wait for room
//! * `queue`: what messages wait in
//! * `core`: the state machine around it
//! * `envelope`: what is in them; `caller`: who waits for the answer to a call
//! * `errand`: a message of a protocol
//! * `life`: the state, and what it has taken on; `home`: where it lies; `seat`: the future of an `async` handler
//! * `run`: handles messages
//! * `end`: the end of a life, and what it leaves behind
//! * `report`: what telemetry is told
//! * `signal`: exit signals
//! * `process`: an actor whose type is not known
//! * `inline`: runs a call on its caller's thread
//! * `driver`: the tokio task of an actor that was ever sent a queued message
//! * `shield`: the panics of the user's code
//! * `ties`: links and monitors
//! * `few`: a short map
//! * `role`: what outlives a life besides the mailbox: the name, the children
//! * `cycles`: what the processor counts
//! * `frame`: what runs on this thread, and what runs next
//! * `slot`, `port`: where a reply waits for its caller
//! * `waits`: who waits for whom; `ring`: whether in a ring
//! * `load`: which calls there is time for
//! * `typed`: what handles are made of

pub(crate) mod caller;
pub(crate) mod core;
#[cfg(all(target_os = "linux", target_arch = "x86_64", not(miri)))]
pub(crate) mod cycles;
pub(crate) mod driver;
mod end;
pub(crate) mod envelope;
pub(crate) mod errand;
pub(crate) mod few;
pub(crate) mod frame;
pub(crate) mod home;
pub(crate) mod inline;
pub(crate) mod life;
mod load;
pub(crate) mod mailbox;
pub(crate) mod port;
mod process;
pub(crate) mod queue;
mod report;
mod ring;
pub(crate) mod role;
mod run;
pub(crate) mod seat;
pub(crate) mod shield;
mod signal;
pub(crate) mod slot;
#[cfg(all(test, ghostlight_loom))]
mod tests;
pub(crate) mod ties;
pub(crate) mod typed;
pub(crate) mod waits;

use self::{
    core::{Core, Fate, NoBegin, Tell},
    envelope::{Envelope, System, Told},
    home::Home,
    life::{Life, LifeBox},
    mailbox::{Place, Turn},
    role::RoleInfo,
    seat::Seat,
    ties::Ties,
    waits::Waiter,
};
use crate::{
    actor::{Actor, Spawn},
    exit::ExitReason,
    link::{Peer, Signal},
    monitor::{MonitorRef, Watch},
    node::Node,
    options::Options,
    pid::Pid,
    sync::{AtomicPtr, Mutex, MutexGuard, lock},
};
use std::{
    any::{Any, TypeId, type_name},
    ptr,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::Waker,
};
use tracing::{Span, span::EnteredSpan};

/// An actor, whatever its type.
pub(crate) trait Process: Send + Sync {
    fn header(&self) -> &Header;

    /// The type of the actor.
    fn actor_type(&self) -> TypeId;

    /// Its name.
    fn actor(&self) -> &'static str;

    /// A `Cell<A>`, whose type `downcast` finds.
    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync>;

    /// Runs the actor here and now, if it has work and nobody else runs it, for at most so many messages. `process` is this actor.
    fn run(&self, process: &Arc<dyn Process>, most: usize) -> After;

    /// As [`run`](Self::run), on this thread whatever the actor's options say.
    fn run_on_this_thread(&self, process: &Arc<dyn Process>, most: usize) -> After;

    /// The last strong handle is gone: the actor ends, unless it has work.
    fn last_handle_gone(self: Arc<Self>);

    /// The runtime is ending.
    fn node_down(&self);

    /// What others do to the life `to`; nothing, if it is not the present one.
    fn signal(self: Arc<Self>, to: Pid, signal: Signal);

    /// Ends the life `life` here and now, in order, where it has nothing else to do and that is safe. Says whether it did.
    fn end_here(&self, life: Pid, reason: &ExitReason) -> bool;

    /// Whether it runs no more of its code once an exit signal has come that it does not trap.
    fn ends_at_once(&self) -> bool;

    /// Says what comes after the present life. Only for the supervisor of a child that has one.
    fn set_fate(&self, fate: Fate);

    /// What comes after the present life.
    fn fate(&self) -> Fate;

    /// No life follows, for now: what waits is told why the last one ended. Does nothing while there is a life. Says whether one was
    /// to follow.
    fn close(&self, reason: &ExitReason) -> bool;

    /// A life follows after all: what is sent from now on waits for it.
    fn reopen(&self);

    /// Nobody keeps the role any more: its present life is the last.
    fn dismiss(&self, reason: &ExitReason);

    fn is_done(&self) -> bool;

    /// Whether it runs on some thread.
    fn is_running(&self) -> bool;

    /// Whom the role waits for, if it is between two lives: its supervisor.
    fn keeper(&self) -> Option<Arc<dyn Process>>;

    /// A sender that waited for room has gone: the room that it was granted is the next one's.
    fn leave_line(&self, place: Place);

    /// What wakes it.
    fn waker(self: Arc<Self>) -> Waker;

    /// Counts one more strong handle, unless the actor has ended.
    fn add_handle_if_alive(&self) -> bool;

    /// The driver is there, and is woken by this.
    fn set_driver(&self, waker: &Waker);

    /// How the driver is told that there is work.
    fn tell_driver(&self) -> Tell;

    /// The task of its driver is stuck in what blocks its thread: another one takes its place.
    fn replace_driver(&self) -> Tell;
}

/// What became of a message that was to be sent.
#[must_use]
pub(crate) enum Posted<M> {
    Sent,
    /// There is no room; the place in the line for it, where it was joined.
    NoRoom(M, Option<Place>),
    /// The actor has ended.
    Gone(M),
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
    pub(crate) node: Arc<Node>,
    /// Strong handles: they keep an actor without a supervisor alive.
    handles: AtomicUsize,
    /// The pid of the present life, its links, and those who monitor it.
    pub(crate) ties: Ties<Peer, Box<dyn Watch>>,
    /// A supervisor keeps it, or has: there may be more than one life.
    is_role: bool,
    /// The life is to end at once. Set under the core's lock, and read without it between two messages.
    sentenced: AtomicBool,
    /// The supervisor has asked the life to end: what it handles until then is counted.
    counts: AtomicBool,
    /// What it is among the actors that wait for others, or are waited for; null before there was need of that.
    waiter: AtomicPtr<Waiter>,
    /// The span of the present life, where somebody listens: what its handlers log is the actor's, whatever thread they run on.
    span: Option<Box<Mutex<Span>>>,
    role: OnceLock<Box<Mutex<RoleInfo>>>,
}

impl Header {
    fn new(node: Arc<Node>, handles: usize, pid: Option<Pid>, span: Span) -> Self {
        Self {
            node,
            handles: AtomicUsize::new(handles),
            ties: Ties::new(pid),
            is_role: pid.is_none(),
            sentenced: AtomicBool::new(false),
            counts: AtomicBool::new(false),
            waiter: AtomicPtr::new(ptr::null_mut()),
            span: (!span.is_disabled()).then(|| Box::new(Mutex::new(span))),
            role: OnceLock::new(),
        }
    }

    #[inline]
    pub(crate) fn is_sentenced(&self) -> bool {
        self.sentenced.load(Ordering::Relaxed)
    }

    /// Whether the messages that the life handles are counted.
    #[inline]
    fn counts(&self) -> bool {
        self.counts.load(Ordering::Relaxed)
    }

    #[inline]
    fn span(&self) -> Option<EnteredSpan> {
        self.span.as_ref().map(|span| lock(&**span).clone().entered())
    }

    /// What it has besides its mailbox, if it has anything.
    pub(crate) fn role(&self) -> Option<MutexGuard<'_, RoleInfo>> {
        self.role.get().map(|role| lock(&**role))
    }

    /// The same, for one who gives it something.
    pub(crate) fn role_or_new(&self) -> MutexGuard<'_, RoleInfo> {
        lock(&**self.role.get_or_init(|| Box::new(Mutex::new(RoleInfo::default()))))
    }

    pub(crate) fn add_handle(&self) {
        self.handles.fetch_add(1, Ordering::Relaxed);
    }

    /// Says whether it was the last.
    pub(crate) fn drop_handle(&self) -> bool {
        self.handles.fetch_sub(1, Ordering::AcqRel) == 1
    }

    /// Whether the only life of an actor without a supervisor is over.
    pub(crate) fn is_over(&self) -> bool {
        !self.is_role && self.ties.pid().is_none()
    }

    /// Whether nobody has a handle, and no supervisor is about to tell the life how it ends: one whose role was given up, because the
    /// supervisor has ended, is told so.
    #[inline]
    pub(crate) fn is_unreferenced(&self) -> bool {
        self.handles.load(Ordering::Acquire) == 0 && !(self.is_role && self.ties.has_parent())
    }
}

impl Drop for Header {
    fn drop(&mut self) {
        waits::forget(&self.waiter);
    }
}

/// Where an actor of type `A` lives.
pub(crate) struct Cell<A: Actor> {
    header: Header,
    core: Mutex<Core<Envelope<A>, Body<A>>>,
    /// Used only by whoever has the life's [`LifeBox`].
    home: Home<Life<A>>,
}

/// A cell under its lock.
type Locked<'a, A> = MutexGuard<'a, Core<Envelope<A>, Body<A>>>;

/// What the runner of an actor owns.
pub(crate) enum Body<A: Actor> {
    Life(LifeBox<A>),
    /// The life is in the future of a handler that awaits.
    Seated(Seat<A>),
}

impl<A: Spawn> Cell<A> {
    /// The cell of an actor that is being started, with one strong handle.
    pub(crate) fn starting(node: Arc<Node>) -> Arc<Self> {
        let pid = Pid::next();
        let header = Header::new(node, 1, Some(pid), Self::span(pid));
        Arc::new(Self { header, core: Mutex::new(Core::starting()), home: Home::new() })
    }

    /// The cell of a role that is kept by its supervisor, and has had no life yet.
    pub(crate) fn vacant(node: Arc<Node>) -> Arc<Self> {
        // Whether somebody listens to spans is seen now; each life has one of its own.
        let span = tracing::info_span!(parent: None, "actor", actor = type_name::<A>());
        let header = Header::new(node, 0, None, span);
        Arc::new(Self { header, core: Mutex::new(Core::vacant()), home: Home::new() })
    }

    /// Gives a life that has been built a place. Whoever asks builds the present life, and holds this cell until it has been opened.
    #[allow(unsafe_code, reason = "whoever has a life holds its cell")]
    pub(crate) fn house(self: &Arc<Self>, life: Life<A>) -> LifeBox<A> {
        // SAFETY: a life begins where there is none (`Core::begin`), in the hands of one who builds it. When it ends it is dropped before
        // the core says that there is none. A cell never moves. And it outlives the life: whoever has that is the cell's own core, or
        // runs or builds the actor, and holds the cell meanwhile.
        unsafe { self.home.move_in(life) }
    }

    fn span(pid: Pid) -> Span {
        tracing::info_span!(parent: None, "actor", actor = type_name::<A>(), %pid)
    }

    /// Begins a life in a role. Whoever asks runs it.
    pub(crate) fn begin_life(&self, parent: (Pid, Peer)) -> Result<Pid, NoBegin> {
        let pid = Pid::next();
        let mut core = self.lock();
        core.begin()?;
        self.header.sentenced.store(false, Ordering::Relaxed);
        self.header.counts.store(false, Ordering::Relaxed);
        drop(core);
        if let Some(span) = &self.header.span {
            *lock(&**span) = Self::span(pid);
        }
        self.header.ties.begin(pid, Some(parent));
        Ok(pid)
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

    /// Adds what the runtime says to the life `life`, whatever the capacity. Nothing is added where that is not the present one.
    pub(crate) fn push_system(&self, process: &Arc<dyn Process>, life: Pid, told: Told<A>) {
        let system = Box::new(System { life, told });
        let mut core = self.lock();
        if self.header.ties.pid() == Some(life) {
            let is_heeded = system.told.is_for_suspended();
            let lets_wait = |body: &Body<A>| matches!(body, Body::Life(_));
            if core.push_system(Envelope::System(system), is_heeded, lets_wait) {
                self.tell(core, process);
            }
        } else {
            drop(core); // what is in it is the user's, and is not dropped under the lock
        }
    }

    /// A monitored actor has ended.
    pub(crate) fn down(
        &self,
        process: &Arc<dyn Process>,
        life: Pid,
        monitor: MonitorRef,
        info: A::Info,
    ) {
        self.push_system(process, life, Told::Down(monitor, info));
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

    /// Puts a message into the mailbox. Where that has no room it joins the line, if there is a waker to be woken when it is its turn.
    #[inline]
    pub(crate) fn post<M>(
        &self,
        process: &Arc<dyn Process>,
        message: M,
        waker: Option<&Waker>,
        wrap: impl FnOnce(M) -> Envelope<A>,
    ) -> Posted<M> {
        let mut core = self.lock();
        if core.is_done() {
            return Posted::Gone(message);
        }
        if core.mailbox.has_room(Self::OPTIONS.mailbox) {
            self.push(core, process, wrap(message));
            return Posted::Sent;
        }
        Posted::NoRoom(message, waker.map(|waker| core.mailbox.join(waker)))
    }

    /// Puts a message that waits for room into the mailbox, if it is its turn.
    pub(crate) fn turn<M>(
        &self,
        process: &Arc<dyn Process>,
        message: M,
        (place, waker): (Place, &Waker),
        wrap: impl FnOnce(M) -> Envelope<A>,
    ) -> Result<(), (Turn, M)> {
        let mut core = self.lock();
        match core.mailbox.turn(place, waker) {
            Turn::Granted => {
                self.push(core, process, wrap(message));
                Ok(())
            }
            turn => Err((turn, message)),
        }
    }
}
