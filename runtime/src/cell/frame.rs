//! What this thread is doing: which actor runs on it, how deep, and which one runs next.

use super::{Header, Process, driver, port::Owed};
use crate::{call::CallError, exit::ExitReason, node::Node, pid::Pid};
use std::{
    cell::{Cell, RefCell},
    ptr,
    sync::Arc,
};
use tracing::span::Entered;

/// How many calls may run inside each other on one thread.
const DEEPEST: u32 = 16;

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
    static CURRENT: Cell<Option<Pid>> = const { Cell::new(None) };
    /// The node whose driver runs on this thread; null outside of drivers.
    static DRIVER: Cell<*const Node> = const { Cell::new(ptr::null()) };
    static NEXT: RefCell<Option<Arc<dyn Process>>> = const { RefCell::new(None) };
    /// What the callers of the life that is being dropped on this thread are told.
    static DYING: RefCell<Option<CallError>> = const { RefCell::new(None) };
    /// Replies dropped by a panic that has not been caught yet.
    static ORPHANS: RefCell<Vec<Owed>> = const { RefCell::new(Vec::new()) };
}

/// While this lives, an actor runs on this thread.
pub(crate) struct Frame<'a> {
    outer: Option<Pid>,
    _span: Option<Entered<'a>>,
}

impl<'a> Frame<'a> {
    #[inline]
    pub(crate) fn enter(actor: &'a Header) -> Self {
        DEPTH.set(DEPTH.get() + 1);
        Self {
            outer: CURRENT.replace(Some(actor.pid)),
            _span: actor.span.as_ref().map(|span| span.enter()),
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
        DEPTH.set(DEPTH.get() - 1);
        CURRENT.set(self.outer);
    }
}

/// The actor that runs on this thread.
pub(crate) fn current() -> Option<Pid> {
    CURRENT.try_with(Cell::get).ok().flatten()
}

/// Whether one more call may run inside those that run already.
#[inline]
pub(crate) fn may_nest() -> bool {
    DEPTH.get() < DEEPEST
}

/// While this lives, a driver of `node` runs on this thread, and an actor that it activates may run next.
pub(crate) struct Driving;

impl Driving {
    pub(crate) fn enter(node: &Node) -> Self {
        DRIVER.set(ptr::from_ref(node));
        Self
    }
}

impl Drop for Driving {
    fn drop(&mut self) {
        DRIVER.set(ptr::null());
        flush();
    }
}

/// Whether a driver of `node` runs on this thread.
#[inline]
pub(crate) fn is_driven_by(node: &Node) -> bool {
    ptr::eq(DRIVER.get(), node)
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

/// Gives the actor that was to run next to the scheduler: this thread may be busy for a while.
pub(crate) fn flush() {
    if let Ok(Some(process)) = NEXT.try_with(RefCell::take) {
        driver::wake(&process);
    }
}

/// Runs `f`, in which a life is dropped: the replies that it owed are answered with `error`.
pub(crate) fn dying(error: &CallError, f: impl FnOnce()) {
    let outer = DYING.replace(Some(error.clone()));
    f();
    DYING.replace(outer);
}

/// Takes charge of a reply that is being dropped: tells the caller what became of it, at once or when the panic that drops it
/// has been caught.
pub(crate) fn abandon(owed: Owed) {
    if std::thread::panicking() && CURRENT.try_with(Cell::get).is_ok_and(|pid| pid.is_some()) {
        ORPHANS.with_borrow_mut(|orphans| orphans.push(owed));
        return;
    }
    let error = DYING.try_with(|dying| dying.borrow().clone()).ok().flatten();
    owed.fail(error.unwrap_or(CallError::NoReply));
}

/// A handler panicked: its callers are told why.
pub(crate) fn fail_orphans(reason: &ExitReason) {
    for owed in ORPHANS.take() {
        owed.fail(CallError::Died(reason.clone()));
    }
}
