//! Code that blocks its thread.

use crate::cell::{
    frame::Undriven,
    waits::{self, Wait},
};
use std::{
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
    time::{Duration, Instant},
};
use tokio::task::coop;

/// Runs `f`, which may block this thread, as [`tokio::task::block_in_place`] does: in a handler use this one.
///
/// The actor that a handler has sent to last runs next on the same thread. tokio hands what is queued on a thread that is about to block to
/// another one, but does not know of that actor: if `f` waited for it, it would wait for ever. For an actor whose handlers block as
/// a rule there is `#[actor(blocking)]`.
///
/// # Panics
/// On a current-thread runtime, which has no other thread. If `f` does.
///
/// # Examples
/// ```
/// use ghostlight::prelude::*;
/// use std::sync::mpsc::{Sender, channel};
///
/// #[actor]
/// struct Printer;
///
/// #[handlers]
/// impl Printer {
///     #[cast]
///     fn print(&mut self, done: Sender<()>) {
///         done.send(()).ok();
///     }
/// }
///
/// #[actor]
/// struct Clerk(PrinterRef);
///
/// #[handlers]
/// impl Clerk {
///     #[call]
///     async fn print(&mut self) -> bool {
///         let (done, is_done) = channel();
///         self.0.print(done).await.ok();
///         ghostlight::block_in_place(|| is_done.recv().is_ok())
///     }
/// }
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let clerk = ghostlight::spawn(Clerk(ghostlight::spawn(Printer)?))?;
/// assert!(clerk.print().await?);
/// # Ok(())
/// # }
/// ```
pub fn block_in_place<T>(f: impl FnOnce() -> T) -> T {
    tokio::task::block_in_place(|| {
        let _blocked = Blocked::enter();
        f()
    })
}

/// While this lives, this thread blocks.
struct Blocked {
    _undriven: Undriven,
    _around: Vec<Wait>,
}

impl Blocked {
    fn enter() -> Self {
        Self { _undriven: Undriven::enter(), _around: waits::around() }
    }
}

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
    let mut blocked = None;
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return Some(output);
        }
        blocked.get_or_insert_with(Blocked::enter);
        match deadline {
            None => thread::park(),
            Some(deadline) => match deadline.checked_duration_since(Instant::now()) {
                Some(left) if !left.is_zero() => thread::park_timeout(left),
                _ => return None,
            },
        }
    }
}
