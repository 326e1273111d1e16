//! Waiting on a plain thread.

use crate::cell::frame;
use std::{
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
    time::{Duration, Instant},
};
use tokio::task::coop;

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Blocks this thread until `future` is ready; `None` if `limit` passes first.
pub(crate) fn wait<F: IntoFuture>(limit: Duration, future: F) -> Option<F::Output> {
    let deadline = Instant::now().checked_add(limit);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    // A task that has used up its budget would be woken when it yields, which it does not while this blocks it.
    let mut future = pin!(coop::unconstrained(future.into_future()));
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return Some(output);
        }
        frame::flush(); // an actor that was to run next on this thread would wait with it
        match deadline {
            None => thread::park(),
            Some(deadline) => match deadline.checked_duration_since(Instant::now()) {
                Some(left) if !left.is_zero() => thread::park_timeout(left),
                _ => return None,
            },
        }
    }
}
