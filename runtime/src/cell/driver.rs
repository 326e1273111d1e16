//! The task of an actor that has been sent a queued message: parked until there is work.

use super::{After, Process, core::Tell, frame, frame::Host, run::BATCH};
use crate::node::Node;
use std::{
    cell::RefCell,
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

/// How many actors run in a row on one driver before others have their turn: each was activated by the one before it.
const CHAIN: usize = 16;

/// Sees to it that the driver of an actor comes and runs it.
#[inline]
pub(super) fn tell(tell: Tell, process: &Arc<dyn Process>) {
    match tell {
        Tell::Nothing => {}
        Tell::Wake(waker) => waker.wake(),
        Tell::Start => {
            let driver =
                Driver { process: Arc::clone(process), is_known: false, is_replaced: false };
            process.header().node.spawn(driver);
        }
    }
}

/// As [`tell`], when nobody is told yet.
pub(crate) fn wake(process: &Arc<dyn Process>) {
    tell(process.tell_driver(), process);
}

/// Runs an actor on a thread of the blocking pool.
pub(super) fn run_blocking(process: Arc<dyn Process>) {
    let node = Arc::clone(&process.header().node);
    node.spawn_blocking(
        move || while process.run_on_this_thread(&process, BATCH) == After::More {},
    );
}

/// Runs `f`, and then the actors that it activated, those that they activate, and so on.
pub(super) fn driving<T>(node: &Node, f: impl FnOnce() -> T) -> T {
    let driving = frame::Driving::enter(node);
    let done = f();
    run_chain(frame::next());
    drop(driving);
    done
}

fn run_chain(mut next: Option<Arc<dyn Process>>) {
    for _ in 0..CHAIN {
        let Some(process) = next else { return };
        if process.run(&process, BATCH) == After::More {
            wake(&process);
        }
        next = frame::next();
    }
    if let Some(process) = next {
        wake(&process);
    }
}

struct Driver {
    process: Arc<dyn Process>,
    /// Whether the actor has this task's waker.
    is_known: bool,
    /// Another one has taken its place.
    is_replaced: bool,
}

impl Driver {
    /// Runs the actor, and then those that it activated. Says what there is to do for the actor.
    fn run(&mut self) -> After {
        let process = &self.process;
        let driving = frame::Driving::enter(&process.header().node);
        let after = process.run(process, BATCH);
        if let Some(next) = frame::next() {
            // Nobody comes to run this actor while they are run, even if one of them blocks.
            let host = Host::enter(process);
            run_chain(Some(next));
            self.is_replaced = Host::is_replaced();
            drop(host);
        }
        drop(driving);
        after
    }
}

impl Future for Driver {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if !mem::replace(&mut self.is_known, true) {
            self.process.set_driver(cx.waker());
        }
        match self.run() {
            _ if self.is_replaced => Poll::Ready(()),
            After::Rest => Poll::Pending,
            After::More => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            After::Done => Poll::Ready(()),
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if !self.is_replaced && !self.process.is_done() {
            end(&self.process);
        }
    }
}

thread_local! {
    /// The actors that are still to be told, where this thread is telling one that its runtime has ended.
    static TO_TELL: RefCell<Option<Vec<Arc<dyn Process>>>> = const { RefCell::new(None) };
}

/// Tells an actor that its runtime has ended. What it leaves behind may be the last handle of the next, and so on: they are told
/// one after the other, not one inside the other.
fn end(process: &Arc<dyn Process>) {
    let is_inner = TO_TELL.try_with(|to_tell| match &mut *to_tell.borrow_mut() {
        Some(waiting) => {
            waiting.push(Arc::clone(process));
            true
        }
        none => {
            *none = Some(Vec::new());
            false
        }
    });
    if is_inner == Ok(true) {
        return;
    }
    process.node_down();
    let next = || TO_TELL.try_with(|to_tell| to_tell.borrow_mut().as_mut()?.pop()).ok().flatten();
    while let Some(process) = next() {
        process.node_down();
    }
    let _ = TO_TELL.try_with(RefCell::take);
}
