//! How a supervisor ends its children, and what one can ask of it.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod worker;

use ghostlight::{AutoShutdown, ChildError, SupervisorBuilder, SupervisorRef, prelude::*};
use std::{sync::Arc, time::Duration};
use tokio::time::Instant;
use worker::{Log, Script, Worker, WorkerRef, ms, settle, soon, troupe};

fn scripts<const N: usize>(log: &Log, names: [&'static str; N]) -> [Arc<Script>; N] {
    names.map(|name| Script::new(name, log))
}

fn child(troupe: &SupervisorRef, id: &str) -> WorkerRef {
    troupe.child::<Worker>(id).unwrap()
}

/// A child with a shutdown time of its own.
fn with(
    troupe: SupervisorBuilder,
    id: &'static str,
    script: &Arc<Script>,
    shutdown: Shutdown,
) -> SupervisorBuilder {
    let script = script.clone();
    troupe.child(id, move |_| script.spec().shutdown(shutdown))
}

/// Has nothing to do at its end.
#[actor]
struct Plain;

#[handlers]
impl Plain {
    #[cast]
    async fn hang(&mut self) {
        std::future::pending::<()>().await;
    }

    #[call]
    fn unlink(&self, from: SupervisorRef, ctx: &mut Ctx<Self>) {
        ctx.unlink(&from);
    }
}

/// Fails to end in order.
#[actor]
struct Clumsy;

#[handlers]
impl Clumsy {
    #[call]
    fn ready(&self) {}

    #[terminate]
    fn close(&mut self) {
        panic!("stumbled");
    }
}

/// OTP: `supervisor_SUITE/order_of_children`
#[tokio::test(start_paused = true)]
async fn children_end_in_reverse_order_one_at_a_time() {
    let log = Log::default();
    let [a, b, c] = scripts(&log, ["a", "b", "c"]);
    let troupe = troupe(Strategy::OneForOne, &[&a, &b, &c]).start().await.unwrap();
    let ends = ["a", "b", "c"].map(|id| child(&troupe, id).monitor());
    a.close_in(ms(30));
    b.close_in(ms(20));
    c.close_in(ms(10));
    log.take();
    let begun = Instant::now();
    troupe.stop().await.unwrap();
    let expected = [
        "c ends: shutdown",
        "c has ended",
        "b ends: shutdown",
        "b has ended",
        "a ends: shutdown",
        "a has ended",
    ];
    assert_eq!(log.take(), expected);
    assert!(begun.elapsed() >= ms(60));
    for end in ends {
        assert!(matches!(end.await.reason, ExitReason::Shutdown));
    }
}

/// OTP: `supervisor_SUITE/sup_stop_brutal_kill`
#[tokio::test(start_paused = true)]
async fn brutal_kill_gives_no_time_at_all() {
    let log = Log::default();
    let [a, b] = scripts(&log, ["a", "b"]);
    let builder = with(troupe(Strategy::OneForOne, &[&a]), "b", &b, Shutdown::BrutalKill);
    let troupe = builder.start().await.unwrap();
    let ends = ["a", "b"].map(|id| child(&troupe, id).monitor());
    b.close_in(Duration::from_secs(3_600));
    log.take();
    let begun = Instant::now();
    troupe.stop().await.unwrap();
    assert!(begun.elapsed() < ms(10), "{:?}", begun.elapsed());
    assert_eq!(log.take(), ["a ends: shutdown"], "terminate of `b` does not run");
    let [a, b] = ends;
    assert!(matches!(a.await.reason, ExitReason::Shutdown));
    assert!(matches!(b.await.reason, ExitReason::Killed));
}

/// OTP: `supervisor_SUITE/sup_stop_timeout`
#[tokio::test(start_paused = true)]
async fn a_child_that_takes_too_long_is_killed_when_its_time_is_up() {
    let log = Log::default();
    let [a, slow, busy] = scripts(&log, ["a", "slow", "busy"]);
    let mut builder = troupe(Strategy::OneForOne, &[&a]);
    builder = with(builder, "slow", &slow, Shutdown::After(ms(200)));
    builder = with(builder, "busy", &busy, Shutdown::After(ms(300)));
    let troupe = builder.start().await.unwrap();
    let [a_end, slow_end, busy_end] = ["a", "slow", "busy"].map(|id| child(&troupe, id).monitor());
    slow.close_in(Duration::from_secs(3_600));
    child(&troupe, "busy").hang().await.unwrap();
    settle().await;
    log.take();
    let begun = Instant::now();
    troupe.stop().await.unwrap();
    let took = begun.elapsed();
    assert!(took >= ms(500) && took < ms(520), "{took:?}");
    assert_eq!(log.take(), ["slow ends: shutdown", "a ends: shutdown"]);
    assert!(matches!(a_end.await.reason, ExitReason::Shutdown));
    assert!(matches!(slow_end.await.reason, ExitReason::Killed));
    assert!(matches!(busy_end.await.reason, ExitReason::Killed));
}

/// OTP: `supervisor_SUITE/sup_stop_infinity`
#[tokio::test(start_paused = true)]
async fn infinity_waits_as_long_as_it_takes() {
    let log = Log::default();
    let [a, b] = scripts(&log, ["a", "b"]);
    let builder = with(troupe(Strategy::OneForOne, &[&a]), "b", &b, Shutdown::Infinity);
    let troupe = builder.start().await.unwrap();
    let hour = Duration::from_secs(3_600);
    b.close_in(hour);
    let end = child(&troupe, "b").monitor();
    let begun = Instant::now();
    troupe.stop().await.unwrap();
    assert!(begun.elapsed() >= hour);
    assert!(matches!(end.await.reason, ExitReason::Shutdown));
    assert!(log.take().contains(&"b has ended".to_owned()));
}

/// OTP: `supervisor_test/start_child/2: with valid child spec` (shutdown 0 and 1 ms)
#[tokio::test(start_paused = true)]
async fn the_shutdown_time_may_be_nothing_or_more_than_any_clock_has() {
    for (time, reason) in
        [(ms(0), None), (ms(1), Some("killed")), (Duration::MAX, Some("shutdown"))]
    {
        let log = Log::default();
        let [a] = scripts(&log, ["a"]);
        let troupe = with(troupe(Strategy::OneForOne, &[]), "a", &a, Shutdown::After(time));
        let troupe = troupe.start().await.unwrap();
        a.close_in(ms(50));
        let end = child(&troupe, "a").monitor();
        soon(troupe.stop()).await.unwrap();
        let ended = end.await.reason.to_string();
        assert!(reason.is_none_or(|reason| reason == ended), "{time:?}: {ended}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_child_without_terminate_ends_at_once_though_its_handler_hangs() {
    let troupe = Supervisor::builder(Strategy::OneForOne)
        .child("plain", |_| ChildSpec::of(Plain))
        .start()
        .await
        .unwrap();
    let plain = troupe.child::<Plain>("plain").unwrap();
    let end = plain.monitor();
    plain.hang().await.unwrap();
    settle().await;
    let begun = Instant::now();
    troupe.terminate_child("plain").await.unwrap();
    assert!(begun.elapsed() < ms(10));
    assert!(matches!(end.await.reason, ExitReason::Shutdown));
}

#[tokio::test(start_paused = true)]
async fn what_comes_while_a_child_terminates_is_told_of_its_end() {
    let log = Log::default();
    let [a] = scripts(&log, ["a"]);
    let troupe = troupe(Strategy::OneForOne, &[&a]).start().await.unwrap();
    let worker = child(&troupe, "a");
    worker.see(1).try_send().unwrap();
    worker.see(2).try_send().unwrap();
    let queued = tokio::spawn(worker.seen().owned().into_future());
    settle().await;
    a.close_in(ms(100));
    let ending = troupe.clone();
    let ended = tokio::spawn(async move { ending.terminate_child("a").await });
    settle().await; // terminate has begun: what comes now is too late
    let late = worker.seen().await;
    assert!(matches!(late, Err(CallError::Died(ExitReason::Shutdown))), "{late:?}");
    assert_eq!(queued.await.unwrap().unwrap(), [1, 2]);
    ended.await.unwrap().unwrap();
}

/// OTP: `supervisor_SUITE/child_unlink`
#[tokio::test(start_paused = true)]
async fn a_child_that_has_unlinked_itself_hangs_nobody() {
    let log = Log::default();
    let [a] = scripts(&log, ["a"]);
    let troupe = troupe(Strategy::OneForOne, &[&a])
        .child("one", |_| ChildSpec::of(Plain))
        .child("two", |_| ChildSpec::of(Plain))
        .start()
        .await
        .unwrap();
    let [one, two] = ["one", "two"].map(|id| troupe.child::<Plain>(id).unwrap());
    one.unlink(troupe.clone()).await.unwrap();
    two.unlink(troupe.clone()).await.unwrap();
    let ends = [one.monitor(), two.monitor()];
    one.kill(); // its supervisor is not told
    settle().await;
    soon(troupe.terminate_child("one")).await.unwrap();
    soon(troupe.stop()).await.unwrap();
    let [one, two] = ends;
    assert!(matches!(one.await.reason, ExitReason::Killed));
    assert!(matches!(two.await.reason, ExitReason::Shutdown));
    assert_eq!(log.take(), ["a starts", "a ends: shutdown"]);
}

/// OTP: `supervisor_SUITE/sup_stop_race`
#[tokio::test(start_paused = true)]
async fn a_child_that_ends_for_another_reason_meanwhile_does_not_stop_the_shutdown() {
    let log = Log::default();
    let [a, b, c] = scripts(&log, ["a", "b", "c"]);
    let troupe = troupe(Strategy::OneForAll, &[&a, &b])
        .child("clumsy", |_| ChildSpec::of(Clumsy))
        .child("c", {
            let c = c.clone();
            move |_| c.spec()
        })
        .start()
        .await
        .unwrap();
    let clumsy = troupe.child::<Clumsy>("clumsy").unwrap();
    clumsy.ready().await.unwrap();
    let (end, first, second) = (clumsy.monitor(), child(&troupe, "a"), child(&troupe, "b"));
    c.close_in(ms(50));
    log.take();
    let stop = tokio::spawn(troupe.stop().into_future());
    settle().await; // `c` is ending
    first.crash().await.unwrap();
    second.end(ExitReason::Normal).await.unwrap();
    stop.await.unwrap().unwrap();
    assert_eq!(end.await.reason.to_string(), "panicked: stumbled");
    assert_eq!(
        log.take(),
        ["c ends: shutdown", "a ends: crash", "b ends: normal", "c has ended"],
        "nobody is restarted"
    );
}

/// OTP: `supervisor_SUITE/child_adm`, `supervisor_test/child life cycle`,
/// `supervisor_SUITE/do_not_save_child_specs_for_temporary_children` (a permanent one is kept)
#[tokio::test(start_paused = true)]
async fn the_admin_functions_and_their_errors() {
    let log = Log::default();
    let [a, b] = scripts(&log, ["a", "b"]);
    let troupe = troupe(Strategy::OneForOne, &[&a]).start().await.unwrap();

    // Nobody of that name.
    assert!(matches!(troupe.terminate_child("x").await, Err(ChildError::NotFound)));
    assert!(matches!(troupe.restart_child("x").await, Err(ChildError::NotFound)));
    assert!(matches!(troupe.delete_child("x").await, Err(ChildError::NotFound)));

    // One that runs.
    let again = b.clone();
    let present = troupe.start_child("a", move || again.spec()).await;
    let pid = child(&troupe, "a").pid().unwrap();
    let Err(ChildError::AlreadyStarted(present)) = present else { panic!("{present:?}") };
    assert_eq!(present, pid);
    assert!(matches!(troupe.restart_child("a").await, Err(ChildError::Running)));
    assert!(matches!(troupe.delete_child("a").await, Err(ChildError::Running)));
    assert_eq!(child(&troupe, "a").life().await.unwrap(), 1);

    // One that has been ended.
    let worker = child(&troupe, "a");
    troupe.terminate_child("a").await.unwrap();
    troupe.terminate_child("a").await.unwrap(); // twice is no error
    let again = b.clone();
    let present = troupe.start_child("a", move || again.spec()).await;
    assert!(matches!(present, Err(ChildError::AlreadyPresent)));
    assert_eq!(b.starts(), 0);
    let pid = troupe.restart_child("a").await.unwrap();
    assert_eq!(worker.pid(), Some(pid));

    // One that is forgotten.
    troupe.terminate_child("a").await.unwrap();
    troupe.delete_child("a").await.unwrap();
    assert!(matches!(troupe.restart_child("a").await, Err(ChildError::NotFound)));
    assert!(matches!(worker.life().await, Err(CallError::NoProc)));
    assert_eq!(troupe.which_children().await.unwrap(), []);

    // One that is added.
    let spec = b.clone();
    let added = troupe.start_child("a", move || spec.spec()).await.unwrap();
    assert_eq!(added.life().await.unwrap(), 1);
    added.kill();
    assert_eq!(added.life().await.unwrap(), 2, "it is supervised");
    assert_eq!(troupe.which_children().await.unwrap()[0].restarts, 1);

    // A supervisor that has gone.
    troupe.stop().await.unwrap();
    let gone = troupe.terminate_child("a").await;
    assert!(matches!(gone, Err(ChildError::Supervisor(CallError::NoProc))), "{gone:?}");
    assert!(matches!(added.life().await, Err(CallError::NoProc)));
}

/// OTP: `supervisor_SUITE/which_children`, `supervisor_SUITE/sup_start_map`, `supervisor_test/generates child_spec/1`
#[tokio::test(start_paused = true)]
async fn one_child_is_shown_with_what_its_spec_says() {
    let log = Log::default();
    let [a, b] = scripts(&log, ["a", "b"]);
    let troupe = troupe(Strategy::OneForOne, &[&a])
        .auto_shutdown(AutoShutdown::AllSignificant)
        .child("b", move |_| {
            let spec = b.spec().shutdown(Shutdown::BrutalKill);
            spec.restart(Restart::Transient).significant()
        })
        .child("tree", |_| Supervisor::builder(Strategy::OneForOne).child_spec())
        .start()
        .await
        .unwrap();
    let info = troupe.which_child("a").await.unwrap();
    assert_eq!((&*info.id, info.pid), ("a", child(&troupe, "a").pid()));
    assert_eq!((info.restart, info.shutdown), (Restart::Permanent, Shutdown::After(ms(5_000))));
    assert!(!info.is_supervisor && !info.is_significant && !info.is_restarting);
    assert_eq!(troupe.which_children().await.unwrap()[0], info);

    let info = troupe.which_child("b").await.unwrap();
    assert_eq!((info.restart, info.shutdown), (Restart::Transient, Shutdown::BrutalKill));
    assert!(info.is_significant);

    let info = troupe.which_child("tree").await.unwrap();
    assert!(info.is_supervisor);
    assert_eq!(info.shutdown, Shutdown::Infinity);

    troupe.terminate_child("a").await.unwrap();
    assert_eq!(troupe.which_child("a").await.unwrap().pid, None);
    assert!(matches!(troupe.which_child("x").await, Err(ChildError::NotFound)));
    troupe.stop().await.unwrap();
    let gone = troupe.which_child("a").await;
    assert!(matches!(gone, Err(ChildError::Supervisor(CallError::NoProc))), "{gone:?}");
}

/// OTP: `supervisor_SUITE/sup_start_child_returns_error`,
/// `supervisor_SUITE/sup_start_restart_child_returns_error`
#[tokio::test(start_paused = true)]
async fn a_start_child_that_fails_forgets_the_child_and_a_restart_child_keeps_it() {
    let log = Log::default();
    let [a] = scripts(&log, ["a"]);
    let troupe = troupe(Strategy::OneForOne, &[]).start().await.unwrap();
    a.fail(1);
    let spec = a.clone();
    let failed = troupe.start_child("a", move || spec.spec()).await;
    let Err(ChildError::Start(StartError::Init(reason))) = failed else { panic!("{failed:?}") };
    assert_eq!(reason.to_string(), "a is ill");
    assert_eq!(troupe.count_children().await.unwrap().specs, 0);
    let spec = a.clone();
    drop(troupe.start_child("a", move || spec.spec()).await.unwrap());
    troupe.terminate_child("a").await.unwrap();
    a.fail(1);
    assert!(matches!(troupe.restart_child("a").await, Err(ChildError::Start(_))));
    let info = troupe.which_children().await.unwrap();
    assert_eq!((info.len(), info[0].pid, info[0].is_restarting), (1, None, false));
    settle().await;
    assert_eq!(a.starts(), 3, "it is not retried");
    troupe.restart_child("a").await.unwrap();
}

/// OTP: `supervisor_SUITE/which_children`, `supervisor_SUITE/count_children_supervisor`
#[tokio::test(start_paused = true)]
async fn the_children_are_shown_and_counted_as_they_are() {
    let log = Log::default();
    let [a, b, c] = scripts(&log, ["a", "b", "c"]);
    let inner = c.clone();
    let troupe = troupe(Strategy::OneForOne, &[&a, &b])
        .child("inner", move |_| troupe(Strategy::OneForOne, &[&inner]).child_spec())
        .start()
        .await
        .unwrap();
    child(&troupe, "a").kill();
    settle().await;
    troupe.terminate_child("b").await.unwrap();
    let shown: Vec<_> = troupe
        .which_children()
        .await
        .unwrap()
        .into_iter()
        .map(|info| (info.id, info.is_supervisor, info.pid, info.restarts))
        .collect();
    let inner = troupe.child::<Supervisor>("inner").unwrap();
    let expected = [
        ("a".into(), false, child(&troupe, "a").pid(), 1),
        ("b".into(), false, None, 0),
        ("inner".into(), true, inner.pid(), 0),
    ];
    assert_eq!(shown, expected);
    let counts = troupe.count_children().await.unwrap();
    assert_eq!((counts.specs, counts.active), (3, 2));
    assert_eq!((counts.supervisors, counts.workers), (1, 2));
    assert_eq!((counts.crashes, counts.restarts), (1, 1));
}

/// A tree: `a`, then `inner` with `b` and `c`, then `d`.
async fn tree(scripts: &[Arc<Script>; 4], inner: Shutdown, restart: Restart) -> SupervisorRef {
    let [a, b, c, d] = scripts.clone();
    troupe(Strategy::OneForOne, &[&a])
        .child("inner", move |_| {
            let inner_tree = troupe(Strategy::OneForOne, &[&b, &c]).child_spec();
            inner_tree.shutdown(inner).restart(restart)
        })
        .child("d", move |_| d.spec())
        .start()
        .await
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn nested_supervisors_shut_down_in_order() {
    let log = Log::default();
    let workers = scripts(&log, ["a", "b", "c", "d"]);
    let top = tree(&workers, Shutdown::Infinity, Restart::Permanent).await;
    workers[1].close_in(ms(20));
    let inner = top.child::<Supervisor>("inner").unwrap();
    let grandchild = child(&inner, "b");
    log.take();
    top.stop().await.unwrap();
    let expected = [
        "d ends: shutdown",
        "c ends: shutdown",
        "b ends: shutdown",
        "b has ended",
        "a ends: shutdown",
    ];
    assert_eq!(log.take(), expected);
    assert!(!inner.is_alive() && !grandchild.is_alive());
    assert!(matches!(grandchild.life().await, Err(CallError::NoProc)));
}

#[tokio::test(start_paused = true)]
async fn dropping_the_last_handle_of_a_top_supervisor_ends_the_tree_in_order() {
    let log = Log::default();
    let workers = scripts(&log, ["a", "b", "c", "d"]);
    let top = tree(&workers, Shutdown::Infinity, Restart::Permanent).await;
    let worker = child(&top, "a");
    let other = top.clone();
    log.take();
    drop(top);
    settle().await;
    assert_eq!(log.take(), [""; 0], "there is one more");
    let end = worker.monitor();
    drop(other);
    assert!(matches!(end.await.reason, ExitReason::Shutdown));
    let expected = ["d ends: shutdown", "c ends: shutdown", "b ends: shutdown", "a ends: shutdown"];
    assert_eq!(log.take(), expected);
    assert!(
        matches!(worker.life().await, Err(CallError::NoProc)),
        "a handle of a child keeps nothing"
    );
}

#[tokio::test(start_paused = true)]
async fn a_killed_supervisor_takes_its_children_with_it() {
    let log = Log::default();
    let [a, b] = scripts(&log, ["a", "b"]);
    let troupe = troupe(Strategy::OneForOne, &[&a, &b])
        .child("plain", |_| ChildSpec::of(Plain))
        .start()
        .await
        .unwrap();
    let plain = troupe.child::<Plain>("plain").unwrap();
    let ends = [child(&troupe, "a").monitor(), child(&troupe, "b").monitor(), plain.monitor()];
    a.close_in(ms(10));
    log.take();
    let worker = child(&troupe, "a");
    troupe.kill();
    for end in ends {
        let reason = soon(end).await.reason;
        assert!(matches!(reason, ExitReason::Killed), "{reason}");
    }
    let mut seen = log.take();
    seen.sort();
    assert_eq!(seen, ["a ends: killed", "a has ended", "b ends: killed"]);
    assert!(matches!(worker.life().await, Err(CallError::NoProc)), "nobody restarts it");
    assert!(!worker.is_alive() && !plain.is_alive());
}

#[tokio::test(start_paused = true)]
async fn a_killed_nested_supervisor_is_restarted_once_its_children_have_ended_in_order() {
    let log = Log::default();
    let workers = scripts(&log, ["a", "b", "c", "d"]);
    let top = tree(&workers, Shutdown::Infinity, Restart::Permanent).await;
    let inner = top.child::<Supervisor>("inner").unwrap();
    let b = child(&inner, "b");
    workers[1].close_in(ms(20));
    log.take();
    inner.kill();
    tokio::time::sleep(ms(100)).await;
    let seen = log.take();
    let at = |what: &str| seen.iter().position(|seen| seen == what);
    assert!(at("b ends: killed").is_some() && at("c ends: killed").is_some(), "{seen:?}");
    assert!(at("b has ended").is_some(), "its terminate was not cut: {seen:?}");
    assert!(at("b has ended") < at("b starts"), "{seen:?}");
    assert_eq!(b.life().await.unwrap(), 2, "the same roles");
    assert_eq!(child(&inner, "c").life().await.unwrap(), 2);
    assert_eq!(child(&top, "a").life().await.unwrap(), 1);
}

#[tokio::test(start_paused = true)]
async fn when_a_killed_supervisor_does_not_live_again_nobody_waits_for_its_children() {
    let mut waited = vec![];
    for ended_by_parent in [false, true] {
        let log = Log::default();
        let workers = scripts(&log, ["a", "b", "c", "d"]);
        let top = tree(&workers, Shutdown::BrutalKill, Restart::Temporary).await;
        let inner = top.child::<Supervisor>("inner").unwrap();
        let b = child(&inner, "b");
        if ended_by_parent {
            top.terminate_child("inner").await.unwrap();
        } else {
            inner.kill();
        }
        settle().await;
        assert!(!inner.is_alive());
        let call = b.life().await;
        if b.is_alive() || !matches!(call, Err(CallError::NoProc)) {
            waited.push((ended_by_parent, call));
        }
    }
    assert!(waited.is_empty(), "(ended by its parent, what a call gives): {waited:?}");
}

#[tokio::test(start_paused = true)]
async fn a_supervisor_that_is_killed_while_it_starts_a_child_leaves_nobody_behind() {
    let log = Log::default();
    let [a, b] = scripts(&log, ["a", "b"]);
    let troupe = troupe(Strategy::OneForOne, &[&a]).start().await.unwrap();
    b.open_in(ms(100));
    let (spec, asked) = (b.clone(), troupe.clone());
    let start = tokio::spawn(async move { asked.start_child("b", move || spec.spec()).await });
    settle().await;
    let worker = child(&troupe, "a");
    log.take();
    troupe.kill();
    let failed = start.await.unwrap();
    assert!(matches!(failed, Err(ChildError::Supervisor(CallError::Died(_)))), "{failed:?}");
    tokio::time::sleep(ms(500)).await;
    assert_eq!(log.take(), ["a ends: killed"], "`b` never starts");
    assert!(!worker.is_alive());
}

#[test]
fn when_the_runtime_ends_callers_get_noproc() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let log = Log::default();
    let [a] = scripts(&log, ["a"]);
    let troupe =
        runtime.block_on(async { troupe(Strategy::OneForOne, &[&a]).start().await.unwrap() });
    let worker = child(&troupe, "a");
    drop(runtime);
    assert!(matches!(worker.life().blocking(), Err(CallError::NoProc)));
    assert!(matches!(worker.see(1).try_send(), Err(CastError::NoProc(_))));
    assert!(!worker.is_alive());
}
