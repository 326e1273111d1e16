//! What a framework must be able to do to be measured.

use crate::runtime::Runtime;
use std::time::Duration;
use tokio::sync::mpsc::UnboundedSender;

/// One way to write actors. Each contender does exactly the same work, written the way its own documentation would.
///
/// The methods are what the works in `work/` are made of. They cost nothing themselves: all of it is monomorphised.
pub(crate) trait Contender: 'static {
    /// What the command line and the tables call it.
    const NAME: &'static str;

    /// The crate whose version is shown.
    const CRATE: &'static str;

    /// A handle to an actor that counts: 8 bytes of state, messages of 16 bytes.
    type Counter: Send + Sync + 'static;

    /// Starts a counter at 0.
    fn counter() -> impl Future<Output = Self::Counter> + Send;

    /// Casts: adds `n`. Waits for room where mailboxes are bounded.
    fn add(counter: &Self::Counter, n: u64) -> impl Future<Output = ()> + Send;

    /// Calls: adds 1, and returns the count.
    fn increment(counter: &Self::Counter) -> impl Future<Output = u64> + Send;

    /// A handle to a counter that never serves a call on its caller's thread. The same as `Counter` where no actor ever does.
    type Queued: Send + Sync + 'static;

    /// Starts such a counter at 0.
    fn queued() -> impl Future<Output = Self::Queued> + Send;

    /// Calls: adds 1, and returns the count.
    fn increment_queued(counter: &Self::Queued) -> impl Future<Output = u64> + Send;

    /// A handle to an actor in a ring.
    type Node: Send + Sync + 'static;

    /// Starts an actor that passes a token on, and tells `finished` its `index` if the token ends with it.
    fn node(index: u64, finished: UnboundedSender<u64>) -> impl Future<Output = Self::Node> + Send;

    /// Tells `node` who comes after it.
    fn set_next(node: &Self::Node, next: &Self::Node) -> impl Future<Output = ()> + Send;

    /// Casts a token that is to be passed on `hops` times. A handler casts it without waiting, where the contender can.
    fn hop(node: &Self::Node, hops: u64) -> impl Future<Output = ()> + Send;

    /// A handle to an actor that works.
    type Worker: Clone + Send + Sync + 'static;

    /// Starts such an actor.
    fn worker() -> impl Future<Output = Self::Worker> + Send;

    /// Calls a handler that sleeps for `time`. Says whether it was answered within `limit`.
    fn work(
        worker: &Self::Worker,
        time: Duration,
        limit: Duration,
    ) -> impl Future<Output = bool> + Send;

    /// Runs `work` in a task of a fresh runtime. To be overridden by those who bring a runtime of their own.
    fn run<T: Send + 'static>(
        runtime: Runtime,
        work: impl Future<Output = T> + Send + 'static,
    ) -> T {
        runtime.run(work)
    }
}
