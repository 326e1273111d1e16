//! Who is restarted when a child ends: the strategies, and the restart types.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod worker;

use ghostlight::{ChildError, SupervisorBuilder, SupervisorRef, prelude::*};
use std::sync::Arc;
use worker::{Log, Script, Worker, WorkerRef, ms, settle, soon, troupe};

fn scripts<const N: usize>(log: &Log, names: [&'static str; N]) -> [Arc<Script>; N] {
    names.map(|name| Script::new(name, log))
}

fn child(troupe: &SupervisorRef, id: &str) -> WorkerRef {
    troupe.child::<Worker>(id).unwrap()
}

/// A child with a restart type of its own.
fn with(
    troupe: SupervisorBuilder,
    id: &'static str,
    script: &Arc<Script>,
    restart: Restart,
) -> SupervisorBuilder {
    let script = script.clone();
    troupe.child(id, move |_| script.spec().restart(restart))
}

/// The ids of the children that live, and of those that do not.
async fn who(troupe: &SupervisorRef) -> (Vec<String>, Vec<String>) {
    let (mut alive, mut dead) = (vec![], vec![]);
    for child in troupe.which_children().await.unwrap() {
        let ids = if child.pid.is_some() { &mut alive } else { &mut dead };
        ids.push(child.id.into_owned());
    }
    (alive, dead)
}

/// OTP: `supervisor_SUITE/one_for_one`
#[tokio::test(start_paused = true)]
async fn one_for_one_replaces_only_the_child_that_crashed() {
    let log = Log::default();
    let [a, b, c] = scripts(&log, ["a", "b", "c"]);
    let troupe = troupe(Strategy::OneForOne, &[&a, &b, &c]).start().await.unwrap();
    let pids = ["a", "b", "c"].map(|id| child(&troupe, id).pid());
    log.take();
    child(&troupe, "b").crash().await.unwrap();
    settle().await;
    assert_eq!(log.take(), ["b ends: crash", "b starts"]);
    let now = ["a", "b", "c"].map(|id| child(&troupe, id).pid());
    assert_eq!((pids[0], pids[2]), (now[0], now[2]));
    assert!(now[1].is_some() && now[1] != pids[1]);
}

/// OTP: `supervisor_SUITE/one_for_all`
#[tokio::test(start_paused = true)]
async fn one_for_all_ends_the_others_in_reverse_order_and_starts_all_in_order() {
    let log = Log::default();
    let [a, b, c, d] = scripts(&log, ["a", "b", "c", "d"]);
    let troupe = troupe(Strategy::OneForAll, &[&a, &b, &c, &d]).start().await.unwrap();
    log.take();
    child(&troupe, "b").crash().await.unwrap();
    settle().await;
    let expected = [
        "b ends: crash",
        "d ends: shutdown",
        "c ends: shutdown",
        "a ends: shutdown",
        "a starts",
        "b starts",
        "c starts",
        "d starts",
    ];
    assert_eq!(log.take(), expected);
}

/// OTP: `supervisor_SUITE/rest_for_one`, `supervisor_SUITE/order_of_children`
#[tokio::test(start_paused = true)]
async fn rest_for_one_restarts_the_child_and_those_after_it() {
    let log = Log::default();
    let [a, b, c, d] = scripts(&log, ["a", "b", "c", "d"]);
    let troupe = troupe(Strategy::RestForOne, &[&a, &b, &c, &d]).start().await.unwrap();
    let pid = child(&troupe, "a").pid();
    log.take();
    child(&troupe, "b").crash().await.unwrap();
    settle().await;
    let expected = [
        "b ends: crash",
        "d ends: shutdown",
        "c ends: shutdown",
        "b starts",
        "c starts",
        "d starts",
    ];
    assert_eq!(log.take(), expected);
    assert_eq!(child(&troupe, "a").pid(), pid);
    child(&troupe, "d").crash().await.unwrap();
    settle().await;
    assert_eq!(log.take(), ["d ends: crash", "d starts"]);
}

#[tokio::test(start_paused = true)]
async fn a_group_restart_waits_for_each_end() {
    let log = Log::default();
    let [a, b, c] = scripts(&log, ["a", "b", "c"]);
    let troupe = troupe(Strategy::OneForAll, &[&a, &b, &c]).start().await.unwrap();
    log.take();
    b.close_in(ms(50));
    c.close_in(ms(20));
    child(&troupe, "a").kill();
    tokio::time::sleep(ms(100)).await;
    let expected = [
        "c ends: shutdown",
        "c has ended",
        "b ends: shutdown",
        "b has ended",
        "a starts",
        "b starts",
        "c starts",
    ];
    assert_eq!(log.take(), expected);
}

/// OTP: `supervisor_SUITE/permanent_normal`, `supervisor_SUITE/permanent_shutdown`,
/// `supervisor_SUITE/permanent_abnormal`, `supervisor_SUITE/transient_normal`,
/// `supervisor_SUITE/transient_shutdown`, `supervisor_SUITE/transient_abnormal`,
/// `supervisor_SUITE/temporary_normal`, `supervisor_SUITE/temporary_shutdown`,
/// `supervisor_SUITE/temporary_abnormal`
#[tokio::test(start_paused = true)]
async fn the_restart_type_and_the_reason_say_whether_a_child_lives_again() {
    let reasons =
        [ExitReason::Normal, ExitReason::Shutdown, ExitReason::Killed, ExitReason::crash("crash")];
    for restart in [Restart::Permanent, Restart::Transient, Restart::Temporary] {
        for reason in &reasons {
            let log = Log::default();
            let [a, b] = scripts(&log, ["a", "b"]);
            let troupe = with(troupe(Strategy::OneForOne, &[&b]), "a", &a, restart);
            let troupe = troupe.start().await.unwrap();
            let worker = child(&troupe, "a");
            worker.end(reason.clone()).await.unwrap();
            settle().await;
            let lives = match restart {
                Restart::Permanent => true,
                Restart::Transient => !reason.is_orderly(),
                Restart::Temporary => false,
            };
            let case = format!("{restart:?}, {reason}");
            assert_eq!(a.starts(), 1 + u32::from(lives), "{case}");
            assert_eq!(worker.is_alive(), lives, "{case}");
            let (alive, dead) = who(&troupe).await;
            assert_eq!(alive, if lives { vec!["b", "a"] } else { vec!["b"] }, "{case}");
            let keeps_spec = restart == Restart::Transient && !lives;
            assert_eq!(dead, if keeps_spec { vec!["a"] } else { vec![] }, "{case}");
            let again = troupe.restart_child("a").await;
            match (lives, keeps_spec) {
                (true, _) => assert!(matches!(again, Err(ChildError::Running)), "{case}"),
                (_, true) => assert_eq!(worker.pid(), Some(again.unwrap()), "{case}"),
                _ => assert!(matches!(again, Err(ChildError::NotFound)), "{case}"),
            }
        }
    }
}

/// OTP: `supervisor_SUITE/do_not_save_child_specs_for_temporary_children`,
/// `supervisor_SUITE/temporary_shutdown`
#[tokio::test(start_paused = true)]
async fn the_id_of_a_temporary_child_that_ended_can_be_used_again() {
    let log = Log::default();
    let troupe = troupe(Strategy::OneForOne, &[]).start().await.unwrap();
    for round in 0..4 {
        let [a] = scripts(&log, ["a"]);
        let spec = a.clone();
        let worker =
            troupe.start_child("a", move || spec.spec().restart(Restart::Temporary)).await.unwrap();
        match round {
            0 => worker.kill(),
            1 => worker.end(ExitReason::Normal).await.unwrap(),
            2 => worker.crash().await.unwrap(),
            _ => troupe.terminate_child("a").await.unwrap(),
        }
        settle().await;
        assert_eq!(troupe.count_children().await.unwrap().specs, 0, "round {round}");
        assert!(matches!(worker.life().await, Err(CallError::NoProc)), "round {round}");
    }
}

/// OTP: `supervisor_SUITE/temporary_bystander`
#[tokio::test(start_paused = true)]
async fn a_group_restart_revives_those_that_had_ended_and_forgets_the_temporary() {
    for strategy in [Strategy::OneForAll, Strategy::RestForOne] {
        let log = Log::default();
        let [a, stopped, ended, passing, z] =
            scripts(&log, ["a", "stopped", "ended", "passing", "z"]);
        let mut builder = troupe(strategy, &[&a, &stopped]);
        builder = with(builder, "ended", &ended, Restart::Transient);
        builder = with(builder, "passing", &passing, Restart::Temporary);
        builder = with(builder, "z", &z, Restart::Permanent);
        let troupe = builder.start().await.unwrap();
        let (stopped, ended, passing) =
            (child(&troupe, "stopped"), child(&troupe, "ended"), child(&troupe, "passing"));
        troupe.terminate_child("stopped").await.unwrap();
        ended.end(ExitReason::Normal).await.unwrap();
        settle().await;
        assert!(!stopped.is_alive() && !ended.is_alive());
        log.take();
        child(&troupe, "a").kill();
        settle().await;
        let expected = [
            "z ends: shutdown",
            "passing ends: shutdown",
            "a starts",
            "stopped starts",
            "ended starts",
            "z starts",
        ];
        assert_eq!(log.take(), expected, "{strategy}");
        assert_eq!(stopped.life().await.unwrap(), 2, "the same role");
        assert_eq!(ended.life().await.unwrap(), 2);
        assert!(matches!(passing.life().await, Err(CallError::NoProc)));
        assert_eq!(who(&troupe).await.0, ["a", "stopped", "ended", "z"]);
        assert_eq!(troupe.count_children().await.unwrap().specs, 4);
    }
}

/// OTP: `supervisor_SUITE/one_for_all_other_child_fails_restart`
#[tokio::test(start_paused = true)]
async fn one_for_all_begins_anew_when_a_sibling_does_not_start() {
    let log = Log::default();
    let [a, b, c] = scripts(&log, ["a", "b", "c"]);
    let troupe = troupe(Strategy::OneForAll, &[&a, &b, &c]).start().await.unwrap();
    log.take();
    b.fail(1);
    child(&troupe, "c").kill();
    settle().await;
    let expected = [
        "b ends: shutdown",
        "a ends: shutdown",
        "a starts",
        "b fails",
        "a ends: shutdown",
        "a starts",
        "b starts",
        "c starts",
    ];
    assert_eq!(log.take(), expected);
    assert_eq!(who(&troupe).await.0, ["a", "b", "c"]);
}

/// OTP: `supervisor_SUITE/rest_for_one_other_child_fails_restart`
#[tokio::test(start_paused = true)]
async fn rest_for_one_tries_again_from_the_child_that_did_not_start() {
    let log = Log::default();
    let [a, b, c, d] = scripts(&log, ["a", "b", "c", "d"]);
    let troupe = troupe(Strategy::RestForOne, &[&a, &b, &c, &d]).start().await.unwrap();
    log.take();
    c.fail(1);
    child(&troupe, "b").kill();
    settle().await;
    let expected =
        ["d ends: shutdown", "c ends: shutdown", "b starts", "c fails", "c starts", "d starts"];
    assert_eq!(log.take(), expected);
    assert_eq!(who(&troupe).await.0, ["a", "b", "c", "d"]);
}

/// OTP: `supervisor_SUITE/hanging_restart_loop`, `supervisor_SUITE/count_restarting_children`
#[tokio::test(start_paused = true)]
async fn a_supervisor_serves_between_two_attempts_to_restart_a_child() {
    let log = Log::default();
    let [a, b] = scripts(&log, ["a", "b"]);
    let troupe = troupe(Strategy::OneForOne, &[&a, &b]).intensity(1_000_000).start().await.unwrap();
    let (worker, other) = (child(&troupe, "a"), child(&troupe, "b"));
    a.fail(u32::MAX);
    a.open_in(ms(100));
    worker.kill();
    tokio::time::sleep(ms(50)).await; // the first attempt is under way
    let info = soon(troupe.which_children()).await.unwrap();
    assert!(info[0].is_restarting && info[0].pid.is_none());
    assert!(!info[1].is_restarting && info[1].pid == other.pid());
    let counts = troupe.count_children().await.unwrap();
    assert_eq!((counts.specs, counts.active, counts.workers), (2, 1, 2));
    let spec = b.clone();
    let present = troupe.start_child("a", move || spec.spec()).await;
    assert!(matches!(present, Err(ChildError::AlreadyPresent)));
    let restarting = troupe.restart_child("a").await;
    assert!(matches!(restarting, Err(ChildError::Restarting)), "{restarting:?}");
    let restarting = troupe.delete_child("a").await;
    assert!(matches!(restarting, Err(ChildError::Restarting)), "{restarting:?}");
    assert!(worker.is_alive(), "it is about to live again");
    let waiting = tokio::spawn(worker.life().owned().into_future());
    settle().await;
    troupe.terminate_child("a").await.unwrap();
    assert!(matches!(waiting.await.unwrap(), Err(CallError::Died(_))));
    let starts = a.starts();
    tokio::time::sleep(ms(1_000)).await;
    assert_eq!(a.starts(), starts, "it is tried no more");
    assert!(!worker.is_alive());
    assert_eq!(troupe.count_children().await.unwrap().active, 1);
    a.fail(0);
    troupe.restart_child("a").await.unwrap();
    assert!(worker.life().await.unwrap() > 2);
}

/// OTP: `supervisor_SUITE/hanging_restart_loop_rest_for_one`
#[tokio::test(start_paused = true)]
async fn while_rest_for_one_tries_again_the_later_siblings_wait() {
    let log = Log::default();
    let [a, b, c] = scripts(&log, ["a", "b", "c"]);
    let troupe =
        troupe(Strategy::RestForOne, &[&a, &b, &c]).intensity(1_000_000).start().await.unwrap();
    let (first, last) = (child(&troupe, "a"), child(&troupe, "c"));
    b.fail(u32::MAX);
    b.open_in(ms(100));
    child(&troupe, "b").kill();
    tokio::time::sleep(ms(50)).await;
    let info = soon(troupe.which_children()).await.unwrap();
    assert_eq!(info[0].pid, first.pid());
    assert!(info[1].is_restarting);
    assert!(info[2].pid.is_none() && !info[2].is_restarting);
    assert_eq!(first.life().await.unwrap(), 1);
    let waiting = tokio::spawn(last.life().owned().into_future());
    tokio::time::sleep(ms(200)).await;
    assert!(!waiting.is_finished(), "it will live again with the group");
    b.fail(0);
    assert_eq!(waiting.await.unwrap().unwrap(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_supervisor_serves_between_attempts_that_fail_at_once() {
    let log = Log::default();
    let [a, b] = scripts(&log, ["a", "b"]);
    let troupe = troupe(Strategy::OneForOne, &[&a, &b]).intensity(1_000_000).start().await.unwrap();
    a.fail(u32::MAX);
    let end = child(&troupe, "a").monitor();
    child(&troupe, "a").kill();
    end.await;
    assert!(soon(troupe.which_children()).await.unwrap()[0].is_restarting);
    soon(troupe.terminate_child("a")).await.unwrap();
    let starts = a.starts();
    assert!(starts < 1_000_000, "it was not served before it had given up");
    settle().await;
    assert_eq!(a.starts(), starts);
    assert!(troupe.is_alive() && child(&troupe, "b").is_alive());
}

#[tokio::test(start_paused = true)]
async fn two_children_that_crash_at_once_are_both_restarted() {
    for strategy in [Strategy::OneForOne, Strategy::OneForAll, Strategy::RestForOne] {
        let log = Log::default();
        let [a, b, c] = scripts(&log, ["a", "b", "c"]);
        let troupe = troupe(strategy, &[&a, &b, &c]).start().await.unwrap();
        child(&troupe, "c").kill();
        child(&troupe, "a").kill();
        settle().await;
        for id in ["a", "b", "c"] {
            assert!(child(&troupe, id).life().await.is_ok(), "{strategy}, {id}");
        }
        assert_eq!(who(&troupe).await.0, ["a", "b", "c"]);
    }
}

/// OTP: `supervisor_SUITE/tree` (children that were added are lost with the supervisor's life)
/// Also `supervisor_SUITE/extra_return`, `supervisor_test/start_child/2: supports new child spec as tuple`, `supervisor_test/start_child/2: supports new child spec`
#[tokio::test(start_paused = true)]
async fn a_child_that_was_added_outlives_its_siblings_crashes_and_not_the_supervisor() {
    let log = Log::default();
    let [a, added] = scripts(&log, ["a", "added"]);
    let spec = a.clone();
    let outer = Supervisor::builder(Strategy::OneForOne)
        .child("inner", move |_| troupe(Strategy::OneForAll, &[&spec]).child_spec())
        .start()
        .await
        .unwrap();
    let inner = outer.child::<Supervisor>("inner").unwrap();
    let planned = child(&inner, "a");
    let spec = added.clone();
    let extra = inner.start_child("added", move || spec.spec()).await.unwrap();
    planned.kill();
    assert_eq!(planned.life().await.unwrap(), 2);
    assert_eq!(extra.life().await.unwrap(), 2, "one_for_all takes it along");
    inner.stop().await.unwrap();
    assert_eq!(planned.life().await.unwrap(), 3);
    assert!(matches!(extra.life().await, Err(CallError::NoProc)));
    assert_eq!(who(&inner).await.0, ["a"]);
}

/// OTP: `supervisor_SUITE/tree`
#[tokio::test(start_paused = true)]
async fn a_crash_below_a_nested_supervisor_is_its_own_matter() {
    let log = Log::default();
    let [a, b, c] = scripts(&log, ["a", "b", "c"]);
    let (one, other) = (b.clone(), c.clone());
    let outer = troupe(Strategy::OneForAll, &[&a])
        .child("inner", move |_| troupe(Strategy::OneForAll, &[&one, &other]).child_spec())
        .start()
        .await
        .unwrap();
    let inner = outer.child::<Supervisor>("inner").unwrap();
    let pid = inner.pid();
    log.take();
    child(&inner, "b").kill();
    settle().await;
    assert_eq!(log.take(), ["c ends: shutdown", "b starts", "c starts"]);
    assert_eq!(inner.pid(), pid);
    child(&outer, "a").kill();
    settle().await;
    let expected = ["c ends: shutdown", "b ends: shutdown", "a starts", "b starts", "c starts"];
    assert_eq!(log.take(), expected);
    assert_ne!(inner.pid(), pid);
}

#[tokio::test(start_paused = true)]
async fn mail_of_grandchildren_outlives_a_group_restart_of_their_supervisor() {
    let log = Log::default();
    let [a, b] = scripts(&log, ["a", "b"]);
    let one = b.clone();
    let outer = troupe(Strategy::OneForAll, &[&a])
        .child("inner", move |_| troupe(Strategy::OneForOne, &[&one]).child_spec())
        .start()
        .await
        .unwrap();
    let inner = outer.child::<Supervisor>("inner").unwrap();
    let grandchild = child(&inner, "b");
    b.close_in(ms(20));
    child(&outer, "a").kill();
    settle().await; // the grandchild is ending
    grandchild.see(1).await.unwrap();
    grandchild.see(2).await.unwrap();
    assert_eq!(grandchild.seen().await.unwrap(), [1, 2]);
    assert_eq!(grandchild.life().await.unwrap(), 2);
}

/// Sends a supervisor an exit signal that is none of its business.
#[actor]
struct Stranger;

#[handlers]
impl Stranger {
    #[call]
    fn send_exits(&self, supervisor: SupervisorRef, worker: WorkerRef, ctx: &mut Ctx<Self>) {
        ctx.exit(&supervisor, ExitReason::Shutdown);
        ctx.link(&supervisor);
        ctx.exit(&worker, ExitReason::Normal);
        ctx.stop(ExitReason::crash("stranger"));
    }
}

#[tokio::test(start_paused = true)]
async fn exit_signals_of_strangers_do_not_concern_a_supervisor() {
    let log = Log::default();
    let [a] = scripts(&log, ["a"]);
    let troupe = troupe(Strategy::OneForOne, &[&a]).start().await.unwrap();
    let pids = (troupe.pid(), child(&troupe, "a").pid());
    let stranger = ghostlight::spawn(Stranger).unwrap();
    stranger.send_exits(troupe.clone(), child(&troupe, "a")).await.unwrap();
    settle().await;
    assert_eq!(pids, (troupe.pid(), child(&troupe, "a").pid()));
    assert_eq!(log.take(), ["a starts"]);
}
