//! What a framework must be able to do to be measured.

use crate::runtime::Runtime;
use std::time::Duration;
use tokio::sync::mpsc::UnboundedSender;

/// What a large message carries: 1 KB, in the message itself.
pub(crate) type Bulk = [u64; 128];

/// One way to write actors. Each contender does exactly the same work, written the way its own documentation would.
///
/// The methods are what the works in `work/` are made of. They cost nothing themselves: all of it is monomorphised.
pub(crate) trait Contender: 'static {
    /// What the command line and the tables call it.
    const NAME: &'static str;

    /// The crate whose version is shown.
    const CRATE: &'static str;

    /// A handle to an actor that counts: 8 bytes of state, messages of 16 bytes.
    type Counter: Clone + Send + Sync + 'static;

    /// Starts a counter at 0.
    fn counter() -> impl Future<Output = Self::Counter> + Send;

    /// Casts: adds `n`. Waits for room where mailboxes are bounded.
    fn add(counter: &Self::Counter, n: u64) -> impl Future<Output = ()> + Send;

    /// Calls: adds 1, and returns the count.
    fn increment(counter: &Self::Counter) -> impl Future<Output = u64> + Send;

    /// Starts a counter, ends it in order, and waits until it has ended.
    fn spawn_and_stop() -> impl Future<Output = ()> + Send;

    /// A handle to a counter that never serves a call on its caller's thread. The same as `Counter` where no actor ever does.
    type Queued: Clone + Send + Sync + 'static;

    /// Starts such a counter at 0.
    fn queued() -> impl Future<Output = Self::Queued> + Send;

    /// Calls: adds 1, and returns the count.
    fn increment_queued(counter: &Self::Queued) -> impl Future<Output = u64> + Send;

    /// A handle to an actor that calls a counter.
    type Driver: Send + Sync + 'static;

    /// Starts such an actor.
    fn driver(counter: Self::Queued) -> impl Future<Output = Self::Driver> + Send;

    /// Has it call its counter so often, one call after the other, all in one handler. Returns the count.
    fn drive(driver: &Self::Driver, calls: u64) -> impl Future<Output = u64> + Send;

    /// A handle to a counter whose messages are large.
    type Store: Send + Sync + 'static;

    /// Starts such a counter at 0.
    fn store() -> impl Future<Output = Self::Store> + Send;

    /// Casts: adds the first number of `bulk`. Waits for room where mailboxes are bounded.
    fn put(store: &Self::Store, bulk: Bulk) -> impl Future<Output = ()> + Send;

    /// Calls: adds the first number of `bulk`, and returns the count.
    fn exchange(store: &Self::Store, bulk: Bulk) -> impl Future<Output = u64> + Send;

    /// A handle to an actor in a ring.
    type Node: Send + Sync + 'static;

    /// Starts an actor that passes a token on, and tells `finished` its `index` if the token ends with it.
    fn node(index: u64, finished: UnboundedSender<u64>) -> impl Future<Output = Self::Node> + Send;

    /// Tells `node` who comes after it.
    fn set_next(node: &Self::Node, next: &Self::Node) -> impl Future<Output = ()> + Send;

    /// Casts a token that is to be passed on `hops` times. A handler casts it without waiting, where the contender can.
    fn hop(node: &Self::Node, hops: u64) -> impl Future<Output = ()> + Send;

    /// A handle to one of many actors who know each other.
    type Peer: Clone + Send + Sync + 'static;

    /// Starts an actor that pings others, one after the other, and tells `finished` how many pongs it got when it is done.
    fn peer(
        chance: Chance,
        finished: UnboundedSender<u64>,
    ) -> impl Future<Output = Self::Peer> + Send;

    /// Tells `peer` of all, itself included.
    fn meet(peer: &Self::Peer, all: Vec<Self::Peer>) -> impl Future<Output = ()> + Send;

    /// Has it cast a ping to one of them by chance; at each pong the next, until it got so many. A ping carries who sent it, and is
    /// answered by a cast of a pong. Handlers cast without waiting, where the contender can.
    fn play(peer: &Self::Peer, pings: u64) -> impl Future<Output = ()> + Send;

    /// Starts an actor, and casts `n` to it; it tells `finished` that number, and ends.
    fn fork(n: u64, finished: UnboundedSender<u64>) -> impl Future<Output = ()> + Send;

    /// A handle to an account.
    type Account: Clone + Send + Sync + 'static;

    /// Starts an account with so much in it.
    fn account(balance: u64) -> impl Future<Output = Self::Account> + Send;

    /// Calls `from`, whose handler takes `amount` off and calls `to`, which adds it; answered when that is.
    fn transfer(
        from: &Self::Account,
        to: &Self::Account,
        amount: u64,
    ) -> impl Future<Output = ()> + Send;

    /// Calls: what is in it.
    fn balance(account: &Self::Account) -> impl Future<Output = u64> + Send;

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

    /// Crashes an actor by a panic in a handler so often, and each time has the first answer of what comes in its place. Returns how many
    /// answers there were; `None` where nobody restarts an actor.
    fn crash(times: u64) -> impl Future<Output = Option<u64>> + Send {
        let _ = times;
        async { None }
    }

    /// Starts so many counters, and then ends them all in order; how long each of the two took. `None` where nobody ends them together.
    fn shut_down(counters: u64) -> impl Future<Output = Option<(Duration, Duration)>> + Send {
        let _ = counters;
        async { None }
    }

    /// Runs `work` in a task of a fresh runtime. To be overridden by those who bring a runtime of their own.
    fn run<T: Send + 'static>(
        runtime: Runtime,
        work: impl Future<Output = T> + Send + 'static,
    ) -> T {
        runtime.run(work)
    }
}

/// Chance that is the same in each run: xorshift.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self((seed + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % end
    }
}
