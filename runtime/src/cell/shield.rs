//! Panics of the user's code: caught where they happen, and nobody else's concern.

use super::frame;
use crate::exit::{ExitReason, PanicSeen};
use std::{
    any::Any,
    cell::RefCell,
    mem,
    panic::{self, AssertUnwindSafe, PanicHookInfo, catch_unwind},
    sync::Once,
    task::Waker,
    thread,
};

thread_local! {
    /// The last panic that began in an actor on this thread, until it is caught.
    static SEEN: RefCell<Option<PanicSeen>> = const { RefCell::new(None) };
}

/// Sees where actors panic, from now on: what was to see panics before still does.
pub(crate) fn watch_panics() {
    static HOOK: Once = Once::new();
    // std does not let a thread that panics change the hook.
    if thread::panicking() {
        return;
    }
    HOOK.call_once(|| {
        let earlier = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            see(info);
            earlier(info);
        }));
    });
}

fn see(info: &PanicHookInfo<'_>) {
    if frame::current().is_some() {
        let _ = SEEN.try_with(|seen| seen.replace(PanicSeen::new(info)));
    }
}

/// The reason that a panic on this thread leaves behind.
pub(crate) fn reason(payload: Box<dyn Any + Send>) -> ExitReason {
    let seen = SEEN.try_with(RefCell::take).ok().flatten();
    ExitReason::from_panic(payload, seen)
}

/// A panic was caught in an actor: why its life ends.
pub(crate) fn caught(payload: Box<dyn Any + Send>) -> ExitReason {
    let reason = reason(payload);
    frame::fail_orphans(&reason);
    reason
}

/// Runs code of the user's that has no say in what happens next: a destructor, a log.
#[inline]
pub(crate) fn shielded(f: impl FnOnce()) {
    let mut f = Some(f);
    shield(&mut || {
        if let Some(f) = f.take() {
            f();
        }
    });
}

/// Drops what is the user's: a destructor that panics has no say in what happens next.
#[inline]
pub(crate) fn let_go<T>(value: T) {
    if mem::needs_drop::<T>() {
        let mut value = Some(value);
        shield(&mut || drop(value.take()));
    }
}

/// The one place where it is caught, whatever it is: code for each would be compiled for each actor.
fn shield(f: &mut dyn FnMut()) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(f)) {
        log(&reason(payload));
    }
}

/// Wakes a waker, which may be anybody's.
pub(crate) fn wake(waker: Waker) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(|| waker.wake())) {
        log(&reason(payload));
    }
}

#[cold]
fn log(reason: &ExitReason) {
    tracing::error!(%reason, "a destructor, a waker or a log panicked");
}
