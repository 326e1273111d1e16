//! Panics of the user's code: caught where they happen, and nobody else's concern.

use super::frame;
use crate::exit::ExitReason;
use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    task::Waker,
};

/// A panic was caught in an actor: why its life ends.
pub(crate) fn caught(payload: Box<dyn Any + Send>) -> ExitReason {
    let reason = ExitReason::from_panic(payload);
    frame::fail_orphans(&reason);
    reason
}

/// Runs code of the user's that has no say in what happens next: a destructor, a log.
#[inline]
pub(crate) fn shielded(f: impl FnOnce()) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(f)) {
        log(&ExitReason::from_panic(payload));
    }
}

/// Wakes a waker, which may be anybody's.
#[inline]
pub(crate) fn wake(waker: Waker) {
    shielded(|| waker.wake());
}

#[cold]
fn log(reason: &ExitReason) {
    tracing::error!(%reason, "a destructor, a waker or a log panicked");
}
