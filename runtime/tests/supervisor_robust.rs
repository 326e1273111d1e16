//! What children do to harm their supervisor, and each other: nothing comes of it.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod worker;

use ghostlight::{DynamicSupervisor, Strategy, SupervisorRef, prelude::*};
use std::{
    fmt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tokio::time::timeout;
use worker::{Log, Script, Worker, WorkerRef, ms, settle};

const LONG: Duration = Duration::from_secs(3_600);

/// A supervisor under another, with one child that is shut down like this; and a sibling of that supervisor.
async fn nested(shutdown: Shutdown) -> (SupervisorRef, SupervisorRef, WorkerRef, Arc<Script>) {
    let log = Log::default();
    let (a, b) = (Script::new("a", &log), Script::new("b", &log));
    let inner = a.clone();
    let top = Supervisor::builder(Strategy::OneForOne)
        .intensity(100)
        .child("nested", move |_| {
            let a = inner.clone();
            let spec = move |_: &_| a.spec().shutdown(shutdown);
            Supervisor::builder(Strategy::OneForOne).child("a", spec).child_spec()
        })
        .child("b", move |_| b.spec())
        .start()
        .await
        .unwrap();
    let nested: SupervisorRef = top.child::<Supervisor>("nested").unwrap();
    let child = nested.child::<Worker>("a").unwrap();
    (top, nested, child, a)
}

#[tokio::test(start_paused = true)]
async fn a_child_that_a_killed_supervisor_left_behind_is_killed_in_its_time() {
    for shutdown in [Shutdown::After(ms(100)), Shutdown::BrutalKill] {
        let (top, nested, child, script) = nested(shutdown).await;
        child.hang().try_send().unwrap();
        settle().await;
        nested.kill();
        settle().await;
        let counts = timeout(ms(200), top.count_children()).await;
        assert_eq!(counts.unwrap().unwrap().active, 2, "{shutdown:?}");
        assert_eq!(script.starts(), 2);
        assert_eq!(child.life().await.unwrap(), 2);
        timeout(ms(200), top.stop()).await.unwrap().unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_a_child_outlives_its_supervisor_and_a_restart_that_fails() {
    for failures in [0, 1, 2] {
        let (_top, nested, child, script) = nested(Shutdown::BrutalKill).await;
        child.hang().try_send().unwrap();
        settle().await;
        for n in 0..3 {
            child.see(n).try_send().unwrap();
        }
        let call = tokio::spawn(child.seen().owned().into_future());
        settle().await;
        script.fail(failures);
        nested.kill();
        assert_eq!(call.await.unwrap().unwrap(), [0, 1, 2], "{failures} failures");
    }
}

/// Begins as it is told.
#[actor]
struct Late;

#[handlers]
impl Late {
    #[init]
    async fn open(begin: Arc<AtomicU32>, link: Option<WorkerRef>, ctx: &mut Ctx<Self>) -> Self {
        if let Some(link) = link {
            ctx.link(&link);
        }
        if begin.swap(0, Ordering::Relaxed) > 0 {
            std::future::pending::<()>().await;
        }
        Self
    }

    #[call]
    fn serve(&self) -> u8 {
        1
    }
}

#[tokio::test(start_paused = true)]
async fn a_child_that_hangs_while_it_begins_again_may_be_killed() {
    let begin = Arc::new(AtomicU32::new(0));
    let given = begin.clone();
    let top = Supervisor::builder(Strategy::OneForOne)
        .child("late", move |_| Late::child_spec(given.clone(), None))
        .start()
        .await
        .unwrap();
    let late = top.child::<Late>("late").unwrap();
    begin.store(1, Ordering::Relaxed);
    late.kill();
    settle().await;
    late.kill(); // while its init awaits
    assert_eq!(timeout(ms(100), late.serve()).await.unwrap().unwrap(), 1);
    assert_eq!(top.count_children().await.unwrap().active, 1);
}

#[tokio::test(start_paused = true)]
async fn a_child_that_is_linked_to_one_that_dies_while_it_begins_does_not_start() {
    let worker = Worker::start(Script::new("w", &Log::default())).await.unwrap();
    let pool = DynamicSupervisor::<Late>::new().start().await.unwrap();
    let (begin, link, asked) = (Arc::new(AtomicU32::new(1)), worker.clone(), pool.clone());
    let start = tokio::spawn(async move {
        asked.start_child(move || Late::child_spec(begin.clone(), Some(link.clone()))).await.err()
    });
    settle().await;
    worker.kill();
    let error = timeout(ms(100), start).await.unwrap().unwrap();
    assert!(
        matches!(error, Some(ghostlight::ChildError::Start(StartError::Init(ExitReason::Killed)))),
        "{error:?}"
    );
}

/// Waits for another actor on a thread that it blocks, and cannot be killed meanwhile.
#[actor(blocking)]
struct Blocked;

#[handlers]
impl Blocked {
    #[init]
    fn open() -> Self {
        Self
    }

    #[cast]
    fn wait_for(&mut self, other: WorkerRef) {
        drop(other.life().timeout(LONG).blocking());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn children_that_end_together_are_killed_each_in_its_time() {
    let pool = DynamicSupervisor::<Blocked>::new().start().await.unwrap();
    let spec = || Blocked::child_spec().shutdown(Shutdown::After(ms(1)));
    let blocked = pool.start_child(spec).await.unwrap();
    let script = Script::new("w", &Log::default());
    let other: &SupervisorRef = &pool;
    let spec = move || script.spec().shutdown(Shutdown::After(ms(2)));
    let worker = other.start_child("w", spec).await.unwrap();
    worker.hang().await.unwrap();
    blocked.wait_for(worker.clone()).await.unwrap();
    // The one waits for the other, which is killed although the first has not ended.
    let end = pool.monitor();
    drop((pool, blocked));
    assert!(end.await.reason.is_orderly());
    assert!(!worker.is_alive());
}

/// Waits until a life of a worker has been begun so often: while its supervisor tries without end a paused clock stands still.
async fn tried(script: &Script, starts: u32) {
    while script.starts() < starts {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_child_that_does_not_start_keeps_no_supervisor_alive_that_nobody_wants() {
    let log = Log::default();
    let (a, b) = (Script::new("a", &log), Script::new("b", &log));
    let given = (a.clone(), b.clone());
    let top = Supervisor::builder(Strategy::OneForOne)
        .intensity(u32::MAX)
        .child("a", move |_| given.0.spec())
        .child("b", move |_| given.1.spec())
        .start()
        .await
        .unwrap();
    let (worker, end) = (top.child::<Worker>("a").unwrap(), top.monitor());
    a.fail(u32::MAX);
    worker.kill();
    tried(&a, 3).await;
    drop(top);
    drop(worker);
    assert!(matches!(timeout(ms(100), end).await.unwrap().reason, ExitReason::Normal));
    assert_eq!(log.take().last().map(String::as_str), Some("b ends: shutdown"));
}

#[tokio::test(start_paused = true)]
async fn a_period_may_be_as_long_as_one_likes() {
    let script = Script::new("a", &Log::default());
    let given = script.clone();
    let top = Supervisor::builder(Strategy::OneForOne)
        .intensity(3)
        .period(Duration::MAX)
        .child("a", move |_| given.spec())
        .start()
        .await
        .unwrap();
    let (worker, end) = (top.child::<Worker>("a").unwrap(), top.monitor());
    for _ in 0..4 {
        tokio::time::advance(Duration::from_secs(1_000)).await;
        worker.kill();
        settle().await;
    }
    assert!(matches!(end.await.reason, ExitReason::Shutdown));
    assert_eq!(script.starts(), 4);
}

/// Panics when it is written down, or dropped.
#[derive(Debug)]
struct Bomb;

impl fmt::Display for Bomb {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("a bomb was looked at")
    }
}

impl std::error::Error for Bomb {}

struct DropBomb;

impl Drop for DropBomb {
    fn drop(&mut self) {
        panic!("a bomb was dropped");
    }
}

/// Has one in its hands.
#[actor]
struct Bomber {
    _bomb: Option<Arc<DropBomb>>,
}

#[handlers]
impl Bomber {
    #[init]
    fn open(bomb: Option<Arc<DropBomb>>) -> Self {
        Self { _bomb: bomb }
    }

    #[cast]
    fn fail(&mut self) -> Result<(), Bomb> {
        Err(Bomb)
    }

    #[call]
    fn serve(&self) -> u8 {
        1
    }
}

/// Writes down all that is logged, and throws it away.
struct Reader;

impl tracing::Subscriber for Reader {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.is_event()
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        struct Write(String);
        impl tracing::field::Visit for Write {
            fn record_debug(&mut self, _: &tracing::field::Field, value: &dyn fmt::Debug) {
                self.0 = format!("{value:?}");
            }
        }
        event.record(&mut Write(String::new()));
    }

    fn enter(&self, _: &tracing::span::Id) {}

    fn exit(&self, _: &tracing::span::Id) {}
}

#[tokio::test(start_paused = true)]
async fn an_error_that_panics_when_it_is_logged_harms_no_sibling() {
    let _reader = tracing::subscriber::set_default(Reader);
    let top = Supervisor::builder(Strategy::OneForOne)
        .child("bomber", |_| Bomber::child_spec(None))
        .child("sibling", |_| Bomber::child_spec(None))
        .start()
        .await
        .unwrap();
    let bomber = top.child::<Bomber>("bomber").unwrap();
    let sibling = top.child::<Bomber>("sibling").unwrap();
    let (life, siblings) = (bomber.pid(), sibling.pid());
    bomber.fail().await.unwrap();
    assert_eq!(bomber.serve().await.unwrap(), 1);
    assert_ne!(bomber.pid(), life);
    assert_eq!(sibling.pid(), siblings);
}

#[tokio::test(start_paused = true)]
async fn destructors_of_what_children_are_made_of_harm_no_sibling() {
    let pool = DynamicSupervisor::<Bomber>::new().start().await.unwrap();
    let sibling = pool.start_child(|| Bomber::child_spec(None).name("taken")).await.unwrap();
    let life = sibling.pid();
    let keeps = |bomb: DropBomb| {
        move || {
            let _bomb = &bomb;
            Bomber::child_spec(None)
        }
    };
    // What its spec has captured, when it is forgotten.
    let bomber = pool.start_child(keeps(DropBomb)).await.unwrap();
    pool.terminate_child(bomber.pid().unwrap()).await.unwrap();
    // What it was to be started with, when it is not.
    let refused =
        pool.start_child(|| Bomber::child_spec(Some(Arc::new(DropBomb))).name("taken")).await;
    assert!(refused.is_err());
    assert_eq!(sibling.pid(), life);
    // Two at once, when the supervisor ends.
    for _ in 0..2 {
        drop(pool.start_child(keeps(DropBomb)).await.unwrap());
    }
    let end = pool.monitor();
    pool.stop().await.unwrap();
    assert!(end.await.reason.is_orderly());
}

#[tokio::test(start_paused = true)]
async fn when_a_group_restart_is_called_off_nobody_waits_for_the_rest_of_the_group() {
    let log = Log::default();
    let [a, b, c] = ["a", "b", "c"].map(|name| Script::new(name, &log));
    let given = [a, b.clone(), c];
    let [a, b2, c] = given;
    let top = Supervisor::builder(Strategy::RestForOne)
        .intensity(u32::MAX)
        .child("a", move |_| a.spec())
        .child("b", move |_| b2.spec())
        .child("c", move |_| c.spec())
        .start()
        .await
        .unwrap();
    let (first, last) = (top.child::<Worker>("a").unwrap(), top.child::<Worker>("c").unwrap());
    b.fail(u32::MAX);
    first.kill();
    let call = tokio::spawn(last.life().timeout(LONG).owned().into_future());
    tried(&b, 5).await;
    top.terminate_child("b").await.unwrap();
    let answer = timeout(ms(10), call).await.unwrap().unwrap();
    assert!(matches!(answer, Err(CallError::Died(_))), "{answer:?}");
    assert!(matches!(last.life().await, Err(CallError::NoProc)));
    top.restart_child("c").await.unwrap();
    assert_eq!(last.life().await.unwrap(), 2);
}

#[tokio::test(start_paused = true)]
async fn one_that_crashes_just_before_it_is_ended_is_told_of_as_crashed() {
    let log = Log::default();
    let (a, b) = (Script::new("a", &log), Script::new("b", &log));
    let slow = b.clone();
    let top = Supervisor::builder(Strategy::OneForOne)
        .child("a", move |_| a.spec())
        .child("b", move |_| b.spec())
        .start()
        .await
        .unwrap();
    slow.close_in(ms(50));
    let worker = top.child::<Worker>("a").unwrap();
    let ended = tokio::spawn(async move { top.shutdown().await });
    tokio::time::sleep(ms(10)).await;
    worker.crash().await.unwrap();
    let call = worker.life().await;
    assert!(matches!(call, Err(CallError::Died(ExitReason::Error(_)))), "{call:?}");
    let drained = ended.await.unwrap().unwrap();
    let reasons: Vec<_> = drained.children.iter().map(|child| &child.reason).collect();
    assert!(matches!(reasons[..], [ExitReason::Shutdown, ExitReason::Error(_)]), "{reasons:?}");
}

/// Does to its supervisor what it should not.
#[actor(shutdown = infinity)]
struct Rude {
    supervisor: Arc<Mutex<Option<SupervisorRef>>>,
}

impl Rude {
    async fn ask(supervisor: &Mutex<Option<SupervisorRef>>) -> Option<CallError> {
        let supervisor = supervisor.lock().unwrap().clone();
        supervisor?.count_children().await.err()
    }
}

#[handlers]
impl Rude {
    #[init]
    async fn open(supervisor: Arc<Mutex<Option<SupervisorRef>>>) -> Self {
        if let Some(error) = Self::ask(&supervisor).await {
            assert!(matches!(error, CallError::WouldDeadlock { .. }), "{error:?}");
        }
        Self { supervisor }
    }

    #[cast]
    fn pretend_to_end(&mut self, ctx: &mut Ctx<Self>) {
        if let Some(supervisor) = &*self.supervisor.lock().unwrap() {
            ctx.exit(supervisor, ExitReason::Normal);
        }
    }

    #[terminate]
    async fn end(&mut self) {
        let error = Self::ask(&self.supervisor).await;
        assert!(matches!(error, Some(CallError::WouldDeadlock { .. })), "{error:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_child_cannot_wait_for_its_supervisor_which_waits_for_it_nor_pretend_to_have_ended() {
    let top = Supervisor::builder(Strategy::OneForOne).start().await.unwrap();
    let supervisor = Arc::new(Mutex::new(Some(top.clone())));
    let given = supervisor.clone();
    let start = top.start_child("rude", move || Rude::child_spec(given.clone()));
    let rude = timeout(ms(100), start).await.unwrap().unwrap();
    let life = rude.pid();
    rude.pretend_to_end().await.unwrap();
    settle().await;
    assert_eq!(timeout(ms(100), top.count_children()).await.unwrap().unwrap().active, 1);
    assert_eq!(rude.pid(), life);
    timeout(ms(100), top.terminate_child("rude")).await.unwrap().unwrap();
    assert!(!rude.is_alive());
    supervisor.lock().unwrap().take();
}

#[tokio::test(start_paused = true)]
async fn a_child_of_a_dynamic_supervisor_cannot_wait_for_it_at_the_end_either() {
    let pool = DynamicSupervisor::<Rude>::new().start().await.unwrap();
    let supervisor = Arc::new(Mutex::new(Some(SupervisorRef::clone(&pool))));
    let mut lives = Vec::new();
    for _ in 0..3 {
        let given = supervisor.clone();
        lives.push(pool.start_child(move || Rude::child_spec(given.clone())).await.unwrap());
    }
    let first = lives[0].pid().unwrap();
    timeout(ms(100), pool.terminate_child(first)).await.unwrap().unwrap();
    let drained = timeout(ms(100), pool.shutdown()).await.unwrap().unwrap();
    let reasons: Vec<_> = drained.iter().map(|child| child.reason.to_string()).collect();
    assert_eq!(reasons, ["shutdown", "shutdown"], "no assertion in its `#[terminate]` failed");
    supervisor.lock().unwrap().take();
}
