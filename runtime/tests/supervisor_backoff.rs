//! Restarts that wait.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod worker;

use ghostlight::{
    Backoff, ChildError, DynamicSupervisor, SupervisorBuilder, SupervisorRef, prelude::*,
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tokio::time::{Instant, sleep};
use worker::{Log, Script, Worker, WorkerRef, ms, settle, soon, troupe};

fn scripts<const N: usize>(log: &Log, names: [&'static str; N]) -> [Arc<Script>; N] {
    names.map(|name| Script::new(name, log))
}

fn child(troupe: &SupervisorRef, id: &str) -> WorkerRef {
    troupe.child::<Worker>(id).unwrap()
}

/// From 100 ms to 1 s, exactly; any number of restarts.
fn waiting(troupe: SupervisorBuilder) -> SupervisorBuilder {
    let backoff = Backoff::exponential(ms(100), ms(1_000)).jitter(0.0);
    troupe.backoff(backoff).intensity(u32::MAX)
}

async fn troupe_of(
    strategy: Strategy,
    names: [&'static str; 3],
) -> (SupervisorRef, Log, [Arc<Script>; 3]) {
    let log = Log::default();
    let scripts = scripts(&log, names);
    let [a, b, c] = &scripts;
    let troupe = waiting(troupe(strategy, &[a, b, c])).start().await.unwrap();
    log.take();
    (troupe, log, scripts)
}

/// How long a child that is killed now has no life.
async fn pause(worker: &WorkerRef) -> Duration {
    let killed = Instant::now();
    worker.kill();
    soon(worker.life()).await.unwrap();
    killed.elapsed()
}

/// Which of `a`, `b` and `c` wait to be restarted.
async fn restarting(troupe: &SupervisorRef) -> [bool; 3] {
    let children = troupe.which_children().await.unwrap();
    ["a", "b", "c"].map(|id| children.iter().find(|child| child.id == id).unwrap().is_restarting)
}

fn about(wait: Duration, ms: u64) -> bool {
    let wait = wait.as_millis();
    (u128::from(ms)..=u128::from(ms) + 20).contains(&wait)
}

#[tokio::test(start_paused = true)]
async fn waits_double_up_to_the_longest() {
    let (troupe, ..) = troupe_of(Strategy::OneForOne, ["a", "b", "c"]).await;
    let a = child(&troupe, "a");
    for expected in [100, 200, 400, 800, 1_000, 1_000] {
        let pause = pause(&a).await;
        assert!(about(pause, expected), "{pause:?} is not {expected} ms");
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_quiet_period_they_begin_anew() {
    let (troupe, ..) = troupe_of(Strategy::OneForOne, ["a", "b", "c"]).await;
    let a = child(&troupe, "a");
    for expected in [100, 200, 400] {
        assert!(about(pause(&a).await, expected));
    }
    sleep(ms(4_900)).await;
    assert!(about(pause(&a).await, 800), "the period is 5 s");
    sleep(ms(5_100)).await;
    assert!(about(pause(&a).await, 100));
}

#[tokio::test(start_paused = true)]
async fn under_one_for_one_each_child_has_waits_of_its_own() {
    let (troupe, ..) = troupe_of(Strategy::OneForOne, ["a", "b", "c"]).await;
    for expected in [100, 200, 400] {
        assert!(about(pause(&child(&troupe, "a")).await, expected));
    }
    assert!(about(pause(&child(&troupe, "b")).await, 100));
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_fails_waits_too() {
    let (troupe, _, [_, b, _]) = troupe_of(Strategy::OneForOne, ["a", "b", "c"]).await;
    b.fail(2);
    let pause = pause(&child(&troupe, "b")).await;
    assert!(about(pause, 100 + 200 + 400), "{pause:?}");
    assert_eq!(b.starts(), 1 + 3);
}

#[tokio::test(start_paused = true)]
async fn without_a_backoff_nothing_waits() {
    let log = Log::default();
    let [a] = scripts(&log, ["a"]);
    let troupe = troupe(Strategy::OneForOne, &[&a]).start().await.unwrap();
    assert_eq!(pause(&child(&troupe, "a")).await, Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn jitter_takes_a_part_of_the_wait_at_most() {
    let log = Log::default();
    let [a] = scripts(&log, ["a"]);
    let backoff = Backoff::exponential(ms(1_000), ms(1_000)).jitter(0.5);
    let troupe = troupe(Strategy::OneForOne, &[&a]).intensity(u32::MAX).backoff(backoff);
    let troupe = troupe.start().await.unwrap();
    for _ in 0..20 {
        let pause = pause(&child(&troupe, "a")).await;
        assert!(pause >= ms(500) && pause <= ms(1_020), "{pause:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_supervisor_serves_meanwhile_and_shows_the_child_as_restarting() {
    let (troupe, ..) = troupe_of(Strategy::OneForOne, ["a", "b", "c"]).await;
    child(&troupe, "b").kill();
    settle().await;
    assert_eq!(restarting(&troupe).await, [false, true, false]);
    let again = troupe.restart_child("b").await;
    assert!(matches!(again, Err(ChildError::Restarting)));
    assert!(matches!(troupe.delete_child("b").await, Err(ChildError::Restarting)));
    assert_eq!(troupe.count_children().await.unwrap().active, 2);
    assert_eq!(child(&troupe, "a").life().await.unwrap(), 1);
    sleep(ms(100)).await;
    assert_eq!(restarting(&troupe).await, [false; 3]);
}

#[tokio::test(start_paused = true)]
async fn what_is_sent_meanwhile_waits_for_the_next_life() {
    for strategy in [Strategy::OneForOne, Strategy::OneForAll, Strategy::RestForOne] {
        let (troupe, ..) = troupe_of(strategy, ["a", "b", "c"]).await;
        child(&troupe, "a").kill();
        settle().await;
        for id in ["a", "b", "c"] {
            child(&troupe, id).see(7).await.unwrap();
            assert_eq!(soon(child(&troupe, id).seen()).await.unwrap(), [7], "{strategy}, {id}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn terminate_child_ends_the_wait() {
    let (troupe, _, [a, ..]) = troupe_of(Strategy::OneForOne, ["a", "b", "c"]).await;
    let worker = child(&troupe, "a");
    worker.kill();
    settle().await;
    let waits = tokio::spawn({
        let worker = worker.clone();
        async move { worker.life().await }
    });
    settle().await;
    troupe.terminate_child("a").await.unwrap();
    assert!(matches!(waits.await.unwrap(), Err(CallError::Died(ExitReason::Killed))));
    sleep(ms(5_000)).await;
    assert_eq!(a.starts(), 1);
    troupe.restart_child("a").await.unwrap();
    assert_eq!(worker.life().await.unwrap(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_was_ended_starts_nobody_later() {
    let (troupe, log, _) = troupe_of(Strategy::OneForOne, ["a", "b", "c"]).await;
    let a = child(&troupe, "a");
    assert!(about(pause(&a).await, 100));
    a.kill(); // 200 ms
    sleep(ms(100)).await;
    troupe.terminate_child("a").await.unwrap();
    troupe.restart_child("a").await.unwrap();
    log.take();
    a.kill(); // 400 ms
    sleep(ms(300)).await;
    assert_eq!(restarting(&troupe).await, [true, false, false], "the wait of 200 ms is over");
    assert!(log.take().is_empty());
    sleep(ms(110)).await;
    assert_eq!(log.take(), ["a starts"]);
}

#[tokio::test(start_paused = true)]
async fn the_end_of_the_supervisor_does_not_wait() {
    let (troupe, log, _) = troupe_of(Strategy::OneForOne, ["a", "b", "c"]).await;
    child(&troupe, "b").kill();
    settle().await;
    let asked = Instant::now();
    troupe.stop().await.unwrap();
    assert!(asked.elapsed() < ms(50));
    assert_eq!(log.take(), ["c ends: shutdown", "a ends: shutdown"]);
}

#[tokio::test(start_paused = true)]
async fn a_dynamic_child_that_waits_is_known_by_its_last_pid() {
    let log = Log::default();
    let [a, b] = scripts(&log, ["a", "b"]);
    let troupe = DynamicSupervisor::<Worker>::new()
        .backoff(Backoff::exponential(ms(100), ms(1_000)).jitter(0.0))
        .start()
        .await
        .unwrap();
    let a = troupe.start_child(move || a.spec()).await.unwrap();
    let b = troupe.start_child(move || b.spec()).await.unwrap();
    let pid = a.pid().unwrap();
    a.kill();
    b.kill();
    settle().await;
    troupe.terminate_child(pid).await.unwrap();
    assert!(matches!(a.life().await, Err(CallError::NoProc)));
    assert_eq!(soon(b.life()).await.unwrap(), 2);
    b.kill();
    settle().await;
    let asked = Instant::now();
    troupe.stop().await.unwrap();
    assert!(asked.elapsed() < ms(50));
}

#[tokio::test(start_paused = true)]
async fn a_group_is_ended_first_and_then_waits_and_then_is_started() {
    let (troupe, log, _) = troupe_of(Strategy::OneForAll, ["a", "b", "c"]).await;
    child(&troupe, "b").kill();
    sleep(ms(90)).await;
    assert_eq!(log.take(), ["c ends: shutdown", "a ends: shutdown"]);
    assert_eq!(restarting(&troupe).await, [true; 3]);
    sleep(ms(20)).await;
    assert_eq!(log.take(), ["a starts", "b starts", "c starts"]);
    assert_eq!(restarting(&troupe).await, [false; 3]);
    assert_eq!(troupe.count_children().await.unwrap().restarts, 3);
}

#[tokio::test(start_paused = true)]
async fn the_rest_waits_with_the_one() {
    let (troupe, log, _) = troupe_of(Strategy::RestForOne, ["a", "b", "c"]).await;
    child(&troupe, "b").kill();
    sleep(ms(90)).await;
    assert_eq!(restarting(&troupe).await, [false, true, true]);
    sleep(ms(20)).await;
    assert_eq!(log.take(), ["c ends: shutdown", "b starts", "c starts"]);
}

#[tokio::test(start_paused = true)]
async fn a_crash_of_an_earlier_child_takes_a_waiting_rest_along() {
    let (troupe, log, _) = troupe_of(Strategy::RestForOne, ["a", "b", "c"]).await;
    child(&troupe, "b").kill();
    sleep(ms(50)).await;
    child(&troupe, "a").kill();
    log.take();
    sleep(ms(190)).await;
    assert!(log.take().is_empty(), "the first wait is void");
    assert_eq!(restarting(&troupe).await, [true; 3]);
    sleep(ms(20)).await;
    assert_eq!(log.take(), ["a starts", "b starts", "c starts"]);
}

#[tokio::test(start_paused = true)]
async fn a_child_that_is_ended_while_its_group_waits_stays_down() {
    for (strategy, ended) in [(Strategy::OneForAll, "b"), (Strategy::OneForAll, "c")] {
        let (troupe, log, _) = troupe_of(strategy, ["a", "b", "c"]).await;
        child(&troupe, "b").kill();
        sleep(ms(50)).await;
        log.take();
        troupe.terminate_child(ended).await.unwrap();
        sleep(ms(100)).await;
        assert_eq!(log.take().len(), 2, "{strategy}, {ended}");
        assert!(matches!(child(&troupe, ended).life().await, Err(CallError::NoProc)));
        assert_eq!(restarting(&troupe).await, [false; 3]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_sibling_that_fails_to_start_waits_with_its_group_anew() {
    let (troupe, log, [_, _, c]) = troupe_of(Strategy::OneForAll, ["a", "b", "c"]).await;
    c.fail(1);
    child(&troupe, "b").kill();
    sleep(ms(110)).await;
    let expected = [
        "c ends: shutdown",
        "a ends: shutdown",
        "a starts",
        "b starts",
        "c fails",
        "b ends: shutdown",
        "a ends: shutdown",
    ];
    assert_eq!(log.take(), expected);
    assert_eq!(restarting(&troupe).await, [true; 3]);
    sleep(ms(210)).await;
    assert_eq!(log.take(), ["a starts", "b starts", "c starts"]);
}

#[tokio::test(start_paused = true)]
async fn a_sibling_that_fails_and_is_ended_does_not_hold_up_its_group() {
    let (troupe, _, [_, b, c]) = troupe_of(Strategy::OneForAll, ["a", "b", "c"]).await;
    b.fail(1);
    b.open_in(ms(50));
    child(&troupe, "a").kill();
    sleep(ms(120)).await; // `a` lives again, and `b` is being started
    troupe.terminate_child("b").await.unwrap();
    settle().await;
    assert_eq!(restarting(&troupe).await, [false; 3]);
    assert_eq!((b.starts(), c.starts()), (2, 2));
    assert_eq!(soon(child(&troupe, "c").life()).await.unwrap(), 2);
    assert!(matches!(child(&troupe, "b").life().await, Err(CallError::NoProc)));
}

#[tokio::test(start_paused = true)]
async fn attempts_count_as_without() {
    let log = Log::default();
    let [a] = scripts(&log, ["a"]);
    let troupe = waiting(troupe(Strategy::OneForOne, &[&a])).intensity(3).start().await.unwrap();
    let end = troupe.monitor();
    a.fail(u32::MAX);
    child(&troupe, "a").kill();
    assert!(matches!(soon(end).await.reason, ExitReason::Shutdown));
    assert_eq!(a.starts(), 1 + 3);
}

struct Waiting {
    script: Arc<Script>,
}

#[supervisor(strategy = one_for_one, backoff = "1s..10s")]
impl Waiting {
    #[child]
    fn worker(&self) -> ChildSpec<Worker> {
        self.script.spec()
    }
}

#[tokio::test(start_paused = true)]
async fn a_declared_tree_waits() {
    assert!(Waiting::tree().to_string().contains("1s to 10s before a restart"));
    let log = Log::default();
    let [script] = scripts(&log, ["worker"]);
    let troupe = Waiting { script }.start().await.unwrap();
    let pause = pause(&troupe.worker()).await;
    assert!(pause >= ms(800) && pause <= ms(1_020), "{pause:?}");
}

/// Two of three attempts, for a minute.
async fn two_attempts(backoff: bool) -> bool {
    let log = Log::default();
    let [a, b] = scripts(&log, ["a", "b"]);
    let mut plan = troupe(Strategy::OneForAll, &[&a, &b]);
    if backoff {
        plan = waiting(plan);
    }
    let troupe = plan.intensity(2).period(Duration::from_secs(60)).start().await.unwrap();
    b.open_in(ms(100));
    b.fail(1);
    child(&troupe, "b").kill();
    while b.starts() < 2 {
        sleep(ms(1)).await;
    }
    child(&troupe, "a").kill(); // it lives again, and `b` is about to fail
    sleep(ms(5_000)).await;
    troupe.is_alive()
}

#[tokio::test(start_paused = true)]
async fn a_sibling_that_fails_when_its_group_is_to_wait_anew_is_not_counted_twice() {
    assert!(two_attempts(false).await);
    assert!(two_attempts(true).await);
}

#[tokio::test(start_paused = true)]
async fn a_group_that_waits_anew_waits_whoever_of_it_is_ended() {
    let (troupe, _, [a, b, _]) = troupe_of(Strategy::OneForAll, ["a", "b", "c"]).await;
    b.open_in(ms(100));
    b.fail(1);
    child(&troupe, "a").kill();
    while b.starts() < 2 {
        sleep(ms(1)).await;
    }
    let before = a.starts();
    child(&troupe, "a").kill(); // the second wait is for 200 ms
    let ends_b = troupe.clone();
    tokio::spawn(async move { ends_b.terminate_child("b").await });
    sleep(ms(150)).await;
    assert_eq!(a.starts(), before, "it waits");
    sleep(ms(300)).await;
    assert_eq!(a.starts(), before + 1);
}

/// Wants to live once only.
#[actor]
struct Shy;

#[handlers]
impl Shy {
    #[init]
    fn open(starts: Arc<AtomicU32>, is_shy: bool) -> Option<Self> {
        (starts.fetch_add(1, Ordering::Relaxed) == 0 || !is_shy).then_some(Self)
    }

    #[call]
    fn is_there(&self) {}
}

#[tokio::test(start_paused = true)]
async fn dynamic_children_that_do_not_want_to_live_again_are_forgotten_and_the_others_live() {
    let wait = Backoff::exponential(ms(100), ms(100)).jitter(0.0);
    let pool = DynamicSupervisor::<Shy>::new().backoff(wait).start().await.unwrap();
    let mut children = Vec::new();
    for is_shy in [true, false, true, false] {
        let starts = Arc::new(AtomicU32::new(0));
        let spec = move || Shy::child_spec(starts.clone(), is_shy);
        children.push(pool.start_child(spec).await.unwrap());
    }
    for child in &children[..3] {
        child.kill();
    }
    sleep(ms(500)).await;
    let lives = children.iter().map(|child| child.is_alive()).collect::<Vec<_>>();
    assert_eq!(lives, [false, true, false, true]);
    assert_eq!(pool.count_children().await.unwrap().specs, 2);
}

#[tokio::test(start_paused = true)]
async fn a_wait_does_not_keep_a_tree_alive_that_nobody_has() {
    let log = Log::default();
    let [a, b] = scripts(&log, ["a", "b"]);
    let hour = Duration::from_secs(3_600);
    let wait = Backoff::exponential(hour, hour).jitter(0.0);
    let troupe = troupe(Strategy::OneForOne, &[&a, &b]).backoff(wait).start().await.unwrap();
    child(&troupe, "a").kill();
    settle().await;
    let end = troupe.monitor();
    drop(troupe);
    assert!(soon(end).await.reason.is_orderly());
}

#[tokio::test(start_paused = true)]
async fn one_that_had_been_ended_waits_with_its_group_and_so_does_what_is_sent_to_it() {
    let (troupe, ..) = troupe_of(Strategy::OneForAll, ["a", "b", "c"]).await;
    let worker = child(&troupe, "b");
    troupe.terminate_child("b").await.unwrap();
    assert!(matches!(worker.life().await, Err(CallError::NoProc)));
    child(&troupe, "a").kill();
    settle().await;
    assert!(troupe.which_child("b").await.unwrap().is_restarting);
    assert_eq!(worker.life().await.unwrap(), 2);
}

#[tokio::test(start_paused = true)]
async fn waits_that_overlap_may_end_in_any_order_and_keep_nobody_from_living() {
    for _ in 0..40 {
        let log = Log::default();
        let [a, b, c, d] = scripts(&log, ["a", "b", "c", "d"]);
        let wait = Backoff::exponential(ms(1_000), ms(1_000)); // with jitter: a later one may end first
        let troupe = troupe(Strategy::RestForOne, &[&a, &b, &c, &d]).backoff(wait).intensity(100);
        let troupe = troupe.start().await.unwrap();
        for id in ["d", "b"] {
            child(&troupe, id).kill();
            settle().await;
        }
        b.fail(1);
        b.open_in(ms(500));
        while b.starts() < 2 {
            sleep(ms(1)).await;
        }
        troupe.terminate_child("b").await.unwrap();
        sleep(ms(10_000)).await;
        let children = troupe.which_children().await.unwrap();
        let living: Vec<_> = children.iter().filter(|child| child.pid.is_some()).collect();
        assert_eq!(living.iter().map(|child| &*child.id).collect::<Vec<_>>(), ["a", "c", "d"]);
    }
}
