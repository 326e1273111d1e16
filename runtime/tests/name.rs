//! Names: who has them, from when to when, and where.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod worker;

use ghostlight::{ActorRef, ChildError, SupervisorRef, prelude::*};
use std::sync::Arc;
use tokio::sync::Notify;
use worker::{Log, Script, Worker, WorkerCast, WorkerRef, ms, settle, troupe};

/// Handles by name are constants: they are resolved at each use.
const MAIN: ActorRef<Worker> = ActorRef::named("main");

fn hero() -> WorkerRef {
    MAIN.into()
}

fn named(name: &'static str) -> WorkerRef {
    ActorRef::named(name).into()
}

/// Another type.
#[actor]
struct Other;

#[handlers]
impl Other {
    #[init]
    fn open() -> Self {
        Self
    }

    #[call]
    fn hello(&self) -> &'static str {
        "other"
    }
}

/// Takes its time to begin, or fails to.
#[actor]
struct Late;

#[handlers]
impl Late {
    #[init]
    async fn open(gate: Arc<Notify>) -> Self {
        gate.notified().await;
        Self
    }
}

fn other_by_name() -> OtherRef {
    ActorRef::named("main").into()
}

fn script() -> Arc<Script> {
    Script::new("a", &Log::default())
}

/// OTP: `gen_server_SUITE/start`
#[tokio::test(start_paused = true)]
async fn a_started_actor_is_found_by_its_name() {
    let worker = Worker::start(script()).name("main").await.unwrap();
    assert_eq!(hero().life().await.unwrap(), 1);
    assert_eq!(MAIN.pid(), worker.pid());
    assert_eq!(worker.name().unwrap(), "main");
    assert_eq!(MAIN.name().unwrap(), "main");
    hero().see(1).await.unwrap();
    assert_eq!(worker.seen().await.unwrap(), [1]);
}

#[tokio::test(start_paused = true)]
async fn a_name_is_resolved_at_each_use() {
    let handle = hero();
    assert!(matches!(handle.life().await, Err(CallError::NoProc)));
    let first = Worker::start(script()).name("main").await.unwrap();
    assert_eq!(handle.life().await.unwrap(), 1);
    first.stop().await.unwrap();
    assert!(matches!(handle.life().await, Err(CallError::NoProc)));
    let second = Worker::start(script()).name("main").await.unwrap();
    handle.see(3).await.unwrap();
    assert_eq!(second.seen().await.unwrap(), [3]);
}

/// OTP: `gen_server_test/start_link/2, call/2 and cast/2`. There a cast to nobody is `ok`; here the sender is told.
#[tokio::test(start_paused = true)]
async fn without_a_holder_a_cast_gives_its_message_back() {
    assert!(!MAIN.is_alive() && MAIN.pid().is_none() && MAIN.name().is_none());
    let failed = hero().see(7).await.unwrap_err();
    assert!(matches!(failed, CastError::NoProc(WorkerCast::See { n: 7 })));
    let failed = hero().see(8).try_send().unwrap_err();
    assert!(matches!(failed.into_message(), WorkerCast::See { n: 8 }));
    assert!(matches!(MAIN.stop().await, Err(CallError::NoProc)));
    assert!(MAIN.downgrade().upgrade().is_none());
    MAIN.kill();
    MAIN.exit(ExitReason::Shutdown);
}

/// OTP: `gen_server_SUITE/start` (`already_started` carries the holder), `gen_server_SUITE/otp_5854` (there `enter_loop` is refused)
#[tokio::test(start_paused = true)]
async fn a_name_that_is_taken_is_refused_with_its_holders_pid() {
    let holder = Worker::start(script()).name("main").await.unwrap();
    let second = script();
    let taken = Worker::start(second.clone()).name("main").await.unwrap_err();
    let StartError::NameTaken { name, by } = &taken else { panic!("{taken:?}") };
    assert_eq!((name.as_ref(), *by), ("main", holder.pid()));
    assert_eq!(second.starts(), 0, "its init has not run");
    assert_eq!(hero().life().await.unwrap(), 1, "the holder keeps it");
    holder.stop().await.unwrap();
    drop(Worker::start(second).name("main").await.unwrap());
}

/// OTP: `gen_server_SUITE/otp_7669`
#[tokio::test(start_paused = true)]
async fn a_name_is_free_when_a_failed_start_returns_a_hundred_times_over() {
    let script = script();
    script.fail(100);
    for _ in 0..100 {
        let failed = Worker::start(script.clone()).name("main").await.unwrap_err();
        assert!(matches!(failed, StartError::Init(_)), "{failed:?}");
    }
    drop(Worker::start(script).name("main").await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn an_actor_has_its_name_before_its_init_is_done_and_loses_it_when_the_start_is_dropped() {
    let gate = Arc::new(Notify::new());
    let start = tokio::spawn(Late::start(gate.clone()).name("late").into_future());
    settle().await;
    let late = ActorRef::<Late>::named("late");
    assert!(late.pid().is_some());
    let taken = Late::start(gate.clone()).name("late").await;
    assert!(matches!(taken, Err(StartError::NameTaken { by, .. }) if by == late.pid()));
    start.abort();
    settle().await;
    assert!(late.pid().is_none());
    gate.notify_one();
    drop(Late::start(gate).name("late").await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_name_is_free_before_the_end_is_seen() {
    for round in 0..50 {
        let worker = Worker::start(script()).name("main").await.unwrap();
        let end = worker.monitor();
        match round % 3 {
            0 => worker.kill(),
            1 => worker.crash().await.unwrap(),
            _ => worker.end(ExitReason::Normal).await.unwrap(),
        }
        end.await;
        Worker::start(script()).name("main").await.unwrap().kill();
        let end = MAIN.monitor();
        end.await;
    }
}

#[tokio::test(start_paused = true)]
async fn names_of_different_types_do_not_clash() {
    let worker = Worker::start(script()).name("main").await.unwrap();
    let other = Other::start().name("main").await.unwrap();
    assert_eq!(other_by_name().hello().await.unwrap(), "other");
    assert_eq!(hero().life().await.unwrap(), 1);
    assert_eq!((MAIN.pid(), other_by_name().pid()), (worker.pid(), other.pid()));
    worker.stop().await.unwrap();
    assert_eq!(other_by_name().hello().await.unwrap(), "other");
}

#[tokio::test(start_paused = true)]
async fn a_name_keeps_an_actor_alive_and_a_handle_by_name_does_not() {
    let worker = Worker::start(script()).name("main").await.unwrap();
    worker.see(1).await.unwrap();
    drop(worker);
    settle().await;
    assert_eq!(hero().seen().await.unwrap(), [1]);
    MAIN.stop().await.unwrap();
    assert!(!MAIN.is_alive());
}

#[test]
fn two_runtimes_never_meet() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (one, two) = (runtime(), runtime());
    let first = one.block_on(async { Worker::start(script()).name("main").await.unwrap() });
    let second = two.block_on(async {
        assert!(matches!(hero().life().await, Err(CallError::NoProc)));
        Worker::start(script()).name("main").await.unwrap()
    });
    one.block_on(async { hero().see(1).await.unwrap() });
    two.block_on(async { hero().see(2).await.unwrap() });
    assert_eq!(one.block_on(async { first.seen().await.unwrap() }), [1]);
    assert_eq!(two.block_on(async { second.seen().await.unwrap() }), [2]);
    drop(one);
    assert_eq!(two.block_on(async { hero().seen().await.unwrap() }), [2]);
    assert!(MAIN.pid().is_none(), "outside of a runtime nobody has a name");
}

/// OTP: `supervisor_test/start_link/2`
#[tokio::test(start_paused = true)]
async fn a_supervised_name_is_kept_between_two_lives() {
    let log = Log::default();
    let (a, slow) = (Script::new("a", &log), Script::new("slow", &log));
    let (first, second) = (a.clone(), slow.clone());
    let _supervisor = Supervisor::builder(Strategy::OneForAll)
        .child("a", move |_| first.spec().name("main"))
        .child("slow", move |_| second.spec())
        .start()
        .await
        .unwrap();
    let pid = MAIN.pid().unwrap();
    slow.close_in(ms(100));
    MAIN.kill();
    settle().await;
    assert_eq!(MAIN.pid(), None);
    let taken = Worker::start(script()).name("main").await;
    assert!(matches!(taken, Err(StartError::NameTaken { by: None, .. })), "{taken:?}");
    assert_eq!(hero().life().await.unwrap(), 2, "a call by name waits for the next life");
    assert_ne!(MAIN.pid(), Some(pid));
}

/// OTP: `supervisor_test/start_link/2`
#[tokio::test(start_paused = true)]
async fn a_supervised_actor_that_was_stopped_is_found_again_by_its_name() {
    let a = script();
    let _supervisor = Supervisor::builder(Strategy::OneForOne)
        .child("a", move |_| a.spec().name("main"))
        .start()
        .await
        .unwrap();
    let (pid, end) = (MAIN.pid().unwrap(), MAIN.monitor());
    MAIN.stop().await.unwrap();
    assert_ne!(MAIN.pid(), Some(pid), "it has ended when `stop` returns");
    assert!(matches!(end.await.reason, ExitReason::Normal));
    assert_eq!(hero().life().await.unwrap(), 2);
    assert!(MAIN.pid().is_some());
}

#[tokio::test(start_paused = true)]
async fn a_supervised_name_is_free_once_its_child_has_ended_for_good() {
    let a = script();
    let spec = a.clone();
    let supervisor = Supervisor::builder(Strategy::OneForOne)
        .child("a", move |_| spec.spec().name("main").restart(Restart::Transient))
        .start()
        .await
        .unwrap();
    let worker = supervisor.child::<Worker>("a").unwrap();
    let end = worker.monitor();
    worker.end(ExitReason::Normal).await.unwrap();
    end.await;
    let usurper = Worker::start(script()).name("main").await.unwrap();
    let failed = supervisor.restart_child("a").await;
    let Err(ChildError::Start(StartError::NameTaken { by, .. })) = failed else {
        panic!("{failed:?}")
    };
    assert_eq!(by, usurper.pid());
    usurper.stop().await.unwrap();
    supervisor.restart_child("a").await.unwrap();
    assert_eq!(MAIN.pid(), worker.pid());
    supervisor.terminate_child("a").await.unwrap();
    let usurper = Worker::start(script()).name("main").await.unwrap();
    usurper.stop().await.unwrap();
    supervisor.restart_child("a").await.unwrap();
    supervisor.stop().await.unwrap();
    drop(Worker::start(script()).name("main").await.unwrap());
}

/// OTP: `supervisor_SUITE/already_started_outside_supervisor`
#[tokio::test(start_paused = true)]
async fn a_child_whose_name_an_outsider_has_does_not_start_and_says_who_has_it() {
    let outsider = Worker::start(script()).name("main").await.unwrap();
    let supervisor = troupe(Strategy::OneForOne, &[]).start().await.unwrap();
    let a = script();
    let failed = supervisor.start_child("a", move || a.spec().name("main")).await;
    let Err(ChildError::Start(StartError::NameTaken { name, by })) = failed else {
        panic!("{failed:?}")
    };
    assert_eq!((name.as_ref(), by), ("main", outsider.pid()));
    assert_eq!(supervisor.count_children().await.unwrap().specs, 0);
    assert_eq!(hero().life().await.unwrap(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_failed_start_child_gives_its_name_back() {
    let supervisor = troupe(Strategy::OneForOne, &[]).start().await.unwrap();
    let a = script();
    a.fail(1);
    let spec = a.clone();
    supervisor.start_child("a", move || spec.spec().name("main")).await.unwrap_err();
    drop(Worker::start(a).name("main").await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_failed_restart_child_gives_its_name_back() {
    let a = script();
    let spec = a.clone();
    let supervisor = Supervisor::builder(Strategy::OneForOne)
        .child("a", move |_| spec.spec().name("main"))
        .start()
        .await
        .unwrap();
    supervisor.terminate_child("a").await.unwrap();
    a.fail(1);
    supervisor.restart_child("a").await.unwrap_err();
    let usurper = Worker::start(script()).name("main").await;
    assert!(usurper.is_ok(), "nobody lives in the role, nor is about to: {usurper:?}");
}

#[tokio::test(start_paused = true)]
async fn a_role_that_changes_its_name_frees_the_old_one() {
    let a = script();
    let spec = a.clone();
    let supervisor = Supervisor::builder(Strategy::OneForOne)
        .child("a", move |_| {
            let name = if spec.starts() == 0 { "main" } else { "second" };
            spec.spec().name(name)
        })
        .start()
        .await
        .unwrap();
    let worker = supervisor.child::<Worker>("a").unwrap();
    worker.kill();
    assert_eq!(worker.life().await.unwrap(), 2);
    assert_eq!(named("second").pid(), worker.pid());
    supervisor.terminate_child("a").await.unwrap();
    assert!(named("second").pid().is_none());
    let next = Worker::start(script()).name("main").await;
    assert!(next.is_ok(), "{next:?}");
}

/// OTP: `supervisor_test/start_link/3 with local`
/// Also `supervisor_SUITE/simple_global_supervisor`, `supervisor_test/start_link/2 with via`, `supervisor_test/start_link/3 with global`
#[tokio::test(start_paused = true)]
async fn a_supervisor_has_a_name_like_any_actor() {
    let supervisor = troupe(Strategy::OneForOne, &[]).start().name("top").await.unwrap();
    let named = SupervisorRef::from(ActorRef::named("top"));
    assert_eq!(named.pid(), supervisor.pid());
    drop(named.start_child("a", || script().spec()).await.unwrap());
    assert_eq!(supervisor.count_children().await.unwrap().active, 1);
    supervisor.stop().await.unwrap();
    assert!(matches!(named.count_children().await, Err(CallError::NoProc)));
}

/// Says when it is dropped.
#[actor]
struct Candle(#[allow(dead_code)] Arc<()>);

#[handlers]
impl Candle {
    #[init]
    fn light(wick: Arc<()>) -> Self {
        Self(wick)
    }

    #[call]
    fn burns(&self) -> bool {
        true
    }
}

#[test]
fn an_actor_that_only_its_name_keeps_ends_with_its_runtime() {
    let wick = Arc::new(());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let candle = Candle::start(wick.clone()).name("candle").await.unwrap();
        assert!(candle.burns().await.unwrap());
    });
    assert_eq!(Arc::strong_count(&wick), 2);
    drop(runtime);
    assert_eq!(Arc::strong_count(&wick), 1);
}
