//! How an actor begins, serves, and ends.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

use ghostlight::{WeakRef, prelude::*};
use std::{io, sync::Arc, time::Duration};
use tokio::sync::{Notify, mpsc};

/// What happened, in order.
type Log = mpsc::UnboundedSender<&'static str>;

/// Tells a log about its life.
#[actor]
struct Diary {
    log: Log,
}

#[handlers]
impl Diary {
    #[init]
    fn open(log: Log, begin: Begin, ctx: &mut Ctx<Self>) -> Result<Self, io::Error> {
        log.send("init").unwrap();
        match begin {
            Begin::Well => {}
            Begin::Continued => ctx.continue_with(DiaryContinue::GoOn),
            Begin::Stopping => ctx.stop(ExitReason::Shutdown),
            Begin::Failing => return Err(io::Error::other("no ink")),
            Begin::Panicking => panic!("no paper"),
        }
        Ok(Self { log })
    }

    #[handle_continue]
    fn go_on(&mut self) {
        self.log.send("continue").unwrap();
    }

    #[call]
    fn write(&mut self) {
        self.log.send("write").unwrap();
    }

    #[call]
    fn close(&mut self, ctx: &mut Ctx<Self>) -> &'static str {
        ctx.stop(ExitReason::Normal);
        ctx.stop(ExitReason::Shutdown); // the first reason counts
        self.log.send("close").unwrap();
        "closed"
    }

    #[call]
    fn tear(&mut self) {
        panic!("torn");
    }

    #[cast]
    fn burn(&mut self) -> Result<(), io::Error> {
        Err(io::Error::other("fire"))
    }

    #[terminate]
    fn shut(&mut self, reason: &ExitReason) {
        self.log
            .send(match reason {
                ExitReason::Normal => "terminate: normal",
                ExitReason::Shutdown => "terminate: shutdown",
                ExitReason::Panic(_) => "terminate: panic",
                _ => "terminate: other",
            })
            .unwrap();
    }
}

impl Drop for Diary {
    fn drop(&mut self) {
        self.log.send("drop").unwrap();
    }
}

enum Begin {
    Well,
    Continued,
    Stopping,
    Failing,
    Panicking,
}

fn log() -> (Log, impl FnMut() -> Vec<&'static str>) {
    let (log, mut seen) = mpsc::unbounded_channel();
    (log, move || std::iter::from_fn(|| seen.try_recv().ok()).collect())
}

#[tokio::test(start_paused = true)]
async fn start_returns_when_the_actor_is_ready_to_serve() {
    let (log, mut seen) = log();
    let diary = Diary::start(log, Begin::Well).await.unwrap();
    assert_eq!(seen(), ["init"]);
    assert!(diary.is_alive() && diary.pid().is_some());
    diary.write().await.unwrap();
    assert_eq!(seen(), ["write"]);
}

#[tokio::test(start_paused = true)]
async fn an_init_that_fails_gives_its_error_to_the_starter() {
    let (log, mut seen) = log();
    let failed = Diary::start(log, Begin::Failing).await;
    let Err(StartError::Init(reason)) = &failed else { panic!("{failed:?}") };
    assert!(reason.error().unwrap().downcast_ref::<io::Error>().is_some());
    assert_eq!(failed.unwrap_err().to_string(), "the actor's init failed: no ink");
    assert_eq!(seen(), ["init"], "what was never built does not terminate");
}

#[tokio::test(start_paused = true)]
async fn an_init_that_panics_gives_the_panic_to_the_starter() {
    let (log, _seen) = log();
    let failed = Diary::start(log, Begin::Panicking).await;
    assert!(matches!(
        failed,
        Err(StartError::Init(ExitReason::Panic(panic))) if panic.text() == "no paper"
    ));
}

#[tokio::test(start_paused = true)]
async fn an_actor_may_stop_in_its_init() {
    let (log, mut seen) = log();
    let diary = Diary::start(log, Begin::Stopping).await.unwrap();
    let late = diary.write().await;
    assert!(matches!(late, Err(CallError::NoProc | CallError::Died(ExitReason::Shutdown))));
    assert_eq!(seen(), ["init", "terminate: shutdown", "drop"]);
}

#[test]
fn start_outside_of_a_runtime_is_an_error() {
    let (log, _seen) = log();
    let start = Diary::start(log, Begin::Well).into_future();
    let failed = futures_block_on(start);
    assert!(matches!(failed, Err(StartError::NoRuntime)), "{failed:?}");
    assert!(matches!(ghostlight::spawn(Still), Err(StartError::NoRuntime)));
}

/// Polls a future that is ready at once, without a runtime.
fn futures_block_on<F: Future>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
    match future.as_mut().poll(&mut cx) {
        std::task::Poll::Ready(output) => output,
        std::task::Poll::Pending => panic!("not ready"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_continue_runs_before_any_message() {
    let (log, mut seen) = log();
    let diary = Diary::start(log, Begin::Continued).await.unwrap();
    diary.write().await.unwrap();
    assert_eq!(seen(), ["init", "continue", "write"]);
}

#[tokio::test(start_paused = true)]
async fn a_reply_given_together_with_stop_comes_after_terminate() {
    let (log, mut seen) = log();
    let diary = Diary::start(log, Begin::Well).await.unwrap();
    assert_eq!(diary.close().await.unwrap(), "closed");
    assert_eq!(seen(), ["init", "close", "terminate: normal", "drop"]);
    assert!(!diary.is_alive() && diary.pid().is_none());
    assert!(matches!(diary.write().await, Err(CallError::NoProc)));
}

#[tokio::test(start_paused = true)]
async fn a_panic_ends_the_actor_and_its_caller_is_told() {
    let (log, mut seen) = log();
    let diary = Diary::start(log, Begin::Well).await.unwrap();
    let died = diary.tear().await.unwrap_err();
    assert!(matches!(died.reason(), Some(ExitReason::Panic(panic)) if panic.text() == "torn"));
    assert_eq!(died.to_string(), "the actor ended before it replied: panicked: torn");
    assert_eq!(seen(), ["init", "terminate: panic", "drop"]);
}

#[tokio::test(start_paused = true)]
async fn an_error_from_a_cast_crashes_the_actor() {
    let (log, mut seen) = log();
    let diary = Diary::start(log, Begin::Well).await.unwrap();
    diary.burn().await.unwrap();
    let died = diary.write().await.unwrap_err();
    let reason = died.reason().expect("the call was queued behind the cast");
    assert_eq!(reason.to_string(), "fire");
    assert_eq!(std::error::Error::source(&died).unwrap().to_string(), "fire");
    assert_eq!(seen(), ["init", "terminate: other", "drop"]);
}

#[tokio::test(start_paused = true)]
async fn the_last_handle_ends_the_actor_as_normal() {
    let (log, mut seen) = log();
    let diary = Diary::start(log, Begin::Well).await.unwrap();
    let other = diary.clone();
    drop(diary);
    other.write().await.unwrap();
    let weak = other.downgrade();
    drop(other);
    ended(&weak).await;
    assert_eq!(seen(), ["init", "write", "terminate: normal", "drop"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_queued_is_handled_before_the_actor_ends_for_want_of_handles() {
    let (log, mut seen) = log();
    let diary = Diary::start(log, Begin::Well).await.unwrap();
    diary.write().forget().try_send().unwrap();
    let weak = diary.downgrade();
    drop(diary);
    ended(&weak).await;
    assert_eq!(seen(), ["init", "write", "terminate: normal", "drop"]);
}

/// Waits until an actor has ended.
async fn ended<A: ghostlight::State>(weak: &WeakRef<A>) {
    while weak.upgrade().is_some() {
        tokio::time::advance(Duration::from_millis(1)).await;
    }
}

/// Does nothing.
#[actor]
struct Still;

#[handlers]
impl Still {
    #[call]
    fn me(&self, ctx: &mut Ctx<Self>) -> (StillRef, ghostlight::Pid) {
        (ctx.me(), ctx.pid())
    }
}

#[tokio::test(start_paused = true)]
async fn an_actor_without_terminate_ends_with_its_last_handle_at_once() {
    let still = ghostlight::spawn(Still).unwrap();
    let weak = still.downgrade();
    assert!(weak.upgrade().is_some());
    drop(still);
    assert!(weak.upgrade().is_none());
}

#[tokio::test(start_paused = true)]
async fn an_actor_knows_its_own_handle_and_pid() {
    let still = ghostlight::spawn(Still).unwrap();
    let (me, pid) = still.me().await.unwrap();
    assert_eq!(me, still);
    assert_eq!(Some(pid), still.pid());
    let other = ghostlight::spawn(Still).unwrap();
    assert_ne!(me, other);
    assert_ne!(me.pid(), other.pid());
}

/// Takes its time to begin.
#[actor]
struct Slow;

#[handlers]
impl Slow {
    #[init]
    async fn open(gate: Arc<Notify>, begun: Arc<Notify>, ctx: &mut Ctx<Self>) -> Self {
        let me = ctx.me();
        me.serve().forget().try_send().unwrap();
        drop(me);
        begun.notify_one();
        gate.notified().await;
        Self
    }

    #[call]
    fn serve(&self) -> u8 {
        1
    }
}

#[tokio::test(start_paused = true)]
async fn an_async_init_keeps_its_starter_waiting() {
    let (gate, begun) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let start = tokio::spawn(Slow::start(gate.clone(), begun.clone()).into_future());
    begun.notified().await;
    assert!(!start.is_finished());
    gate.notify_one();
    assert_eq!(start.await.unwrap().unwrap().serve().await.unwrap(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_start_that_is_dropped_ends_what_it_was_starting() {
    let (gate, begun) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let start = Slow::start(gate.clone(), begun).into_future();
    let late = tokio::time::timeout(Duration::from_millis(10), start).await;
    assert!(late.is_err());
    assert_eq!(Arc::strong_count(&gate), 1, "the init has gone");
}
