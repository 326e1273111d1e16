//! What goes wrong in the user's code ends one actor at most, and everybody is told.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

use ghostlight::prelude::*;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Panics when it is dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("a bomb was dropped");
    }
}

/// Fails in its last moments.
#[actor]
struct Last {
    runs: Arc<AtomicUsize>,
    how: How,
}

#[derive(Clone, Copy)]
enum How {
    Panic,
    Stop,
}

#[handlers]
impl Last {
    #[call]
    fn close(&mut self, ctx: &mut Ctx<Self>) -> u8 {
        ctx.stop(ExitReason::Normal);
        9
    }

    #[cast]
    fn end(&mut self, ctx: &mut Ctx<Self>) {
        ctx.stop(ExitReason::Normal);
    }

    #[call]
    fn ping(&self) {}

    #[terminate]
    fn shut(&mut self, ctx: &mut Ctx<Self>) {
        self.runs.fetch_add(1, Ordering::SeqCst);
        match self.how {
            How::Panic => panic!("in terminate"),
            How::Stop => ctx.stop(ExitReason::Shutdown),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn terminate_runs_once_whatever_it_does() {
    for how in [How::Panic, How::Stop] {
        let runs = Arc::new(AtomicUsize::new(0));
        let last = ghostlight::spawn(Last { runs: runs.clone(), how }).unwrap();
        assert_eq!(last.close().await.unwrap(), 9, "the reply is given all the same");
        assert!(!last.is_alive());

        let last = ghostlight::spawn(Last { runs: runs.clone(), how }).unwrap();
        last.end().await.unwrap();
        assert!(last.ping().await.is_err());
        assert_eq!(runs.load(Ordering::SeqCst), 2);
    }
}

/// Answers with what explodes, and catches its own panics.
#[actor]
struct Careless;

#[handlers]
impl Careless {
    #[call]
    fn bomb(&self) -> Bomb {
        Bomb
    }

    #[call(always)]
    async fn bomb_later(&mut self) -> Bomb {
        tokio::time::sleep(ms(10)).await;
        Bomb
    }

    #[call]
    fn swallow(&self, reply: ReplyTo<u8>) {
        let caught = catch_unwind(AssertUnwindSafe(|| {
            let _reply = reply;
            panic!("caught by the handler itself");
        }));
        assert!(caught.is_err());
    }

    #[call]
    fn ping(&self) -> u8 {
        1
    }
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_nobody_takes_and_that_panics_harms_nobody() {
    let careless = ghostlight::spawn(Careless).unwrap();
    careless.bomb().forget().await.unwrap();
    assert_eq!(careless.ping().await.unwrap(), 1);
    assert!(matches!(careless.bomb_later().timeout(ms(1)).await, Err(CallError::Timeout)));
    assert_eq!(careless.ping().await.unwrap(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_reply_lost_in_a_panic_that_the_handler_caught_is_no_reply() {
    let careless = ghostlight::spawn(Careless).unwrap();
    assert!(matches!(careless.swallow().await, Err(CallError::NoReply)));
    assert_eq!(careless.ping().await.unwrap(), 1);
}

/// Never stops asking itself for more.
#[actor]
struct Busy;

#[handlers]
impl Busy {
    #[cast]
    fn go_on(&mut self, ctx: &mut Ctx<Self>) {
        ctx.continue_with(BusyContinue::Again);
    }

    #[handle_continue]
    fn again(&mut self, ctx: &mut Ctx<Self>) {
        ctx.continue_with(BusyContinue::Again);
    }

    #[cast]
    fn tick_always(&mut self, ctx: &mut Ctx<Self>) {
        ctx.send_after(Duration::ZERO, BusyInfo::Tick);
    }

    #[info]
    fn tick(&mut self, ctx: &mut Ctx<Self>) {
        ctx.send_after(Duration::ZERO, BusyInfo::Tick);
    }

    #[call]
    fn ping(&self) -> u8 {
        1
    }
}

#[tokio::test]
async fn an_actor_that_never_rests_lets_others_run() {
    let busy = ghostlight::spawn(Busy).unwrap();
    busy.go_on().await.unwrap();
    let other = ghostlight::spawn(Careless).unwrap();
    for _ in 0..10 {
        tokio::task::yield_now().await;
        assert_eq!(other.ping().await.unwrap(), 1);
    }
}

#[tokio::test]
async fn timers_and_messages_take_turns() {
    let busy = ghostlight::spawn(Busy).unwrap();
    busy.tick_always().await.unwrap();
    assert_eq!(busy.ping().timeout(Duration::MAX).await.unwrap(), 1);
}

/// Holds the next one.
#[actor]
struct Link {
    _next: Option<LinkRef>,
}

#[handlers]
impl Link {
    #[call]
    fn ping(&self) {}
}

#[test]
fn a_long_row_of_actors_that_drop_one_another_ends() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let row =
        || (0..20_000).fold(None, |next, _| Some(ghostlight::spawn(Link { _next: next }).unwrap()));
    let outside = runtime.block_on(async {
        drop(row());
        row()
    });
    drop(runtime);
    drop(outside);
}

#[test]
fn a_limit_holds_outside_of_the_actors_runtime_too() {
    let undriven = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let careless = {
        let _entered = undriven.enter();
        ghostlight::spawn(Careless).unwrap()
    };
    let other = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let late = other.block_on(async { careless.ping().timeout(ms(20)).await });
    assert!(matches!(late, Err(CallError::Timeout)));
    assert!(matches!(careless.ping().timeout(ms(20)).blocking(), Err(CallError::Timeout)));
}

/// Blocks its thread until another has answered.
#[actor]
struct Impatient {
    other: CarefulRef,
}

#[handlers]
impl Impatient {
    #[cast]
    fn ask(&mut self, answered: tokio::sync::mpsc::UnboundedSender<u8>) {
        answered.send(self.other.slowly().blocking().unwrap()).unwrap();
    }
}

/// Answers from an async handler.
#[actor]
struct Careful;

#[handlers]
impl Careful {
    #[call]
    async fn slowly(&mut self) -> u8 {
        tokio::task::yield_now().await;
        3
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handler_that_blocks_does_not_hold_up_the_one_it_waits_for() {
    let other = ghostlight::spawn(Careful).unwrap();
    let impatient = ghostlight::spawn(Impatient { other }).unwrap();
    let (answered, mut answers) = tokio::sync::mpsc::unbounded_channel();
    impatient.ask(answered).await.unwrap();
    assert_eq!(answers.recv().await, Some(3));
}

/// Keeps what it is asked for.
#[actor]
struct Keeper {
    _bomb: Option<Bomb>,
    replies: Vec<ReplyTo<u8>>,
}

#[handlers]
impl Keeper {
    #[call]
    fn later(&mut self, reply: ReplyTo<u8>) {
        self.replies.push(reply);
    }

    #[cast]
    fn crash(&mut self) {
        panic!("crash");
    }
}

#[tokio::test(start_paused = true)]
async fn a_state_that_panics_when_it_is_dropped_owes_its_callers_the_reason_all_the_same() {
    let keeper = ghostlight::spawn(Keeper { _bomb: Some(Bomb), replies: vec![] }).unwrap();
    let call = tokio::spawn(keeper.later().owned().into_future());
    tokio::task::yield_now().await;
    keeper.crash().await.unwrap();
    let answer = call.await.unwrap();
    assert!(
        matches!(&answer, Err(CallError::Died(ExitReason::Panic(panic))) if panic.text() == "crash"),
        "{answer:?}"
    );
}

struct BadWaker;

impl std::task::Wake for BadWaker {
    fn wake(self: Arc<Self>) {
        panic!("a waker panicked");
    }
}

#[tokio::test(start_paused = true)]
async fn a_monitor_whose_waker_panics_keeps_nobody_else_from_being_told() {
    let keeper = ghostlight::spawn(Keeper { _bomb: None, replies: vec![] }).unwrap();
    let mut bad = Box::pin(keeper.monitor());
    let waker = std::task::Waker::from(Arc::new(BadWaker));
    assert!(bad.as_mut().poll(&mut std::task::Context::from_waker(&waker)).is_pending());
    let good = keeper.monitor();
    keeper.crash().await.unwrap();
    assert!(matches!(good.await.reason, ExitReason::Panic(_)));
    assert!(matches!(bad.await.reason, ExitReason::Panic(_)));
}
