//! What this thread is doing: which actor runs on it, how deep, and which one runs next.

use super::{Header, Process, driver};
use crate::{call::CallError, clock, exit::ExitReason, node::Node, pid::Pid};
use std::{
    cell::{Cell, RefCell},
    marker::PhantomData,
    ops::Range,
    ptr,
    sync::Arc,
    time::Duration,
};
use tokio::time::Instant;
use tracing::span::EnteredSpan;

/// How many actors may run inside each other on one thread by calls.
const DEEPEST: u32 = 16;

/// How many actors may run inside each other and be seen to.
const ROOM: usize = 32;

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
    static CURRENT: Cell<Option<Pid>> = const { Cell::new(None) };
    /// The actors that run inside each other, the innermost last; deeper ones than there is room for are not seen.
    static STACK: [Cell<*const Header>; ROOM] = const { [const { Cell::new(ptr::null()) }; ROOM] };
    /// When the caller of the handler that runs stops waiting for it.
    static DEADLINE: Cell<Deadline> = const { Cell::new(Deadline::NONE) };
    /// The node whose driver runs on this thread; null outside of drivers.
    static DRIVER: Cell<*const Node> = const { Cell::new(ptr::null()) };
    static NEXT: RefCell<Option<Arc<dyn Process>>> = const { RefCell::new(None) };
    /// The actor whose driver runs others on this thread, while it has nothing to do itself.
    static HOST: RefCell<Option<Arc<dyn Process>>> = const { RefCell::new(None) };
    /// What the callers of the life that is being dropped on this thread are told.
    static DYING: RefCell<Option<CallError>> = const { RefCell::new(None) };
    /// Replies and streams dropped by panics that have not been caught yet, of all the actors that run on this thread: each is told why.
    static ORPHANS: RefCell<Vec<Orphan>> = const { RefCell::new(Vec::new()) };
    static ORPHANED: Cell<usize> = const { Cell::new(0) };
    /// How many of the orphans are those of actors around the one that runs.
    static OTHERS: Cell<usize> = const { Cell::new(0) };
    /// The actors of the stack below this place do not wait for those above.
    static BASE: Cell<u32> = const { Cell::new(0) };
}

type Orphan = Box<dyn FnOnce(CallError)>;

/// When somebody stops waiting. The clock is not looked at before anybody wants to know.
#[derive(Clone, Copy)]
pub(crate) struct Deadline {
    at: Option<Instant>,
    /// So long after this was made: by then, or at `at`.
    within: Option<Duration>,
}

impl Deadline {
    pub(crate) const NONE: Self = Self { at: None, within: None };

    pub(crate) fn at(at: Option<Instant>) -> Self {
        Self { at, within: None }
    }

    pub(crate) fn within(limit: Duration) -> Self {
        Self { at: None, within: Some(limit) }
    }

    pub(crate) fn is_none(&self) -> bool {
        self.at.is_none() && self.within.is_none()
    }

    /// The earlier of two.
    pub(crate) fn or(self, other: Self) -> Self {
        fn earlier<T: Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
            match (one, other) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            }
        }
        Self { at: earlier(self.at, other.at), within: earlier(self.within, other.within) }
    }

    /// The same, as a time.
    pub(crate) fn stamped(self) -> Self {
        let Some(limit) = self.within else { return self };
        Self::at(self.at).or(Self::at(clock::after(limit)))
    }
}

/// While this lives, an actor runs on this thread.
pub(crate) struct Frame<'a> {
    outer: Option<Pid>,
    others: usize,
    _span: Option<EnteredSpan>,
    /// `STACK` points to it.
    actor: PhantomData<&'a Header>,
}

impl<'a> Frame<'a> {
    #[inline]
    pub(crate) fn enter(actor: &'a Header) -> Self {
        let depth = DEPTH.get();
        STACK.with(|stack| {
            if let Some(place) = stack.get(depth as usize) {
                place.set(actor);
            }
        });
        DEPTH.set(depth + 1);
        Self {
            outer: CURRENT.replace(actor.ties.pid()),
            others: OTHERS.replace(ORPHANED.get()),
            _span: actor.span(),
            actor: PhantomData,
        }
    }

    /// The actor that runs around this one.
    pub(crate) fn outer(&self) -> Option<Pid> {
        self.outer
    }
}

impl Drop for Frame<'_> {
    #[inline]
    fn drop(&mut self) {
        if ORPHANED.get() > OTHERS.get() && !std::thread::panicking() {
            // A handler caught the panic itself, and the actor lives on.
            fail(&CallError::NoReply);
        }
        DEPTH.set(DEPTH.get() - 1);
        CURRENT.set(self.outer);
        OTHERS.set(self.others);
    }
}

/// The actor that runs on this thread.
pub(crate) fn current() -> Option<Pid> {
    CURRENT.try_with(Cell::get).ok().flatten()
}

/// The actor that waits while this code does, if one does.
pub(crate) fn waiting() -> Option<Pid> {
    current().filter(|_| !stack().is_empty())
}

/// The places on the stack of the actors that run inside each other, and wait for each other.
pub(super) fn stack() -> Range<usize> {
    let base = BASE.try_with(Cell::get).map_or(0, |base| base as usize);
    base..DEPTH.try_with(Cell::get).map_or(0, |depth| (depth as usize).min(ROOM))
}

/// Calls `f` with the actor at a place on the stack.
#[inline]
#[allow(unsafe_code, reason = "what the stack points to is borrowed by its frame")]
pub(super) fn with_actor<R>(place: usize, f: impl FnOnce(&Header) -> R) -> Option<R> {
    if !stack().contains(&place) {
        return None;
    }
    let actor = STACK.try_with(|stack| stack[place].get()).ok()?;
    // SAFETY: `Frame::enter` put it there, and borrows it for as long as the frame lives; frames end in the reverse order in which they
    // began, so those of all places below the depth live.
    unsafe { actor.as_ref() }.map(f)
}

/// When the caller of the handler that runs stops waiting: what that handler waits for, it waits for no longer.
#[inline]
pub(crate) fn deadline() -> Option<Instant> {
    let deadline = DEADLINE.try_with(Cell::get).ok()?;
    if deadline.within.is_none() {
        return deadline.at;
    }
    let deadline = deadline.stamped();
    DEADLINE.set(deadline);
    deadline.at
}

#[inline]
pub(crate) fn set_deadline(deadline: Deadline) -> Deadline {
    DEADLINE.replace(deadline)
}

/// Whether one more actor may run inside those that run already.
#[inline]
pub(crate) fn may_nest() -> bool {
    DEPTH.try_with(Cell::get).is_ok_and(|depth| depth < DEEPEST)
}

/// While this lives, this thread does something else than what the actors on it are doing: it has no part in their waiting.
pub(crate) struct Apart {
    base: u32,
    deadline: Deadline,
}

impl Apart {
    pub(crate) fn enter() -> Self {
        Self { base: BASE.replace(DEPTH.get()), deadline: set_deadline(Deadline::NONE) }
    }
}

impl Drop for Apart {
    fn drop(&mut self) {
        BASE.set(self.base);
        set_deadline(self.deadline);
    }
}

/// While this lives, a driver of `node` runs on this thread, and an actor that it activates may run next.
pub(crate) struct Driving {
    /// What this thread was doing before, if it was not a scheduler that is between two tasks.
    outer: Option<Outer>,
}

/// What this thread was doing, with an actor or with another runtime's driver: it blocks on this runtime.
struct Outer {
    driver: *const Node,
    next: Option<Arc<dyn Process>>,
    host: Option<Arc<dyn Process>>,
    _apart: Apart,
}

impl Driving {
    #[inline]
    pub(crate) fn enter(node: &Node) -> Self {
        let driver = DRIVER.replace(ptr::from_ref(node));
        // Without a driver nobody is to run next; without an actor nobody waits, or has a deadline.
        let is_plain = driver.is_null() && DEPTH.get() == 0;
        debug_assert!(!is_plain || (BASE.get() == 0 && DEADLINE.get().is_none()));
        Self { outer: if is_plain { None } else { Some(Outer::leave(driver)) } }
    }
}

impl Outer {
    #[cold]
    fn leave(driver: *const Node) -> Self {
        Self { driver, next: NEXT.take(), host: HOST.take(), _apart: Apart::enter() }
    }
}

impl Drop for Driving {
    #[inline]
    fn drop(&mut self) {
        let (driver, next) = match &mut self.outer {
            None => (ptr::null(), None),
            Some(outer) => {
                HOST.replace(outer.host.take());
                (outer.driver, outer.next.take())
            }
        };
        DRIVER.set(driver);
        if let Some(process) = NEXT.replace(next) {
            driver::wake(&process);
        }
    }
}

/// While this lives, the driver of an actor runs others on this thread.
pub(crate) struct Host;

impl Host {
    pub(super) fn enter(process: &Arc<dyn Process>) -> Self {
        HOST.replace(Some(Arc::clone(process)));
        Self
    }

    /// Whether one of the others has blocked this thread, so that the actor has another driver now.
    pub(super) fn is_replaced() -> bool {
        HOST.with_borrow(Option::is_none)
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        HOST.take();
    }
}

/// While this lives, this thread blocks: what is activated on it is given to the scheduler.
pub(crate) struct Undriven {
    driver: *const Node,
}

impl Undriven {
    pub(crate) fn enter() -> Self {
        flush();
        let driver = DRIVER.replace(ptr::null());
        if !driver.is_null()
            && let Some(host) = HOST.take()
        {
            driver::tell(host.replace_driver(), &host);
        }
        Self { driver }
    }
}

impl Drop for Undriven {
    fn drop(&mut self) {
        DRIVER.set(self.driver);
    }
}

/// Whether a driver of `node` runs on this thread.
#[inline]
pub(crate) fn is_driven_by(node: &Node) -> bool {
    DRIVER.try_with(Cell::get).is_ok_and(|driver| ptr::eq(driver, node))
}

/// Makes `process` the one that runs next on this thread. The one that was to run next is given to the scheduler.
#[inline]
pub(crate) fn run_next(process: &Arc<dyn Process>) {
    if let Some(earlier) = NEXT.replace(Some(Arc::clone(process))) {
        driver::wake(&earlier);
    }
}

/// The actor to run next on this thread.
#[inline]
pub(crate) fn next() -> Option<Arc<dyn Process>> {
    NEXT.take()
}

/// Gives the actor that was to run next to the scheduler: the code on this thread waits, perhaps for that very actor.
#[inline]
pub(crate) fn flush() {
    if DRIVER.try_with(Cell::get).is_ok_and(|driver| !driver.is_null())
        && let Some(process) = NEXT.take()
    {
        driver::wake(&process);
    }
}

/// Runs `f`, in which a life is dropped: the replies that it owed are answered with `error`.
pub(crate) fn dying(error: &CallError, f: impl FnOnce()) {
    let outer = DYING.replace(Some(error.clone()));
    f();
    DYING.replace(outer);
    if ORPHANED.get() > OTHERS.get() {
        fail(error); // those that a destructor's panic dropped
    }
}

/// What the caller of a call that is dropped unanswered is told.
pub(crate) fn no_reply() -> CallError {
    let dying = DYING.try_with(|dying| dying.borrow().clone());
    dying.ok().flatten().unwrap_or(CallError::NoReply)
}

/// Takes charge of a reply or a stream that is being dropped: `tell` says what became of it, at once or when the panic that drops it
/// has been caught.
pub(crate) fn abandon(tell: impl FnOnce(CallError) + 'static) {
    if std::thread::panicking() && current().is_some() {
        ORPHANS.with_borrow_mut(|orphans| orphans.push(Box::new(tell)));
        ORPHANED.set(ORPHANED.get() + 1);
    } else {
        tell(no_reply());
    }
}

/// The actor that runs panicked: the callers of the replies that this dropped are told why.
pub(crate) fn fail_orphans(reason: &ExitReason) {
    if ORPHANED.get() > OTHERS.get() {
        fail(&CallError::Died(reason.clone()));
    }
}

#[cold]
fn fail(error: &CallError) {
    let others = OTHERS.get();
    let own = ORPHANS.with_borrow_mut(|orphans| orphans.split_off(others.min(orphans.len())));
    ORPHANED.set(others);
    for tell in own {
        tell(error.clone());
    }
}
