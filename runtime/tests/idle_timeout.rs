//! What an actor does when nobody wants anything of it.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

use ghostlight::prelude::*;
use std::time::Duration;
use tokio::{sync::mpsc, time::Instant};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

struct Bored;

struct Ping;

/// Notes when it was bored, and what else it did.
#[actor]
struct Clerk {
    log: mpsc::UnboundedSender<(&'static str, Duration)>,
    began: Instant,
}

impl Clerk {
    fn note(&self, what: &'static str) {
        self.log.send((what, self.began.elapsed())).unwrap();
    }
}

#[handlers]
impl Clerk {
    #[init]
    fn open(
        log: mpsc::UnboundedSender<(&'static str, Duration)>,
        idle: Option<Duration>,
        ctx: &mut Ctx<Self>,
    ) -> Self {
        if let Some(idle) = idle {
            ctx.idle_timeout(idle, Bored);
            let me = ctx.me();
            if idle.is_zero() {
                me.work(Duration::ZERO).try_send().unwrap();
            }
        }
        Self { log, began: Instant::now() }
    }

    #[cast]
    async fn work(&mut self, time: Duration) {
        tokio::time::sleep(time).await;
        self.note("work");
    }

    /// Works, and waits for so long afterwards.
    #[cast]
    async fn work_and_idle(&mut self, time: Duration, idle: Duration, ctx: &mut Ctx<Self>) {
        ctx.idle_timeout(idle, Bored);
        tokio::time::sleep(time).await;
    }

    #[call]
    fn ask(&self) {
        self.note("call");
    }

    #[call]
    fn ask_and_idle(&self, idle: Duration, ctx: &mut Ctx<Self>) {
        ctx.idle_timeout(idle, Bored);
    }

    #[cast]
    fn ping_in(&mut self, delay: Duration, idle: Duration, ctx: &mut Ctx<Self>) {
        ctx.send_after(delay, Ping);
        ctx.idle_timeout(idle, Bored);
    }

    #[info]
    fn ping(&mut self, _ping: Ping) {
        self.note("ping");
    }

    #[info]
    fn bored(&mut self, _bored: Bored) {
        self.note("bored");
    }
}

type Seen = mpsc::UnboundedReceiver<(&'static str, Duration)>;

async fn clerk(idle: Option<Duration>) -> (ClerkRef, Seen) {
    let (log, seen) = mpsc::unbounded_channel();
    (Clerk::start(log, idle).await.unwrap(), seen)
}

async fn next(seen: &mut Seen) -> Option<(&'static str, u128)> {
    let next = tokio::time::timeout(ms(10_000), seen.recv()).await;
    next.ok().flatten().map(|(what, at)| (what, at.as_millis()))
}

/// OTP: `gen_server_SUITE/start_event_timeout`, `gen_server_SUITE/handle_event_timeout`
#[tokio::test(start_paused = true)]
async fn an_idle_actor_is_told_so_once() {
    let (clerk, mut seen) = clerk(Some(ms(100))).await;
    assert_eq!(next(&mut seen).await, Some(("bored", 100)));
    assert_eq!(next(&mut seen).await, None);
    clerk.ask_and_idle(ms(50)).await.unwrap();
    assert_eq!(next(&mut seen).await, Some(("bored", 10_150)));
    assert_eq!(next(&mut seen).await, None);
}

/// OTP: `gen_server_SUITE/call`, `gen_server_SUITE/handle_event_timeout_plain`
#[tokio::test(start_paused = true)]
async fn any_message_ends_the_wait() {
    let (clerk, mut seen) = clerk(None).await;
    clerk.ask_and_idle(ms(100)).await.unwrap();
    tokio::time::advance(ms(50)).await;
    clerk.ask().await.unwrap();
    assert_eq!(next(&mut seen).await, Some(("call", 50)));
    assert_eq!(next(&mut seen).await, None, "a call");

    clerk.ask_and_idle(ms(100)).await.unwrap();
    clerk.work(ms(1)).await.unwrap();
    assert!(matches!(next(&mut seen).await, Some(("work", _))));
    assert_eq!(next(&mut seen).await, None, "a cast");

    clerk.ping_in(ms(50), ms(100)).await.unwrap();
    assert!(matches!(next(&mut seen).await, Some(("ping", _))));
    assert_eq!(next(&mut seen).await, None, "a timer");

    clerk.ping_in(ms(100), ms(50)).await.unwrap();
    assert!(matches!(next(&mut seen).await, Some(("bored", _))));
    assert!(matches!(next(&mut seen).await, Some(("ping", _))), "it ends no other timer");
}

#[tokio::test(start_paused = true)]
async fn the_wait_begins_when_the_handler_has_ended() {
    let (clerk, mut seen) = clerk(None).await;
    clerk.work_and_idle(ms(500), ms(100)).await.unwrap();
    assert_eq!(next(&mut seen).await, Some(("bored", 600)));
    clerk.work_and_idle(ms(500), ms(100)).await.unwrap();
    clerk.work(Duration::ZERO).await.unwrap();
    assert!(matches!(next(&mut seen).await, Some(("work", _))), "what waits comes first");
    assert_eq!(next(&mut seen).await, None);
}

/// OTP: `gen_server_SUITE/start_event_timeout_zero`, `gen_server_SUITE/handle_event_timeout_zero`
#[tokio::test(start_paused = true)]
async fn without_delay_it_comes_before_what_waits() {
    let (clerk, mut seen) = clerk(Some(Duration::ZERO)).await;
    assert_eq!(next(&mut seen).await, Some(("bored", 0)));
    assert_eq!(next(&mut seen).await, Some(("work", 0)));
    clerk.work_and_idle(ms(10), Duration::ZERO).await.unwrap();
    clerk.work(Duration::ZERO).await.unwrap();
    assert_eq!(next(&mut seen).await, Some(("bored", 10)));
    assert_eq!(next(&mut seen).await, Some(("work", 10)));
}

#[tokio::test(start_paused = true)]
async fn an_actor_that_waits_to_be_idle_is_kept_alive_by_it() {
    let (clerk, mut seen) = clerk(None).await;
    clerk.ask_and_idle(ms(100)).await.unwrap();
    drop(clerk);
    assert_eq!(next(&mut seen).await, Some(("bored", 100)));
    assert_eq!(seen.recv().await, None, "then it has ended");
}

/// Sleeps when it is idle.
#[actor]
#[derive(Default)]
struct Dozer {
    asleep: bool,
}

struct Doze;

#[handlers]
impl Dozer {
    #[call]
    async fn work(&mut self, ctx: &mut Ctx<Self>) {
        tokio::time::sleep(ms(50)).await;
        ctx.idle_timeout(ms(100), Doze);
    }

    /// Begins to monitor another, sees it end, and does not want to know.
    #[call]
    async fn look_away(&mut self, other: DozerRef, ctx: &mut Ctx<Self>) {
        let monitor = ctx.monitor(&other);
        other.kill();
        tokio::time::sleep(ms(50)).await;
        ctx.demonitor(monitor);
        ctx.idle_timeout(ms(100), Doze);
    }

    #[call]
    fn nudge(&mut self) {}

    #[info]
    fn doze(&mut self, _: Doze) {
        self.asleep = true;
    }

    #[info]
    fn down(&mut self, _: Down) {}
}

async fn is_asleep(dozer: &DozerRef) -> bool {
    tokio::time::sleep(ms(1_000)).await;
    ghostlight::debug::get_state(dozer, |dozer| dozer.asleep).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn what_no_handler_sees_does_not_end_the_wait() {
    let dozer = || ghostlight::spawn(Dozer::default()).unwrap();
    let late = dozer();
    let (_, nudged) = tokio::join!(late.work(), late.nudge().timeout(ms(10)));
    assert!(matches!(nudged, Err(CallError::Timeout)));
    assert!(is_asleep(&late).await, "a call whose time had passed");

    let withdrawn = dozer();
    let nudge = tokio::time::timeout(ms(10), withdrawn.nudge().into_future());
    let (_, nudged) = tokio::join!(withdrawn.work(), nudge);
    assert!(nudged.is_err());
    assert!(is_asleep(&withdrawn).await, "a call that nobody waits for");

    let looks_away = dozer();
    looks_away.look_away(dozer()).await.unwrap();
    assert!(is_asleep(&looks_away).await, "an end that it does not want to be told of");
}
