//! Where and when handlers run.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]
#![allow(clippy::unused_async, reason = "an async handler need not await")]

use ghostlight::prelude::*;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::Poll,
    thread::{self, ThreadId},
    time::Duration,
};
use tokio::sync::Notify;

/// Says on which thread it runs.
#[actor]
struct Here;

#[handlers]
impl Here {
    #[call]
    fn thread(&self) -> ThreadId {
        thread::current().id()
    }

    #[call]
    async fn thread_async(&mut self) -> ThreadId {
        thread::current().id()
    }
}

/// As `Here`, never inline.
#[actor(inline = never)]
struct Queued {
    task: Option<tokio::task::Id>,
}

#[handlers]
impl Queued {
    #[call]
    fn task(&self) -> Option<tokio::task::Id> {
        self.task.or(tokio::task::try_id())
    }
}

/// As `Here`, inline even where it is async.
#[actor(inline = always)]
struct Always {
    gate: Arc<Notify>,
}

#[handlers]
impl Always {
    #[call]
    async fn task(&mut self) -> Option<tokio::task::Id> {
        tokio::task::try_id()
    }

    #[call]
    async fn wait(&mut self) -> u8 {
        self.gate.notified().await;
        1
    }
}

/// Blocks its thread.
#[actor(blocking)]
struct Blocking;

#[handlers]
impl Blocking {
    #[call]
    fn thread(&self) -> ThreadId {
        thread::current().id()
    }

    #[call]
    async fn resumed(&mut self) -> ThreadId {
        tokio::task::yield_now().await;
        thread::current().id()
    }
}

#[tokio::test(start_paused = true)]
async fn a_plain_handler_of_an_idle_actor_runs_inside_its_callers_task() {
    let task = tokio::spawn(async {
        let queued = ghostlight::spawn(Queued { task: None }).unwrap();
        let always = ghostlight::spawn(Always { gate: Arc::default() }).unwrap();
        let own = tokio::task::try_id();
        assert_eq!(always.task().await.unwrap(), own);
        assert_ne!(queued.task().await.unwrap(), own);
    });
    task.await.unwrap();
}

#[test]
fn a_call_from_another_thread_or_runtime_runs_on_the_actors_own() {
    let home = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_time()
        .build()
        .unwrap();
    let here = home.block_on(async { ghostlight::spawn(Here).unwrap() });
    let away = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let own = thread::current().id();
    home.block_on(async { assert_eq!(here.thread().await.unwrap(), own) });
    away.block_on(async {
        assert_ne!(here.thread().await.unwrap(), own);
        assert_ne!(here.thread_async().await.unwrap(), own);
    });
    assert_ne!(here.thread().blocking().unwrap(), own);
}

#[tokio::test]
async fn a_blocking_actor_runs_on_the_blocking_pool() {
    let blocking = ghostlight::spawn(Blocking).unwrap();
    assert_ne!(blocking.thread().await.unwrap(), thread::current().id());
    assert_ne!(blocking.resumed().await.unwrap(), thread::current().id());
}

#[tokio::test(start_paused = true)]
async fn an_inline_handler_that_awaits_goes_on_without_its_caller() {
    let gate = Arc::new(Notify::new());
    let always = ghostlight::spawn(Always { gate: gate.clone() }).unwrap();
    let late = always.wait().timeout(Duration::from_millis(5)).await;
    assert!(matches!(late, Err(CallError::Timeout)));
    gate.notify_one();
    always.task().await.unwrap();
}

/// Never runs two handlers at once, and sees the messages of one sender in order.
#[actor]
#[derive(Default)]
struct Alone {
    running: Arc<AtomicUsize>,
    seen: Vec<u32>,
}

#[handlers]
impl Alone {
    #[cast]
    async fn slowly(&mut self, n: u32) {
        assert_eq!(self.running.fetch_add(1, Ordering::SeqCst), 0);
        tokio::task::yield_now().await;
        self.seen.push(n);
        self.running.fetch_sub(1, Ordering::SeqCst);
    }

    #[cast]
    fn quickly(&mut self, n: u32) {
        assert_eq!(self.running.load(Ordering::SeqCst), 0);
        self.seen.push(n);
    }

    #[call]
    fn seen(&mut self) -> Vec<u32> {
        std::mem::take(&mut self.seen)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn handlers_run_one_at_a_time_and_in_the_order_sent() {
    let alone = ghostlight::spawn(Alone::default()).unwrap();
    for round in 0..50 {
        for n in 0..20 {
            if (n + round) % 3 == 0 {
                alone.slowly(n).await.unwrap();
            } else {
                alone.quickly(n).await.unwrap();
            }
        }
        assert_eq!(alone.seen().await.unwrap(), (0..20).collect::<Vec<_>>());
    }
}

/// Calls the next, which calls the next.
#[actor]
struct Relay {
    next: Option<RelayRef>,
}

#[handlers]
impl Relay {
    #[call]
    async fn depth(&mut self) -> u32 {
        match &self.next {
            None => 1,
            Some(next) => 1 + next.depth().await.unwrap(),
        }
    }

    #[cast]
    fn pass(&mut self, hops: u32, done: tokio::sync::mpsc::UnboundedSender<u32>) {
        match &self.next {
            Some(next) if hops > 0 => next.pass(hops - 1, done).try_send().unwrap(),
            _ => done.send(hops).unwrap(),
        }
    }

    #[cast]
    fn join(&mut self, next: RelayRef) {
        self.next = Some(next);
    }

    #[cast]
    fn leave(&mut self) {
        self.next = None;
    }
}

#[tokio::test(start_paused = true)]
async fn calls_may_nest_deeper_than_runs_on_one_thread() {
    let mut relay = ghostlight::spawn(Relay { next: None }).unwrap();
    for _ in 0..99 {
        relay = ghostlight::spawn(Relay { next: Some(relay) }).unwrap();
    }
    assert_eq!(relay.depth().await.unwrap(), 100);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_goes_round_a_ring() {
    let first = ghostlight::spawn(Relay { next: None }).unwrap();
    let mut last = first.clone();
    for _ in 0..99 {
        last = ghostlight::spawn(Relay { next: Some(last) }).unwrap();
    }
    first.join(last).await.unwrap();
    let (done, mut seen) = tokio::sync::mpsc::unbounded_channel();
    first.pass(10_000, done).await.unwrap();
    assert_eq!(seen.recv().await, Some(0));
    first.leave().await.unwrap();
}

#[test]
fn callers_get_no_proc_when_the_runtime_has_ended() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (idle, held, gate) = runtime.block_on(async {
        let gate = Arc::new(Notify::new());
        let held = ghostlight::spawn(Always { gate: gate.clone() }).unwrap();
        // Its handler has begun once the call has been polled, and goes on without its caller.
        let mut call = Box::pin(held.wait().into_future());
        let begun = std::future::poll_fn(|cx| Poll::Ready(call.as_mut().poll(cx))).await;
        assert!(begun.is_pending());
        drop(call);
        (ghostlight::spawn(Here).unwrap(), held, gate)
    });
    let waiting = {
        let held = held.clone();
        thread::spawn(move || held.task().blocking())
    };
    runtime.shutdown_background();
    assert!(matches!(waiting.join().unwrap(), Err(CallError::NoProc)));
    assert!(matches!(idle.thread().blocking(), Err(CallError::NoProc)));
    assert!(matches!(held.task().blocking(), Err(CallError::NoProc)));
    drop(gate);
}

/// Says when it is poked.
#[actor]
struct Poked;

#[handlers]
impl Poked {
    #[cast]
    fn poke(&mut self, done: std::sync::mpsc::Sender<()>) {
        done.send(()).unwrap();
    }

    #[cast]
    fn poke_async(&mut self, done: tokio::sync::oneshot::Sender<()>) {
        done.send(()).unwrap();
    }
}

/// Blocks its thread until another has done something.
#[actor(inline = never)]
struct Blocker(PokedRef);

#[handlers]
impl Blocker {
    #[call]
    fn block(&mut self) -> bool {
        let (done, is_done) = std::sync::mpsc::channel();
        self.0.poke(done).try_send().unwrap();
        ghostlight::block_in_place(|| is_done.recv_timeout(Duration::from_secs(3)).is_ok())
    }

    /// What it sends, it sends while it blocks.
    #[call]
    fn block_on(&mut self) -> bool {
        let asks = async {
            let (done, is_done) = tokio::sync::oneshot::channel();
            self.0.poke_async(done).await.unwrap();
            tokio::time::timeout(Duration::from_secs(3), is_done).await.is_ok()
        };
        let runtime = tokio::runtime::Handle::current();
        ghostlight::block_in_place(|| runtime.block_on(asks))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handler_may_block_its_thread_for_the_actor_that_it_sent_to_last() {
    let blocker = ghostlight::spawn(Blocker(ghostlight::spawn(Poked).unwrap())).unwrap();
    assert!(blocker.block().await.unwrap());
    assert!(blocker.block_on().await.unwrap());
}
