//! What an actor may do in the handlers that nobody waits for: casts, infos and continues.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod worker;

use ghostlight::{CastError, ExitReason, prelude::*};
use std::{
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
    time::Duration,
};
use tokio::{sync::Notify, task::unconstrained};
use worker::{Log, ms, settle};

/// It was idle for so long.
struct Idle(&'static str);

/// A plain message.
enum Plain {
    Note,
    Idle(Duration),
    Stop(ExitReason),
}

/// Another.
struct Go(Vec<GuideContinue>);

/// Does as it is told, and notes it.
#[actor]
struct Guide {
    log: Log,
    gate: Arc<Notify>,
    asked: Option<ReplyTo<&'static str>>,
}

#[handlers]
impl Guide {
    #[init]
    fn begin(log: Log, gate: Arc<Notify>, first: Vec<GuideContinue>, ctx: &mut Ctx<Self>) -> Self {
        if !first.is_empty() {
            ctx.me().note("queued").try_send().unwrap();
        }
        go(first, ctx);
        Self { log, gate, asked: None }
    }

    #[cast]
    fn note(&mut self, what: &'static str) {
        self.log.note(what);
    }

    #[cast]
    fn idle(&mut self, delay: Duration, ctx: &mut Ctx<Self>) {
        ctx.idle_timeout(delay, Idle("cast"));
    }

    #[cast]
    fn stop_for(&mut self, reason: ExitReason, ctx: &mut Ctx<Self>) {
        ctx.stop(reason);
    }

    #[call]
    fn ask(&mut self, reply: ReplyTo<&'static str>) {
        self.asked = Some(reply);
    }

    #[cast]
    fn answer(&mut self) {
        self.asked.take().unwrap().send("by a cast");
    }

    /// Holds up what comes, so that messages wait.
    #[cast]
    async fn hold(&mut self, time: Duration) {
        tokio::time::sleep(time).await;
    }

    #[cast]
    fn cast_and_go(&mut self, then: Vec<GuideContinue>, ctx: &mut Ctx<Self>) {
        self.log.note("cast");
        go(then, ctx);
    }

    #[call]
    fn call_and_go(&mut self, then: Vec<GuideContinue>, ctx: &mut Ctx<Self>) -> &'static str {
        self.log.note("call");
        go(then, ctx);
        "replied"
    }

    #[call]
    fn keep_and_go(
        &mut self,
        then: Vec<GuideContinue>,
        reply: ReplyTo<&'static str>,
        ctx: &mut Ctx<Self>,
    ) {
        self.log.note("call");
        self.asked = Some(reply);
        go(then, ctx);
    }

    #[info]
    fn go(&mut self, go: Go, ctx: &mut Ctx<Self>) {
        self.log.note("info");
        self::go(go.0, ctx);
    }

    #[info]
    fn plain(&mut self, plain: Plain, ctx: &mut Ctx<Self>) {
        match plain {
            Plain::Note => self.log.note("info"),
            Plain::Idle(delay) => ctx.idle_timeout(delay, Idle("info")),
            Plain::Stop(reason) => ctx.stop(reason),
        }
    }

    #[info]
    fn was_idle(&mut self, idle: Idle) {
        self.log.note(format!("idle after {}", idle.0));
    }

    #[handle_continue]
    fn walk(&mut self, what: &'static str) {
        self.log.note(what);
    }

    /// Goes on itself.
    #[handle_continue]
    fn wander(&mut self, left: u32, ctx: &mut Ctx<Self>) {
        self.log.note(format!("wander {left}"));
        if left > 0 {
            ctx.continue_with(GuideContinue::Wander { left: left - 1 });
        }
    }

    #[handle_continue]
    async fn rest(&mut self) {
        self.gate.notified().await;
        self.log.note("rest");
    }

    #[handle_continue]
    fn reply(&mut self) {
        self.asked.take().unwrap().send("by a continue");
    }

    #[handle_continue]
    fn pause(&mut self, delay: Duration, ctx: &mut Ctx<Self>) {
        ctx.idle_timeout(delay, Idle("continue"));
    }

    #[handle_continue]
    fn retire(&mut self, reason: ExitReason, ctx: &mut Ctx<Self>) {
        ctx.stop(reason);
    }

    #[terminate]
    fn end(&mut self, reason: &ExitReason) {
        self.log.note(format!("terminate: {reason}"));
    }
}

fn go(then: Vec<GuideContinue>, ctx: &mut Ctx<Guide>) {
    for then in then {
        ctx.continue_with(then);
    }
}

/// To walk, and then to wander a little.
fn ways() -> Vec<GuideContinue> {
    vec![GuideContinue::Walk { what: "walk" }, GuideContinue::Wander { left: 1 }]
}

async fn guide_who_begins(first: Vec<GuideContinue>) -> (GuideRef, Log, Arc<Notify>) {
    let (log, gate) = (Log::default(), Arc::new(Notify::new()));
    let guide = Guide::start(log.clone(), gate.clone(), first).await.unwrap();
    (guide, log, gate)
}

async fn guide() -> (GuideRef, Log, Arc<Notify>) {
    guide_who_begins(vec![]).await
}

/// What a future gives that does not wait.
fn now<F: IntoFuture>(future: F) -> F::Output {
    let mut cx = Context::from_waker(Waker::noop());
    match pin!(unconstrained(future.into_future())).poll(&mut cx) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits"),
    }
}

// Casts.

/// OTP: `gen_server_SUITE/cast`
#[tokio::test(start_paused = true)]
async fn a_cast_does_not_wait_for_its_handler() {
    let (guide, log, _) = guide().await;
    guide.hold(ms(100)).await.unwrap();
    now(guide.note("later")).unwrap();
    assert!(log.take().is_empty());
    tokio::time::sleep(ms(101)).await;
    assert_eq!(log.take(), ["later"]);
}

/// OTP: `gen_server_SUITE/cast`
#[tokio::test(start_paused = true)]
async fn a_cast_may_answer_a_call_that_came_before() {
    let (guide, ..) = guide().await;
    let asked = tokio::spawn(guide.ask().owned().into_future());
    settle().await;
    guide.answer().await.unwrap();
    assert_eq!(asked.await.unwrap().unwrap(), "by a cast");
}

/// OTP: `gen_server_SUITE/cast`, `gen_server_SUITE/handle_event_timeout`
#[tokio::test(start_paused = true)]
async fn a_cast_may_ask_to_be_told_when_the_actor_was_idle() {
    let (guide, log, _) = guide().await;
    guide.idle(ms(100)).await.unwrap();
    tokio::time::sleep(ms(99)).await;
    assert!(log.take().is_empty());
    tokio::time::sleep(ms(2)).await;
    assert_eq!(log.take(), ["idle after cast"]);
}

/// OTP: `gen_server_SUITE/cast`
#[tokio::test(start_paused = true)]
async fn a_cast_may_stop_the_actor_and_terminate_runs() {
    for reason in [ExitReason::Normal, ExitReason::Shutdown, ExitReason::crash("lost")] {
        let (guide, log, _) = guide().await;
        let end = guide.monitor();
        guide.stop_for(reason.clone()).await.unwrap();
        guide.note("too late").await.unwrap();
        assert_eq!(end.await.reason.to_string(), reason.to_string());
        assert_eq!(log.take(), [format!("terminate: {reason}")]);
    }
}

/// OTP: `gen_server_SUITE/cast_fast`. There nobody waits for a connection to a node that does not answer; here the actor is gone, and the
/// sender is told, where OTP says `ok`.
#[tokio::test(start_paused = true)]
async fn a_cast_to_nobody_waits_for_nothing() {
    let guide = Guide::start(Log::default(), Arc::default(), vec![]).name("guide").await.unwrap();
    guide.stop().await.unwrap();
    for nobody in [&guide, &GuideRef::named("guide"), &GuideRef::named("nobody")] {
        for _ in 0..1_000 {
            let sent = now(nobody.note("?"));
            assert!(matches!(sent, Err(CastError::NoProc(GuideCast::Note { what: "?" }))));
        }
    }
}

/// OTP: `gen_server_SUITE/abcast`, `gen_server_test/abcast/3`. There all nodes are told under one name; here all who are meant. Each send
/// says whether there was somebody.
#[tokio::test(start_paused = true)]
async fn of_many_who_are_told_the_same_the_living_hear_it() {
    let (one, one_log, _) = guide().await;
    let gone = GuideRef::named("nobody");
    let two_log = Log::default();
    let two = Guide::start(two_log.clone(), Arc::default(), vec![]).await.unwrap();
    let told: Vec<bool> =
        [&one, &gone, &two].map(|guide| guide.note("all").try_send().is_ok()).into();
    assert_eq!(told, [true, false, true]);
    settle().await;
    assert_eq!((one_log.take(), two_log.take()), (vec!["all".into()], vec!["all".into()]));
}

// Infos.

/// OTP: `gen_server_SUITE/info`
#[tokio::test(start_paused = true)]
async fn a_plain_message_reaches_its_handler() {
    let (guide, log, _) = guide().await;
    guide.info(Plain::Note).await.unwrap();
    settle().await;
    assert_eq!(log.take(), ["info"]);
}

/// OTP: `gen_server_SUITE/info`, `gen_server_SUITE/handle_event_timeout`
#[tokio::test(start_paused = true)]
async fn an_info_may_ask_to_be_told_when_the_actor_was_idle() {
    let (guide, log, _) = guide().await;
    guide.info(Plain::Idle(ms(100))).await.unwrap();
    tokio::time::sleep(ms(101)).await;
    assert_eq!(log.take(), ["idle after info"]);

    guide.info(Plain::Idle(ms(100))).await.unwrap();
    tokio::time::sleep(ms(50)).await;
    guide.info(Plain::Note).await.unwrap();
    tokio::time::sleep(ms(1_000)).await;
    assert_eq!(log.take(), ["info"], "any message ends the wait");
}

/// OTP: `gen_server_SUITE/info`
#[tokio::test(start_paused = true)]
async fn an_info_may_stop_the_actor_and_terminate_runs() {
    for reason in [ExitReason::Normal, ExitReason::Shutdown, ExitReason::crash("lost")] {
        let (guide, log, _) = guide().await;
        let end = guide.monitor();
        guide.info(Plain::Stop(reason.clone())).await.unwrap();
        assert_eq!(end.await.reason.to_string(), reason.to_string());
        assert_eq!(log.take(), [format!("terminate: {reason}")]);
    }
}

// Continues.

/// OTP: `gen_server_SUITE/continue`
#[tokio::test(start_paused = true)]
async fn a_continue_of_the_init_runs_before_what_is_queued_already() {
    let (_guide, log, _) = guide_who_begins(ways()).await;
    settle().await;
    assert_eq!(log.take(), ["walk", "wander 1", "wander 0", "queued"]);
}

/// OTP: `gen_server_SUITE/continue`
#[tokio::test(start_paused = true)]
async fn a_continue_of_any_handler_runs_before_what_is_queued_already() {
    let (guide, log, _) = guide().await;
    for what in ["cast", "call", "info"] {
        guide.hold(ms(10)).await.unwrap();
        match what {
            "cast" => guide.cast_and_go(ways()).await.unwrap(),
            "call" => guide.call_and_go(ways()).forget().await.unwrap(),
            _ => guide.info(Go(ways())).await.unwrap(),
        }
        guide.note("queued").await.unwrap();
        tokio::time::sleep(ms(11)).await;
        assert_eq!(log.take(), [what, "walk", "wander 1", "wander 0", "queued"]);
    }
}

/// OTP: `gen_server_SUITE/continue`
#[tokio::test(start_paused = true)]
async fn a_reply_does_not_wait_for_the_continue() {
    let (guide, log, gate) = guide().await;
    assert_eq!(guide.call_and_go(vec![GuideContinue::Rest]).await.unwrap(), "replied");
    guide.hold(ms(10)).await.unwrap();
    let queued = tokio::spawn(guide.call_and_go(vec![]).owned().into_future());
    settle().await;
    assert_eq!(log.take(), ["call"], "it rests");
    gate.notify_one();
    assert_eq!(queued.await.unwrap().unwrap(), "replied");
    assert_eq!(log.take(), ["rest", "call"]);
}

/// OTP: `gen_server_SUITE/continue` (`noreply` from a call)
#[tokio::test(start_paused = true)]
async fn a_continue_may_give_the_reply() {
    let (guide, log, _) = guide().await;
    let reply = guide.keep_and_go(vec![GuideContinue::Reply]).await;
    assert_eq!(reply.unwrap(), "by a continue");
    assert_eq!(log.take(), ["call"]);
}

/// OTP: `gen_server_SUITE/continue`
#[tokio::test(start_paused = true)]
async fn a_continue_may_continue() {
    let (guide, log, _) = guide().await;
    guide.cast_and_go(vec![GuideContinue::Wander { left: 3 }]).await.unwrap();
    guide.note("queued").await.unwrap();
    settle().await;
    assert_eq!(log.take(), ["cast", "wander 3", "wander 2", "wander 1", "wander 0", "queued"]);
}

/// OTP: `gen_server_SUITE/continue`
#[tokio::test(start_paused = true)]
async fn a_continue_may_stop_the_actor() {
    for reason in [ExitReason::Normal, ExitReason::crash("lost")] {
        let (guide, log, _) = guide().await;
        let end = guide.monitor();
        let retire = GuideContinue::Retire { reason: reason.clone() };
        guide.cast_and_go(vec![retire, GuideContinue::Rest]).await.unwrap();
        guide.note("queued").await.unwrap();
        assert_eq!(end.await.reason.to_string(), reason.to_string());
        assert_eq!(log.take(), ["cast".into(), format!("terminate: {reason}")]);
    }
}

/// OTP: `gen_server_SUITE/start_event_timeout`, `gen_server_SUITE/start_event_timeout_zero` (from a continue)
#[tokio::test(start_paused = true)]
async fn a_continue_may_ask_to_be_told_when_the_actor_was_idle() {
    let (guide, log, _) = guide().await;
    guide.cast_and_go(vec![GuideContinue::Pause { delay: ms(100) }]).await.unwrap();
    tokio::time::sleep(ms(99)).await;
    assert_eq!(log.take(), ["cast"]);
    tokio::time::sleep(ms(2)).await;
    assert_eq!(log.take(), ["idle after continue"]);

    let (_other, log, _) = guide_who_begins(vec![GuideContinue::Pause { delay: ms(100) }]).await;
    tokio::time::sleep(ms(1_000)).await;
    assert_eq!(log.take(), ["queued"], "something was queued: it was not idle");

    let pause = GuideContinue::Pause { delay: Duration::ZERO };
    let (_other, log, _) = guide_who_begins(vec![pause]).await;
    settle().await;
    assert_eq!(log.take(), ["idle after continue", "queued"], "without delay it comes first");
}
