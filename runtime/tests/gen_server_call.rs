//! What a caller is told, and when.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod worker;

use ghostlight::{ActorRef, CallError, ExitReason, prelude::*};
use std::{sync::Arc, time::Duration};
use tokio::{sync::Notify, time::Instant};
use worker::{ms, settle};

/// Nobody asked for anything else meanwhile.
struct Quiet;

/// Answers at once, after a while, or never.
#[actor]
#[derive(Default)]
struct Oracle {
    asked: Option<ReplyTo<&'static str>>,
    kept: Vec<ReplyTo<()>>,
}

#[handlers]
impl Oracle {
    #[init]
    fn open() -> Self {
        Self::default()
    }

    #[call]
    fn ask(&self) -> &'static str {
        "now"
    }

    /// Answers when nobody has asked for anything for so long.
    #[call]
    fn ask_at_leisure(
        &mut self,
        delay: Duration,
        reply: ReplyTo<&'static str>,
        ctx: &mut Ctx<Self>,
    ) {
        self.asked = Some(reply);
        ctx.idle_timeout(delay, Quiet);
    }

    #[info]
    fn quiet(&mut self, _quiet: Quiet) {
        self.asked.take().unwrap().send("at leisure");
    }

    /// What became of the one who asked.
    #[call]
    fn interrupt(&mut self) -> bool {
        self.asked.take().is_some_and(|reply| {
            let waits = !reply.is_closed();
            reply.send("interrupted");
            waits
        })
    }

    #[call]
    fn keep(&mut self, reply: ReplyTo<()>) {
        self.kept.push(reply);
    }

    #[call]
    fn keeps(&self) -> usize {
        self.kept.len()
    }

    #[call]
    fn leave(&mut self, reason: ExitReason, reply: ReplyTo<()>, ctx: &mut Ctx<Self>) {
        self.kept.push(reply);
        ctx.stop(reason);
    }

    #[call]
    fn fail(&mut self) {
        panic!("bad omen");
    }

    #[call]
    async fn wait(&mut self, gate: Arc<Notify>) {
        gate.notified().await;
    }

    #[call]
    async fn ask_itself(&mut self, by_name: bool, ctx: &mut Ctx<Self>) -> CallError {
        let me = if by_name { OracleRef::named("oracle") } else { ctx.me() };
        me.ask().await.unwrap_err()
    }
}

async fn oracle() -> OracleRef {
    Oracle::start().name("oracle").await.unwrap()
}

/// OTP: `gen_server_SUITE/call`
#[tokio::test(start_paused = true)]
async fn a_reply_may_come_at_once_or_when_the_actor_finds_the_time() {
    let oracle = oracle().await;
    assert_eq!(oracle.ask().await.unwrap(), "now");
    let began = Instant::now();
    assert_eq!(oracle.ask_at_leisure(ms(100)).await.unwrap(), "at leisure");
    assert_eq!(began.elapsed(), ms(100));
}

/// OTP: `gen_server_SUITE/call`, `gen_server_SUITE/handle_event_timeout`
#[tokio::test(start_paused = true)]
async fn a_second_call_ends_the_wait_that_the_first_asked_for() {
    let oracle = oracle().await;
    let first = tokio::spawn(oracle.ask_at_leisure(ms(100)).owned().into_future());
    settle().await;
    assert!(oracle.interrupt().await.unwrap());
    assert_eq!(first.await.unwrap().unwrap(), "interrupted");
    tokio::time::sleep(ms(1_000)).await;
    assert!(oracle.is_alive(), "it is not told that it was idle: it would have nobody to answer");
}

/// OTP: `gen_server_SUITE/call`, `gen_server_test/call/3 exit messages` (`timeout`)
#[tokio::test(start_paused = true)]
async fn a_caller_who_waits_too_long_is_told_and_the_actor_goes_on() {
    let oracle = oracle().await;
    let late = oracle.ask_at_leisure(ms(100)).timeout(ms(1)).await;
    assert!(matches!(late, Err(CallError::Timeout)), "{late:?}");
    assert!(!oracle.interrupt().await.unwrap(), "and the actor may know that he has gone");
    assert_eq!(oracle.ask().await.unwrap(), "now");
}

/// OTP: `gen_server_SUITE/call`. There the crash is that of a bad return value, which does not compile here (`ui-tests`:
/// `editor/body_mistyped.rs`).
#[tokio::test(start_paused = true)]
async fn a_caller_sees_the_crash_that_he_caused() {
    let oracle = oracle().await;
    let died = oracle.fail().await.unwrap_err();
    assert!(matches!(died.reason(), Some(ExitReason::Panic(panic)) if panic.text() == "bad omen"));
    assert!(matches!(oracle.ask().await, Err(CallError::NoProc)));
}

/// OTP: `gen_server_SUITE/crash` (callers see the reason; `normal` and `shutdown` are no reply either)
#[tokio::test(start_paused = true)]
async fn whoever_waits_when_an_actor_ends_is_told_its_reason_whatever_it_is() {
    for reason in [ExitReason::Normal, ExitReason::Shutdown, ExitReason::crash("crashed")] {
        let oracle = oracle().await;
        let waits = tokio::spawn(oracle.keep().owned().into_future());
        settle().await;
        let left = oracle.leave(reason.clone()).await;
        for answer in [left, waits.await.unwrap()] {
            let Err(CallError::Died(why)) = answer else { panic!("{answer:?}") };
            assert_eq!(why.to_string(), reason.to_string());
        }
    }
}

/// OTP: `gen_server_SUITE/call_remote1`, `gen_server_SUITE/call_remote2`, `gen_server_SUITE/call_remote3`. There the actor is on another node.
#[tokio::test(start_paused = true)]
async fn a_call_to_one_that_was_killed_is_told_so_or_finds_nobody() {
    for by_name in [false, true] {
        let oracle = oracle().await;
        let handle = if by_name { OracleRef::named("oracle") } else { oracle.clone() };
        assert_eq!(handle.ask().await.unwrap(), "now");
        let waits = tokio::spawn(handle.wait(Arc::default()).owned().into_future());
        settle().await;
        handle.kill();
        let answer = waits.await.unwrap();
        assert!(matches!(answer, Err(CallError::Died(ExitReason::Killed))), "{answer:?}");
        assert!(matches!(handle.ask().await, Err(CallError::NoProc)));
    }
}

/// OTP: `gen_server_SUITE/call_remote_n1`, `gen_server_SUITE/call_remote_n2`, `gen_server_SUITE/call_remote_n3`. There an actor's node goes
/// down; here its runtime does, and then there is no such actor.
#[test]
fn a_call_to_an_actor_whose_runtime_has_ended_finds_nobody() {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(1).enable_all();
    let (here, there) = (builder.build().unwrap(), builder.build().unwrap());
    let (oracle, waits) = there.block_on(async {
        let oracle = oracle().await;
        let waits = here.spawn(oracle.keep().owned().into_future());
        while oracle.keeps().await.unwrap() == 0 {
            tokio::task::yield_now().await;
        }
        (oracle, waits)
    });
    drop(there);
    here.block_on(async {
        assert!(matches!(waits.await.unwrap(), Err(CallError::NoProc)));
        assert!(matches!(oracle.ask().await, Err(CallError::NoProc)));
        assert!(matches!(OracleRef::named("oracle").ask().await, Err(CallError::NoProc)));
    });
}

/// OTP: `gen_server_SUITE/calling_self`, `gen_server_test/call/3 exit messages` (`calling_self`)
#[tokio::test(start_paused = true)]
async fn an_actor_that_calls_itself_is_told_so_by_whatever_handle() {
    let oracle = oracle().await;
    let pid = oracle.pid().unwrap();
    let began = Instant::now();
    for by_name in [false, true] {
        let error = oracle.ask_itself(by_name).await.unwrap();
        assert!(matches!(error, CallError::WouldDeadlock { path } if path == [pid, pid]));
    }
    assert_eq!(began.elapsed(), Duration::ZERO);
    assert_eq!(oracle.ask().await.unwrap(), "now", "it goes on");
}

/// OTP: `gen_server_test/call/3 exit messages` (`noproc`)
#[tokio::test(start_paused = true)]
async fn a_call_to_nobody_is_told_at_once() {
    let oracle = oracle().await;
    oracle.stop().await.unwrap();
    let began = Instant::now();
    for nobody in [&oracle, &OracleRef::named("oracle"), &OracleRef::named("")] {
        assert!(matches!(nobody.ask().await, Err(CallError::NoProc)));
    }
    assert_eq!(began.elapsed(), Duration::ZERO);
}

/// Asks others while its own mailbox is full.
#[actor(mailbox = 8)]
struct Pilgrim {
    begun: Arc<Notify>,
}

#[handlers]
impl Pilgrim {
    #[call]
    async fn seek(&mut self, times: u32) -> u32 {
        self.begun.notify_one();
        settle().await; // the mailbox fills
        let oracle = OracleRef::named("oracle");
        for _ in 0..times {
            oracle.ask().await.unwrap();
            assert_eq!(oracle.ask_at_leisure(ms(1)).await.unwrap(), "at leisure");
        }
        times
    }

    #[cast]
    fn disturb(&mut self) {}
}

/// OTP: `gen_server_SUITE/call_with_huge_message_queue`. There what waits in the caller's mailbox must not make its calls slow; here replies
/// do not come through the mailbox, so that not even a full one matters.
#[tokio::test(start_paused = true)]
async fn replies_reach_a_caller_whose_mailbox_is_full() {
    let _oracle = oracle().await;
    let begun = Arc::new(Notify::new());
    let pilgrim = ghostlight::spawn(Pilgrim { begun: begun.clone() }).unwrap();
    let sought = tokio::spawn(pilgrim.seek(100).owned().into_future());
    begun.notified().await;
    while pilgrim.disturb().try_send().is_ok() {}
    assert!(matches!(pilgrim.disturb().try_send(), Err(CastError::Full(_))));
    assert_eq!(sought.await.unwrap().unwrap(), 100);
}

/// OTP: `gen_server_test/whereis/1`. There are pids of other nodes, and global and via names; here there is one kind.
#[tokio::test(start_paused = true)]
async fn a_name_leads_to_the_present_life_of_who_has_it() {
    let oracle = oracle().await;
    assert_eq!(OracleRef::named("oracle").pid(), oracle.pid());
    assert!(oracle.pid().is_some());
    assert_eq!(oracle.name().as_deref(), Some("oracle"));
    let nobody = OracleRef::named("nobody");
    assert!(nobody.pid().is_none() && nobody.name().is_none() && !nobody.is_alive());
    oracle.stop().await.unwrap();
    assert!(OracleRef::named("oracle").pid().is_none() && oracle.pid().is_none());
}

/// OTP: `gen_server_test/nil name`. There `nil` is no name; here an actor has none unless it is given one.
#[tokio::test(start_paused = true)]
async fn an_actor_without_a_name_is_found_by_its_handle_only() {
    let oracle = Oracle::start().await.unwrap();
    assert!(oracle.name().is_none());
    for name in ["", "nil", "oracle", "Oracle"] {
        assert!(ActorRef::<Oracle>::named(name).pid().is_none());
    }
    assert_eq!(oracle.ask().await.unwrap(), "now");
}
