//! Every way in which a call can end.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

use ghostlight::prelude::*;
use std::{sync::Arc, time::Duration};
use tokio::{sync::Notify, time::Instant};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Answers when it likes.
#[actor]
#[derive(Default)]
struct Clerk {
    served: Vec<u32>,
    kept: Vec<ReplyTo<u32>>,
    gate: Arc<Notify>,
}

#[handlers]
impl Clerk {
    #[call]
    fn serve(&mut self, n: u32) -> u32 {
        self.served.push(n);
        n
    }

    #[call(always)]
    fn always(&mut self, n: u32) -> u32 {
        self.served.push(n);
        n
    }

    #[call]
    async fn wait(&mut self, n: u32) -> u32 {
        self.gate.notified().await;
        self.served.push(n);
        n
    }

    #[call(timeout = "50ms")]
    async fn wait_briefly(&mut self) {
        self.gate.notified().await;
    }

    #[call]
    fn keep(&mut self, reply: ReplyTo<u32>) {
        self.kept.push(reply);
    }

    #[call]
    fn lose(&mut self, reply: ReplyTo<u32>) {
        drop(reply);
    }

    #[call]
    fn panic_with(&mut self, reply: ReplyTo<u32>) {
        let _reply = reply;
        panic!("with a reply in hand");
    }

    #[call]
    fn gone(&self) -> Vec<bool> {
        self.kept.iter().map(ReplyTo::is_closed).collect()
    }

    #[cast]
    fn answer_kept(&mut self, n: u32) {
        for reply in self.kept.drain(..) {
            reply.send(n);
        }
    }

    #[cast]
    fn crash(&mut self) {
        panic!("crash");
    }

    #[call]
    fn served(&self) -> Vec<u32> {
        self.served.clone()
    }
}

fn clerk() -> (ClerkRef, Arc<Notify>) {
    let gate = Arc::new(Notify::new());
    let clerk = Clerk { gate: gate.clone(), ..Clerk::default() };
    (ghostlight::spawn(clerk).unwrap(), gate)
}

#[tokio::test(start_paused = true)]
async fn a_call_waits_five_seconds_unless_told_otherwise() {
    let (clerk, _) = clerk();
    let began = Instant::now();
    let late = clerk.wait(1).await;
    assert!(matches!(late, Err(CallError::Timeout)), "{late:?}");
    let waited = began.elapsed();
    assert!(waited >= ms(5_000) && waited <= ms(5_010), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn a_limit_can_be_set_by_the_caller_or_by_the_handler() {
    let (clerk, _) = clerk();
    for (limit, call) in [
        (ms(100), clerk.wait(1).timeout(ms(100))),
        (ms(30), clerk.wait(1).deadline(Instant::now() + ms(130))),
    ] {
        let began = Instant::now();
        assert!(matches!(call.await, Err(CallError::Timeout)));
        let waited = began.elapsed();
        assert!(waited >= limit && waited <= limit + ms(10), "{waited:?} for {limit:?}");
    }
    let clerk = self::clerk().0;
    let began = Instant::now();
    assert!(matches!(clerk.wait_briefly().await, Err(CallError::Timeout)));
    assert!(began.elapsed() <= ms(60));
}

#[tokio::test(start_paused = true)]
async fn the_longest_limit_is_no_limit() {
    let (clerk, gate) = clerk();
    let call = tokio::spawn(clerk.wait(7).timeout(Duration::MAX).owned().into_future());
    tokio::time::advance(Duration::from_secs(100_000)).await;
    assert!(!call.is_finished());
    gate.notify_one();
    assert_eq!(call.await.unwrap().unwrap(), 7);
}

#[tokio::test(start_paused = true)]
async fn a_late_reply_disturbs_nobody() {
    let (clerk, gate) = clerk();
    assert!(matches!(clerk.wait(1).timeout(ms(10)).await, Err(CallError::Timeout)));
    gate.notify_one();
    assert_eq!(clerk.serve(2).await.unwrap(), 2);
    assert_eq!(clerk.served().await.unwrap(), [1, 2], "the handler that had begun ran to its end");
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_time_passed_before_its_handler_began_is_not_run() {
    let (clerk, gate) = clerk();
    let busy = tokio::spawn(clerk.wait(1).owned().into_future());
    tokio::time::advance(ms(1)).await; // lets it begin
    let (late, kept) = tokio::join!(
        clerk.serve(2).timeout(ms(10)).into_future(),
        clerk.always(3).timeout(ms(10)).into_future(),
    );
    assert!(matches!((late, kept), (Err(CallError::Timeout), Err(CallError::Timeout))));
    gate.notify_one();
    busy.await.unwrap().unwrap();
    assert_eq!(clerk.served().await.unwrap(), [1, 3], "`#[call(always)]` runs all the same");
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_before_its_handler_began_is_withdrawn() {
    let (clerk, gate) = clerk();
    let busy = tokio::spawn(clerk.wait(1).owned().into_future());
    tokio::time::advance(ms(1)).await; // lets it begin
    tokio::select! {
        biased;
        _ = clerk.serve(2).into_future() => unreachable!("the clerk is busy"),
        () = tokio::time::sleep(ms(1)) => {}
    }
    gate.notify_one();
    busy.await.unwrap().unwrap();
    assert_eq!(clerk.served().await.unwrap(), [1]);
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_goes_does_not_cancel_the_handler() {
    let (clerk, gate) = clerk();
    let call = tokio::spawn(clerk.wait(1).owned().into_future());
    tokio::time::advance(ms(1)).await;
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    gate.notify_one();
    assert_eq!(clerk.served().await.unwrap(), [1]);
}

#[tokio::test(start_paused = true)]
async fn a_forgotten_call_runs_and_answers_nobody() {
    let (clerk, _) = clerk();
    clerk.serve(1).forget().await.unwrap();
    clerk.serve(2).forget().try_send().unwrap();
    clerk.keep().forget().await.unwrap();
    clerk.answer_kept(3).await.unwrap();
    assert_eq!(clerk.served().await.unwrap(), [1, 2]);
}

#[tokio::test(start_paused = true)]
async fn a_reply_may_come_later_and_from_elsewhere() {
    let (clerk, _) = clerk();
    let calls: Vec<_> = (0..3).map(|_| tokio::spawn(clerk.keep().owned().into_future())).collect();
    tokio::time::advance(ms(1)).await;
    clerk.answer_kept(9).await.unwrap();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap(), 9);
    }
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_is_dropped_in_a_healthy_life_is_no_reply() {
    let (clerk, _) = clerk();
    assert!(matches!(clerk.lose().await, Err(CallError::NoReply)));
    assert!(clerk.is_alive());
}

#[tokio::test(start_paused = true)]
async fn replies_owed_by_a_life_that_crashes_are_told_its_reason() {
    let (clerk, _) = clerk();
    let kept = tokio::spawn(clerk.keep().owned().into_future());
    tokio::time::advance(ms(1)).await;
    clerk.crash().await.unwrap();
    let died = kept.await.unwrap().unwrap_err();
    assert!(matches!(died.reason(), Some(ExitReason::Panic(panic)) if panic.text() == "crash"));
}

#[tokio::test(start_paused = true)]
async fn a_reply_dropped_by_the_panic_itself_is_told_the_panic() {
    let (clerk, _) = clerk();
    let died = clerk.panic_with().await.unwrap_err();
    assert!(
        matches!(died.reason(), Some(ExitReason::Panic(panic)) if panic.text() == "with a reply in hand"),
        "{died:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn calls_that_wait_when_the_actor_dies_are_told_its_reason() {
    let (clerk, gate) = clerk();
    let busy = tokio::spawn(clerk.wait(1).owned().into_future());
    tokio::time::advance(ms(1)).await; // lets it begin
    clerk.crash().try_send().unwrap();
    let waiting = tokio::spawn(clerk.serve(2).owned().into_future());
    tokio::time::advance(ms(1)).await;
    gate.notify_one();
    assert_eq!(busy.await.unwrap().unwrap(), 1);
    assert!(matches!(waiting.await.unwrap(), Err(CallError::Died(ExitReason::Panic(_)))));
    assert!(matches!(clerk.serve(3).await, Err(CallError::NoProc)));
    let back = clerk.answer_kept(4).await.unwrap_err().into_message();
    assert!(matches!(back, ClerkCast::AnswerKept { n: 4 }), "the message comes back");
}

#[test]
fn a_plain_thread_may_call_and_cast() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (clerk, gate) = {
        let _entered = runtime.enter();
        clerk()
    };
    assert_eq!(clerk.serve(1).blocking().unwrap(), 1);
    clerk.answer_kept(1).blocking().unwrap();
    let late = clerk.wait(2).timeout(ms(5)).blocking();
    assert!(matches!(late, Err(CallError::Timeout)));
    gate.notify_one();
    assert_eq!(clerk.served().blocking().unwrap(), [1, 2]);
}

#[test]
fn the_limits_of_a_runtime_that_has_ended_hold_nobody_up_in_the_next_one() {
    let first = tokio::runtime::Runtime::new().unwrap();
    let handle = first.block_on(async {
        let (clerk, gate) = clerk();
        tokio::spawn(async move { gate.notify_one() });
        assert_eq!(clerk.wait(1).timeout(ms(20)).await.unwrap(), 1);
        clerk // what is left of a runtime lives as long as its actors' handles
    });
    drop(first);
    let second = tokio::runtime::Runtime::new().unwrap();
    let late = second.block_on(async {
        let (clerk, _gate) = clerk();
        tokio::select! {
            biased;
            () = tokio::time::sleep(ms(5_000)) => None,
            late = clerk.wait(1).timeout(ms(40)) => Some(late),
        }
    });
    assert!(matches!(late, Some(Err(CallError::Timeout))), "{late:?}");
    drop(handle);
}

#[tokio::test(start_paused = true)]
async fn each_of_many_calls_one_after_the_other_has_its_own_limit() {
    let (clerk, _gate) = clerk();
    for limit in [50, 200, 30, 30, 5_000, 60, 20_000, 40] {
        let began = Instant::now();
        let late = clerk.wait(1).timeout(ms(limit)).await;
        assert!(matches!(late, Err(CallError::Timeout)));
        let took = began.elapsed();
        assert!(took >= ms(limit) && took < ms(limit + 10), "{took:?} of {limit} ms");
    }
}

#[tokio::test(start_paused = true)]
async fn calls_that_wait_together_in_one_task_have_each_their_own_limit() {
    let (clerk, _gate) = clerk();
    let began = Instant::now();
    let wait = |limit| {
        let call = clerk.wait(1).timeout(ms(limit)).owned();
        async move {
            assert!(matches!(call.await, Err(CallError::Timeout)));
            began.elapsed()
        }
    };
    for _ in 0..3 {
        let began_now = began.elapsed();
        let (a, b, c) = tokio::join!(wait(300), wait(100), wait(200));
        for (took, limit) in [(a, 300), (b, 100), (c, 200)] {
            let end = began_now + ms(limit);
            assert!(took >= end && took < end + ms(10), "{took:?}, to be {end:?}");
        }
    }
}

/// Asks itself.
#[actor]
struct Narcissus;

#[handlers]
impl Narcissus {
    #[call]
    async fn ask(&mut self, ctx: &mut Ctx<Self>) -> Result<u8, CallError> {
        ctx.me().answer().await
    }

    #[call]
    fn ask_blocking(&self, ctx: &mut Ctx<Self>) -> Result<u8, CallError> {
        ctx.me().answer().blocking()
    }

    #[call]
    fn ask_from_a_task(&self, ctx: &mut Ctx<Self>, reply: ReplyTo<Result<u8, CallError>>) {
        let me = ctx.me();
        tokio::spawn(async move { reply.send(me.answer().await) });
    }

    #[call]
    fn answer(&self) -> u8 {
        7
    }
}

#[tokio::test(start_paused = true)]
async fn an_actor_that_calls_itself_is_told_instead_of_waiting() {
    let narcissus = ghostlight::spawn(Narcissus).unwrap();
    let began = Instant::now();
    let pid = narcissus.pid().unwrap();
    for answer in [narcissus.ask().await.unwrap(), narcissus.ask_blocking().await.unwrap()] {
        assert!(matches!(answer, Err(CallError::WouldDeadlock { path }) if path == [pid, pid]));
    }
    assert_eq!(narcissus.ask_from_a_task().await.unwrap().unwrap(), 7, "that does not wait");
    assert_eq!(began.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_reply_knows_that_its_caller_has_gone() {
    let (clerk, _) = clerk();
    let (reply, answer) = ReplyTo::<u8>::pair();
    assert!(!reply.is_closed());
    drop(answer);
    assert!(reply.is_closed());
    assert!(matches!(clerk.keep().timeout(ms(1)).await, Err(CallError::Timeout)));
    let waiting = tokio::spawn(clerk.keep().owned().into_future());
    tokio::time::advance(ms(1)).await;
    assert_eq!(clerk.gone().await.unwrap(), [true, false]);
    clerk.answer_kept(1).await.unwrap();
    assert_eq!(waiting.await.unwrap().unwrap(), 1);
}

/// Keeps the first caller waiting, and asks a clerk.
#[actor(inline = never)]
struct Deputy {
    clerk: ClerkRef,
    kept: Option<ReplyTo<u32>>,
}

#[handlers]
impl Deputy {
    #[call]
    fn keep(&mut self, reply: ReplyTo<u32>) {
        self.kept = Some(reply);
    }

    #[cast]
    async fn ask(&mut self, answer: tokio::sync::oneshot::Sender<Result<u32, CallError>>) {
        answer.send(self.clerk.wait(7).await).unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_handler_does_not_inherit_the_limit_of_a_call_that_was_handled_before_and_is_answered_later()
 {
    let (clerk, gate) = clerk();
    let deputy = ghostlight::spawn(Deputy { clerk, kept: None }).unwrap();
    let (answer, answered) = tokio::sync::oneshot::channel();
    tokio::spawn(async move {
        tokio::time::sleep(ms(200)).await;
        gate.notify_one();
    });
    let (kept, asked) = tokio::join!(deputy.keep().timeout(ms(50)), deputy.ask(answer));
    assert!(matches!(kept, Err(CallError::Timeout)));
    asked.unwrap();
    assert_eq!(answered.await.unwrap().unwrap(), 7, "in its own time");
}
