//! Supervisors whose children come and go.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod worker;

use ghostlight::{ChildError, DynamicSupervisorRef, prelude::*};
use std::{sync::Arc, time::Duration};
use tokio::time::Instant;
use worker::{Log, Script, Worker, WorkerRef, ms, settle, soon};

type Pool = DynamicSupervisorRef<Worker>;

async fn pool() -> Pool {
    DynamicSupervisor::<Worker>::new().start().await.unwrap()
}

async fn add(pool: &Pool, script: &Arc<Script>, restart: Restart) -> WorkerRef {
    let script = script.clone();
    pool.start_child(move || script.spec().restart(restart)).await.unwrap()
}

fn script(log: &Log) -> Arc<Script> {
    Script::new("a", log)
}

async fn specs(pool: &Pool) -> usize {
    pool.count_children().await.unwrap().specs
}

/// OTP: `supervisor_SUITE/simple_one_for_one`
/// Also `supervisor_SUITE/simple_one_for_one_extra`
#[tokio::test(start_paused = true)]
async fn a_crash_restarts_only_that_child_and_its_handle_stays_valid() {
    let log = Log::default();
    let (one, two) = (script(&log), script(&log));
    let pool = pool().await;
    let (a, b) =
        (add(&pool, &one, Restart::Permanent).await, add(&pool, &two, Restart::Permanent).await);
    let pids = (a.pid(), b.pid());
    a.crash().try_send().unwrap();
    a.see(1).try_send().unwrap();
    assert_eq!(a.seen().await.unwrap(), [1], "what waited is handled by the next life");
    assert_eq!(a.life().await.unwrap(), 2);
    assert_ne!(a.pid(), pids.0);
    assert_eq!(b.pid(), pids.1);
    assert_eq!(specs(&pool).await, 2);
}

/// OTP: `supervisor_SUITE/simple_one_for_one` (over-intensity),
/// `supervisor_SUITE/simple_one_for_one_escalation`
#[tokio::test(start_paused = true)]
async fn too_many_restarts_end_it_and_all_its_children() {
    let log = Log::default();
    let (one, two) = (script(&log), Script::new("b", &log));
    let pool = DynamicSupervisor::<Worker>::new().intensity(2).start().await.unwrap();
    let (a, b) =
        (add(&pool, &one, Restart::Permanent).await, add(&pool, &two, Restart::Permanent).await);
    let end = pool.monitor();
    one.fail(u32::MAX);
    a.kill();
    assert!(matches!(soon(end).await.reason, ExitReason::Shutdown));
    assert_eq!(one.starts(), 1 + 2);
    assert!(matches!(a.life().await, Err(CallError::NoProc)));
    assert!(matches!(b.life().await, Err(CallError::NoProc)));
    assert!(log.take().contains(&"b ends: shutdown".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_child_that_ends_and_is_not_restarted_is_forgotten_and_its_role_is_over() {
    let log = Log::default();
    let pool = pool().await;
    for (restart, reason) in [
        (Restart::Transient, ExitReason::Normal),
        (Restart::Transient, ExitReason::Shutdown),
        (Restart::Temporary, ExitReason::Normal),
        (Restart::Temporary, ExitReason::crash("crash")),
        (Restart::Temporary, ExitReason::Killed),
    ] {
        let a = add(&pool, &script(&log), restart).await;
        let weak = a.downgrade();
        a.end(reason.clone()).await.unwrap();
        settle().await;
        assert_eq!(specs(&pool).await, 0, "{restart:?}, {reason}");
        assert!(matches!(a.life().await, Err(CallError::NoProc)), "{restart:?}, {reason}");
        assert!(weak.upgrade().is_none());
    }
    let a = add(&pool, &script(&log), Restart::Transient).await;
    a.crash().await.unwrap();
    assert_eq!(a.life().await.unwrap(), 2, "a crash of a transient one is restarted");
}

/// OTP: `supervisor_SUITE/child_adm_simple` (the second time Elixir says `not_found`, and so do we)
#[tokio::test(start_paused = true)]
async fn a_child_is_ended_by_its_pid_and_forgotten() {
    let log = Log::default();
    let pool = pool().await;
    let (one, two) = (script(&log), script(&log));
    let (a, b) =
        (add(&pool, &one, Restart::Permanent).await, add(&pool, &two, Restart::Permanent).await);
    let pid = a.pid().unwrap();
    log.take();
    pool.terminate_child(pid).await.unwrap();
    assert_eq!(log.take(), ["a ends: shutdown"]);
    assert!(matches!(a.life().await, Err(CallError::NoProc)));
    assert!(matches!(pool.terminate_child(pid).await, Err(ChildError::NotFound)));
    let stranger = Worker::start(script(&log)).await.unwrap();
    let foreign = pool.terminate_child(stranger.pid().unwrap()).await;
    assert!(matches!(foreign, Err(ChildError::NotFound)));
    assert!(stranger.is_alive());
    let old = b.pid().unwrap();
    b.kill();
    assert_eq!(b.life().await.unwrap(), 2);
    assert!(matches!(pool.terminate_child(old).await, Err(ChildError::NotFound)), "an old life's");
    pool.terminate_child(b.pid().unwrap()).await.unwrap();
    assert_eq!(specs(&pool).await, 0);
}

/// OTP: `supervisor_SUITE/hanging_restart_loop_simple`
#[tokio::test(start_paused = true)]
async fn a_child_that_is_being_restarted_is_ended_by_its_last_pid() {
    let log = Log::default();
    let one = script(&log);
    let pool = DynamicSupervisor::<Worker>::new().intensity(100_000).start().await.unwrap();
    let a = add(&pool, &one, Restart::Permanent).await;
    let (pid, end) = (a.pid().unwrap(), a.monitor());
    one.fail(u32::MAX);
    a.kill();
    end.await;
    assert_eq!(specs(&pool).await, 1);
    let ended = soon(pool.terminate_child(pid)).await;
    assert!(ended.is_ok(), "{ended:?}");
    let starts = one.starts();
    settle().await;
    assert_eq!(one.starts(), starts, "it is tried no more");
    assert_eq!(specs(&pool).await, 0);
}

#[tokio::test(start_paused = true)]
async fn there_are_no_more_than_max_children() {
    let log = Log::default();
    let pool = DynamicSupervisor::<Worker>::new().max_children(2).start().await.unwrap();
    let one = script(&log);
    let a = add(&pool, &one, Restart::Permanent).await;
    let b = add(&pool, &script(&log), Restart::Temporary).await;
    let more = script(&log);
    let spec = more.clone();
    let full = pool.start_child(move || spec.spec()).await;
    assert!(matches!(full, Err(ChildError::MaxChildren)), "{full:?}");
    assert_eq!(more.starts(), 0);
    a.kill();
    assert_eq!(a.life().await.unwrap(), 2, "a restart is no new child");
    b.kill();
    settle().await;
    let c = add(&pool, &more, Restart::Permanent).await;
    assert_eq!(c.life().await.unwrap(), 1);
    let counts = pool.count_children().await.unwrap();
    assert_eq!((counts.specs, counts.active, counts.workers), (2, 2, 2));
}

/// OTP: `supervisor_SUITE/sup_start_child_returns_error_simple`
#[tokio::test(start_paused = true)]
async fn a_child_that_does_not_start_is_forgotten_and_leaves_its_place() {
    let log = Log::default();
    let pool = DynamicSupervisor::<Worker>::new().max_children(1).start().await.unwrap();
    let one = script(&log);
    one.fail(1);
    let spec = one.clone();
    let failed = pool.start_child(move || spec.spec()).await;
    let Err(ChildError::Start(StartError::Init(reason))) = failed else { panic!("{failed:?}") };
    assert_eq!(reason.to_string(), "a is ill");
    assert_eq!(specs(&pool).await, 0);
    add(&pool, &one, Restart::Permanent).await.life().await.unwrap();
}

/// OTP: `supervisor_SUITE/simple_one_for_one_shutdown`,
/// `supervisor_SUITE/sup_stop_timeout_dynamic`, `supervisor_SUITE/sup_stop_brutal_kill_dynamic`
#[tokio::test(start_paused = true)]
async fn all_children_end_at_the_same_time_each_within_its_own() {
    let log = Log::default();
    let pool = pool().await;
    let day = Duration::from_secs(86_400);
    let cases = [
        (Shutdown::After(ms(300)), day, "killed"),
        (Shutdown::After(ms(100)), day, "killed"),
        (Shutdown::After(ms(200)), ms(150), "shutdown"),
        (Shutdown::Infinity, ms(500), "shutdown"),
        (Shutdown::BrutalKill, day, "killed"),
        (Shutdown::After(ms(100)), ms(0), "shutdown"),
    ];
    let mut ends = vec![];
    for (shutdown, closes, reason) in cases {
        let script = script(&log);
        script.close_in(closes);
        let child = pool.start_child(move || script.spec().shutdown(shutdown)).await.unwrap();
        let end = child.monitor();
        ends.push(tokio::spawn(
            async move { (end.await.reason.to_string(), reason, Instant::now()) },
        ));
    }
    let begun = Instant::now();
    pool.stop().await.unwrap();
    let took = begun.elapsed();
    assert!(took >= ms(500) && took < ms(510), "the longest, not the sum: {took:?}");
    let mut times = vec![];
    for end in ends {
        let (reason, expected, at) = end.await.unwrap();
        assert_eq!(reason, expected);
        times.push(u64::try_from((at - begun).as_millis()).unwrap());
    }
    for (time, expected) in times.iter().zip([300_u64, 100, 150, 500, 0, 0]) {
        assert!(time.abs_diff(expected) <= 5, "{times:?}");
    }
}

/// OTP: `supervisor_SUITE/count_children`
#[tokio::test(start_paused = true)]
async fn a_thousand_children_are_counted_and_go() {
    let log = Log::default();
    let pool = pool().await;
    let mut children = vec![];
    for n in 1..=1_000 {
        children.push(add(&pool, &script(&log), Restart::Temporary).await);
        if n % 250 == 0 {
            let counts = pool.count_children().await.unwrap();
            assert_eq!(
                (counts.specs, counts.active, counts.workers, counts.supervisors),
                (n, n, n, 0)
            );
        }
    }
    for child in &children {
        child.kill();
    }
    settle().await;
    let counts = pool.count_children().await.unwrap();
    assert_eq!((counts.specs, counts.active, counts.crashes, counts.restarts), (0, 0, 1_000, 0));
    assert!(pool.is_alive(), "temporary ones never count");
}

#[tokio::test(start_paused = true)]
async fn when_it_is_restarted_it_has_no_children_and_the_old_roles_are_over() {
    for kill in [true, false] {
        let log = Log::default();
        let top = Supervisor::builder(Strategy::OneForOne)
            .child("pool", |_| DynamicSupervisor::<Worker>::new().child_spec())
            .start()
            .await
            .unwrap();
        let pool: Pool = top.child::<DynamicSupervisor<Worker>>("pool").unwrap();
        let a = add(&pool, &script(&log), Restart::Permanent).await;
        let (pid, end) = (pool.pid(), a.monitor());
        if kill {
            pool.kill();
        } else {
            pool.stop().await.unwrap();
        }
        end.await;
        settle().await;
        assert!(pool.pid().is_some() && pool.pid() != pid);
        assert_eq!(specs(&pool).await, 0);
        let call = a.life().await;
        assert!(matches!(call, Err(CallError::NoProc)), "kill {kill}: {call:?}");
        add(&pool, &script(&log), Restart::Permanent).await.life().await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn dropping_the_last_handle_ends_it_and_its_children() {
    let log = Log::default();
    let pool = pool().await;
    let a = add(&pool, &script(&log), Restart::Permanent).await;
    let end = a.monitor();
    drop(pool);
    assert!(matches!(end.await.reason, ExitReason::Shutdown));
    assert_eq!(log.take(), ["a starts", "a ends: shutdown"]);
}
