//! When a supervisor gives up, to the second, and what comes of it.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod worker;

use ghostlight::{Down, SupervisorRef, prelude::*};
use std::{sync::Arc, time::Duration};
use tokio::time::{Instant, sleep_until};
use worker::{Log, Script, Worker, WorkerRef, ms, settle, soon, troupe};

fn scripts<const N: usize>(log: &Log, names: [&'static str; N]) -> [Arc<Script>; N] {
    names.map(|name| Script::new(name, log))
}

fn child(troupe: &SupervisorRef, id: &str) -> WorkerRef {
    troupe.child::<Worker>(id).unwrap()
}

/// Whether a supervisor survives crashes of its one child at these milliseconds after its start.
async fn survives(intensity: u32, period: Duration, crashes: &[u64]) -> bool {
    let log = Log::default();
    let [a] = scripts(&log, ["a"]);
    let troupe = troupe(Strategy::OneForOne, &[&a]).intensity(intensity).period(period);
    let begun = Instant::now();
    let troupe = troupe.start().await.unwrap();
    for &at in crashes {
        sleep_until(begun + ms(at)).await;
        assert!(troupe.is_alive(), "it gave up before {at} ms");
        child(&troupe, "a").kill();
        settle().await;
    }
    troupe.is_alive()
}

/// OTP: `supervisor_SUITE/one_for_one`, `supervisor_SUITE/multiple_restarts`
#[tokio::test(start_paused = true)]
async fn the_window_is_counted_in_whole_seconds_and_includes_its_first() {
    let s = Duration::from_secs;
    // (intensity, period, crashes, survives)
    let cases: [(u32, u64, &[u64], bool); 14] = [
        (0, 5, &[10], false),
        (1, 5, &[10], true),
        (1, 5, &[10, 20], false),
        (2, 5, &[10, 20], true),
        (2, 5, &[10, 20, 30], false),
        (3, 5, &[10, 20, 30, 40], false),
        (1, 5, &[10, 5_900], false), // second 0 and second 5: within, though 5.89 s have passed
        (1, 5, &[10, 6_010], true),  // second 0 and second 6: not
        (1, 5, &[900, 6_010], true), // the same, though 5.11 s have passed
        (1, 1, &[900, 1_950], false),
        (1, 1, &[10, 2_110, 4_210, 6_310, 8_410], true),
        (1, 1, &[10, 2_110, 3_950], false),
        (2, 2, &[10, 1_010, 3_010, 4_010, 6_010], true),
        (2, 2, &[10, 1_010, 3_010, 3_510], false),
    ];
    for (intensity, period, crashes, expected) in cases {
        let survived = survives(intensity, s(period), crashes).await;
        assert_eq!(survived, expected, "{intensity} in {period} s: {crashes:?}");
    }
}

/// OTP: `supervisor_test/init/2`
#[tokio::test(start_paused = true)]
async fn the_default_is_three_in_five_seconds() {
    // The crashes, in milliseconds after the start.
    let cases: [(&[u64], bool); 4] = [
        (&[10, 20, 30], true),
        (&[10, 20, 30, 40], false),
        (&[10, 20, 30, 5_900], false),
        (&[10, 20, 30, 6_010], true),
    ];
    for (crashes, survives) in cases {
        let log = Log::default();
        let [a] = scripts(&log, ["a"]);
        let begun = Instant::now();
        let troupe = troupe(Strategy::OneForOne, &[&a]).start().await.unwrap();
        for &at in crashes {
            sleep_until(begun + ms(at)).await;
            child(&troupe, "a").kill();
            settle().await;
        }
        assert_eq!(troupe.is_alive(), survives, "{crashes:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_supervisor_that_gives_up_ends_its_children_in_reverse_order_and_ends_as_shutdown() {
    let log = Log::default();
    let [a, b, c] = scripts(&log, ["a", "b", "c"]);
    let troupe = troupe(Strategy::OneForOne, &[&a, &b, &c]).intensity(0).start().await.unwrap();
    let end = troupe.monitor();
    log.take();
    child(&troupe, "b").kill();
    let Down { reason, .. } = end.await;
    assert!(matches!(reason, ExitReason::Shutdown), "{reason}");
    assert_eq!(log.take(), ["c ends: shutdown", "a ends: shutdown"]);
    assert!(matches!(troupe.count_children().await, Err(CallError::NoProc)));
}

#[tokio::test(start_paused = true)]
async fn there_is_one_count_for_all_children() {
    let log = Log::default();
    let [a, b, c] = scripts(&log, ["a", "b", "c"]);
    let troupe = troupe(Strategy::OneForOne, &[&a, &b, &c]).intensity(2).start().await.unwrap();
    for id in ["a", "b"] {
        child(&troupe, id).kill();
        settle().await;
    }
    assert!(troupe.is_alive());
    child(&troupe, "c").kill();
    settle().await;
    assert!(!troupe.is_alive());
}

/// OTP: `supervisor_SUITE/one_for_all`, `supervisor_SUITE/rest_for_one`
#[tokio::test(start_paused = true)]
async fn a_group_restart_counts_one() {
    for strategy in [Strategy::OneForAll, Strategy::RestForOne] {
        let log = Log::default();
        let [a, b, c] = scripts(&log, ["a", "b", "c"]);
        let troupe = troupe(strategy, &[&a, &b, &c]).intensity(2).start().await.unwrap();
        for _ in 0..2 {
            child(&troupe, "a").kill();
            settle().await;
        }
        assert!(troupe.is_alive(), "{strategy}");
        assert_eq!([a.starts(), b.starts(), c.starts()], [3; 3]);
        child(&troupe, "a").kill();
        settle().await;
        assert!(!troupe.is_alive(), "{strategy}");
    }
}

/// OTP: `supervisor_SUITE/one_for_one_escalation`, `supervisor_SUITE/one_for_all_escalation`
#[tokio::test(start_paused = true)]
async fn attempts_that_fail_count() {
    for strategy in [Strategy::OneForOne, Strategy::OneForAll, Strategy::RestForOne] {
        let log = Log::default();
        let [a, b, c] = scripts(&log, ["a", "b", "c"]);
        let troupe = troupe(strategy, &[&a, &b, &c]).intensity(3).start().await.unwrap();
        let end = troupe.monitor();
        b.fail(u32::MAX);
        child(&troupe, "b").kill();
        let reason = soon(end).await.reason;
        assert!(matches!(reason, ExitReason::Shutdown), "{strategy}: {reason}");
        assert_eq!(b.starts(), 1 + 3, "{strategy}");
        settle().await;
        let mut lives = 0_i32;
        for what in log.take() {
            lives += i32::from(what.ends_with("starts")) - i32::from(what.contains("ends"));
        }
        assert_eq!(lives, 1, "{strategy}: all have ended; the killed one did not say so");
    }
}

/// OTP: `supervisor_SUITE/rest_for_one_escalation`
#[tokio::test(start_paused = true)]
async fn attempts_of_a_later_sibling_that_fail_count() {
    for strategy in [Strategy::OneForAll, Strategy::RestForOne] {
        let log = Log::default();
        let [a, b, c] = scripts(&log, ["a", "b", "c"]);
        let troupe = troupe(strategy, &[&a, &b, &c]).intensity(3).start().await.unwrap();
        let end = troupe.monitor();
        c.fail(u32::MAX);
        child(&troupe, "b").kill();
        let reason = soon(end).await.reason;
        assert!(matches!(reason, ExitReason::Shutdown), "{strategy}: {reason}");
        assert_eq!(c.starts(), 1 + 3, "{strategy}");
        let seen = log.take();
        let last_of_a = seen.iter().rfind(|what| what.starts_with('a')).unwrap();
        assert_eq!(last_of_a, "a ends: shutdown", "{strategy}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_asked_for_and_ends_that_lead_to_no_restart_do_not_count() {
    let log = Log::default();
    let [a, b, temporary] = scripts(&log, ["a", "b", "temporary"]);
    let spec = b.clone();
    let troupe = troupe(Strategy::OneForOne, &[&a])
        .child("b", move |_| spec.spec().restart(Restart::Transient))
        .intensity(1)
        .start()
        .await
        .unwrap();
    for _ in 0..5 {
        troupe.terminate_child("a").await.unwrap();
        troupe.restart_child("a").await.unwrap();
        child(&troupe, "b").end(ExitReason::Normal).await.unwrap();
        settle().await;
        troupe.restart_child("b").await.unwrap();
        let spec = temporary.clone();
        let passing =
            troupe.start_child("t", move || spec.spec().restart(Restart::Temporary)).await.unwrap();
        passing.kill();
        settle().await;
    }
    child(&troupe, "a").kill();
    settle().await;
    assert!(troupe.is_alive(), "this was the first that counts");
    child(&troupe, "b").kill();
    settle().await;
    assert!(!troupe.is_alive());
}

/// A tree: `outer` has `inner`, which has `a` and `b`.
async fn tree(restart: Restart, scripts: &[Arc<Script>; 2]) -> (SupervisorRef, SupervisorRef) {
    let scripts = scripts.clone();
    let outer = Supervisor::builder(Strategy::OneForOne)
        .intensity(1)
        .child("inner", move |_| {
            let [a, b] = &scripts;
            troupe(Strategy::OneForOne, &[a, b]).intensity(1).child_spec().restart(restart)
        })
        .start()
        .await
        .unwrap();
    let inner = outer.child::<Supervisor>("inner").unwrap();
    (outer, inner)
}

async fn crash_twice(worker: &WorkerRef) {
    for _ in 0..2 {
        worker.kill();
        settle().await;
    }
}

/// OTP: `supervisor_SUITE/tree`
#[tokio::test(start_paused = true)]
async fn a_permanent_supervisor_that_gave_up_is_restarted_with_the_same_roles() {
    let log = Log::default();
    let workers = scripts(&log, ["a", "b"]);
    let (outer, inner) = tree(Restart::Permanent, &workers).await;
    let (a, b) = (child(&inner, "a"), child(&inner, "b"));
    let (pid, end) = (inner.pid(), inner.monitor());
    crash_twice(&a).await;
    assert!(matches!(end.await.reason, ExitReason::Shutdown));
    assert!(inner.pid().is_some() && inner.pid() != pid);
    assert_eq!(
        (a.life().await.unwrap(), b.life().await.unwrap()),
        (3, 2),
        "handles are good again"
    );
    assert_eq!(inner.child::<Worker>("a").unwrap(), a);
    assert_eq!(outer.count_children().await.unwrap().restarts, 1);

    a.kill();
    settle().await;
    assert_eq!(a.life().await.unwrap(), 4, "the new life counts anew");
    crash_twice(&b).await;
    assert!(!outer.is_alive(), "the second time within its own period");
    assert!(matches!(a.life().await, Err(CallError::NoProc)));
}

#[tokio::test(start_paused = true)]
async fn a_transient_or_temporary_supervisor_that_gave_up_stays_down() {
    for restart in [Restart::Transient, Restart::Temporary] {
        let log = Log::default();
        let workers = scripts(&log, ["a", "b"]);
        let (outer, inner) = tree(restart, &workers).await;
        let (a, b) = (child(&inner, "a"), child(&inner, "b"));
        crash_twice(&a).await;
        assert!(!inner.is_alive(), "{restart:?}: shutdown is no crash");
        assert!(matches!(a.life().await, Err(CallError::NoProc)));
        assert!(matches!(b.life().await, Err(CallError::NoProc)));
        let specs = outer.count_children().await.unwrap().specs;
        assert_eq!(specs, usize::from(restart == Restart::Transient));
        if restart == Restart::Transient {
            outer.restart_child("inner").await.unwrap();
            assert_eq!((a.life().await.unwrap(), b.life().await.unwrap()), (3, 2));
        }
    }
}
