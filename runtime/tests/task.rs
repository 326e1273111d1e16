//! Tasks: futures that run as actors. otp.md 3.10, its paragraph on `Task`.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod worker;

use ghostlight::prelude::*;
use std::{
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::ThreadId,
    time::Duration,
};
use tokio::{
    sync::{Notify, mpsc, oneshot},
    time::{Instant, sleep},
};
use worker::{ms, settle, soon};

/// Says whether the future that holds it has been dropped.
struct Gone(Arc<AtomicBool>);

impl Gone {
    fn pair() -> (Self, Arc<AtomicBool>) {
        let gone = Arc::default();
        (Self(Arc::clone(&gone)), gone)
    }
}

impl Drop for Gone {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn is_set(gone: &AtomicBool) -> bool {
    gone.load(Ordering::Relaxed)
}

async fn late<T>(time: Duration, value: T) -> T {
    sleep(time).await;
    value
}

fn spawn<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> Task<T> {
    Task::spawn(future).unwrap()
}

fn died(done: Result<u8, TaskError>) -> String {
    match done {
        Err(TaskError::Died(reason)) => reason.to_string(),
        done => panic!("{done:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_task_runs_while_its_owner_does_something_else_and_gives_its_result() {
    let begin = Instant::now();
    let task = spawn(late(ms(100), 5));
    sleep(ms(80)).await;
    assert_eq!(task.await.unwrap(), 5);
    assert_eq!(begin.elapsed(), ms(100));
}

#[tokio::test(start_paused = true)]
async fn a_task_that_has_ended_gives_its_result_later_all_the_same() {
    let task = spawn(async { 5 });
    soon(task.monitor()).await;
    assert!(!task.is_alive());
    assert_eq!(task.await.unwrap(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_task_has_a_pid_until_it_ends_and_ends_as_normal() {
    let mut task = spawn(late(ms(10), ()));
    assert!(task.pid().is_some());
    let end = task.monitor();
    (&mut task).await.unwrap();
    assert_eq!(task.pid(), None, "who has the result knows that it has ended");
    assert!(matches!(soon(end).await.reason, ExitReason::Normal));
}

#[tokio::test(start_paused = true)]
async fn a_task_runs_in_a_turn_of_its_own_and_not_in_its_callers_poll() {
    let (told, mut ran) = oneshot::channel();
    let task = spawn(async move { told.send(()).unwrap() });
    assert!(ran.try_recv().is_err());
    task.await.unwrap();
    ran.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_of_another_thread_gives_its_result() {
    let thread = || async { std::thread::current().id() };
    let tasks: Vec<Task<ThreadId>> = (0..100).map(|_| spawn(thread())).collect();
    assert_eq!(Task::await_many(tasks).await.unwrap().len(), 100);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_that_is_killed_while_it_ends_gives_its_result_or_its_end() {
    for _ in 0..2_000 {
        let task = spawn(async { 5 });
        let kill = task.downgrade();
        let killing = tokio::spawn(async move { kill.upgrade().map(|task| task.kill()) });
        match task.await {
            Ok(value) => assert_eq!(value, 5),
            done => assert_eq!(died(done), "killed"),
        }
        drop(killing.await);
    }
}

#[test]
fn there_is_no_task_without_a_runtime() {
    assert!(matches!(Task::spawn(async {}), Err(StartError::NoRuntime)));
}

#[test]
fn a_task_whose_runtime_has_ended_gives_no_result() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let (ends, other) = (runtime(), runtime());
    let (gone, is_gone) = Gone::pair();
    let (begun, not_begun) = ends.block_on(async {
        let begun = spawn(pending::<u8>());
        tokio::task::yield_now().await;
        (begun, spawn(async move { drop(gone) }))
    });
    drop(ends);
    assert!(matches!(other.block_on(begun), Err(TaskError::NoProc)));
    assert!(matches!(other.block_on(not_begun), Err(TaskError::NoProc)));
    assert!(is_set(&is_gone));
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_the_end_of_the_task_and_its_owner_is_told_of_it() {
    let task = spawn::<u8>(async { panic!("no ink") });
    let end = task.monitor();
    assert_eq!(died(soon(task).await), "panicked: no ink");
    assert!(matches!(soon(end).await.reason, ExitReason::Panic(_)));
}

#[tokio::test(start_paused = true)]
async fn a_panic_after_an_await_and_one_of_a_destructor_are_told_too() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("bomb");
        }
    }
    let task = spawn::<u8>(async {
        sleep(ms(5)).await;
        panic!("later");
    });
    assert_eq!(died(soon(task).await), "panicked: later");
    let task = spawn(async {
        let _bomb = Bomb;
        5_u8
    });
    assert_eq!(died(soon(task).await), "panicked: bomb");
}

#[tokio::test(start_paused = true)]
async fn a_task_that_is_killed_is_dropped_where_it_awaits() {
    let (gone, is_gone) = Gone::pair();
    let task = spawn(async move {
        let _gone = gone;
        pending::<u8>().await
    });
    settle().await;
    assert!(!is_set(&is_gone));
    task.kill();
    assert_eq!(died(soon(task).await), "killed");
    assert!(is_set(&is_gone));
}

#[tokio::test(start_paused = true)]
async fn a_task_that_is_killed_before_it_began_never_begins() {
    let (told, ran) = oneshot::channel();
    let task = spawn(async move {
        told.send(()).unwrap();
        5
    });
    task.kill();
    assert_eq!(died(soon(task).await), "killed");
    assert!(ran.await.is_err());
}

#[tokio::test(start_paused = true)]
async fn an_exit_signal_ends_a_task_unless_it_is_normal() {
    let task = spawn(late(ms(50), 5));
    task.exit(ExitReason::Normal);
    assert_eq!(task.await.unwrap(), 5);
    let task = spawn(pending());
    task.exit(ExitReason::crash("no ink"));
    let error = soon(task).await.map(|n: u8| n).unwrap_err();
    assert_eq!(error.reason().unwrap().error().unwrap().to_string(), "no ink");
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "no ink");
    assert_eq!(error.to_string(), "the task ended without a result: no ink");
}

#[tokio::test(start_paused = true)]
async fn a_task_that_is_dropped_runs_on() {
    let (told, ran) = oneshot::channel();
    let (gone, is_gone) = Gone::pair();
    drop(spawn(async move {
        sleep(ms(5)).await;
        told.send(()).unwrap();
        gone
    }));
    soon(ran).await.unwrap();
    settle().await;
    assert!(is_set(&is_gone), "a result that nobody wants is dropped");
}

#[tokio::test(start_paused = true)]
async fn a_result_whose_destructor_panics_harms_nobody() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("bomb");
        }
    }
    let task = spawn(async { Bomb });
    let end = task.monitor();
    drop(task);
    assert!(matches!(soon(end).await.reason, ExitReason::Normal));
}

#[tokio::test(start_paused = true)]
async fn in_time_a_result_is_given_and_out_of_time_the_task_is_ended() {
    let begin = Instant::now();
    assert_eq!(spawn(late(ms(100), 5)).timeout(ms(101)).await.unwrap(), 5);
    let (gone, is_gone) = Gone::pair();
    let task = spawn(async move {
        let _gone = gone;
        pending::<u8>().await
    });
    let end = task.monitor();
    assert!(matches!(task.timeout(ms(100)).await, Err(TaskError::Timeout)));
    assert_eq!(begin.elapsed(), ms(200));
    assert!(matches!(soon(end).await.reason, ExitReason::Shutdown));
    assert!(is_set(&is_gone));
}

#[tokio::test(start_paused = true)]
async fn a_result_that_is_there_is_given_in_no_time_at_all() {
    let task = spawn(async { 5 });
    settle().await;
    assert_eq!(task.timeout(Duration::ZERO).await.unwrap(), 5);
    assert_eq!(spawn(async { 5 }).timeout(Duration::MAX).await.unwrap(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_yield_gives_nothing_before_the_end_and_the_task_goes_on() {
    let mut task = spawn(late(ms(100), 5));
    assert!(task.yield_for(Duration::ZERO).await.is_none());
    assert!(task.yield_for(ms(60)).await.is_none());
    assert_eq!(task.yield_for(ms(60)).await.unwrap().unwrap(), 5);
    assert!(matches!(task.yield_for(ms(60)).await, Some(Err(TaskError::NoProc))), "given once");
    assert!(matches!(task.await, Err(TaskError::NoProc)));
}

#[tokio::test(start_paused = true)]
async fn a_yield_gives_the_end_of_a_task_that_died_and_a_result_wins_over_the_end() {
    let mut task = spawn::<u8>(async { panic!("no ink") });
    assert_eq!(died(task.yield_for(ms(5)).await.unwrap()), "panicked: no ink");
    let mut task = spawn(async { 5 });
    settle().await;
    task.kill();
    assert_eq!(task.yield_for(Duration::ZERO).await.unwrap().unwrap(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_task_can_be_awaited_by_reference() {
    let mut task = spawn(late(ms(100), 5));
    tokio::select! {
        _ = &mut task => panic!("too early"),
        () = sleep(ms(50)) => {}
    }
    assert_eq!(task.await.unwrap(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_gives_a_result_that_is_there_and_otherwise_nothing() {
    for how in [Shutdown::After(ms(10)), Shutdown::BrutalKill, Shutdown::Infinity] {
        let task = spawn(async { 5 });
        settle().await;
        assert_eq!(task.shutdown(how).await.unwrap().unwrap(), 5, "{how:?}");

        let (gone, is_gone) = Gone::pair();
        let task = spawn(async move {
            let _gone = gone;
            pending::<u8>().await
        });
        let end = task.monitor();
        assert!(soon(task.shutdown(how)).await.is_none(), "{how:?}");
        assert!(is_set(&is_gone), "it has ended when the shutdown has: {how:?}");
        let reason = soon(end).await.reason;
        match how {
            Shutdown::BrutalKill => assert!(matches!(reason, ExitReason::Killed)),
            _ => assert!(matches!(reason, ExitReason::Shutdown)),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_tells_of_an_end_for_another_reason() {
    let task = spawn::<u8>(async { panic!("no ink") });
    settle().await;
    assert_eq!(died(task.shutdown(Shutdown::Infinity).await.unwrap()), "panicked: no ink");
    let task = spawn(pending());
    task.kill();
    assert_eq!(died(task.shutdown(Shutdown::After(ms(5))).await.unwrap()), "killed");
    let task = spawn(pending());
    task.exit(ExitReason::crash("no ink"));
    assert_eq!(died(task.shutdown(Shutdown::BrutalKill).await.unwrap()), "no ink");
}

#[tokio::test(start_paused = true)]
async fn several_results_come_in_the_order_of_the_tasks() {
    let begin = Instant::now();
    let tasks = [30, 10, 20].map(|n| spawn(late(ms(n), n)));
    assert_eq!(Task::await_many(tasks).await.unwrap(), [30, 10, 20]);
    assert_eq!(begin.elapsed(), ms(30));
    assert_eq!(Task::<u8>::await_many([]).await.unwrap(), []);
}

#[tokio::test(start_paused = true)]
async fn the_first_failure_fails_them_all_and_the_others_run_on() {
    let begin = Instant::now();
    let (told, ran) = oneshot::channel();
    let slow = spawn(async move {
        sleep(ms(100)).await;
        told.send(()).unwrap();
        1
    });
    let failing = spawn(async {
        sleep(ms(10)).await;
        panic!("no ink")
    });
    let error = Task::await_many([slow, failing]).await.unwrap_err();
    assert_eq!(error.reason().unwrap().to_string(), "panicked: no ink");
    assert_eq!(begin.elapsed(), ms(10));
    soon(ran).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn more_tasks_than_a_budget_of_polls_are_awaited_together() {
    let tasks = (0..1_000).map(|n| spawn(async move { n }));
    let tasks: Vec<_> = tasks.collect();
    settle().await;
    assert!(Task::await_many(tasks).await.unwrap().into_iter().eq(0..1_000));
}

#[tokio::test(start_paused = true)]
async fn what_has_not_ended_in_time_is_told_apart_and_can_be_awaited_again() {
    let begin = Instant::now();
    let mut tasks = vec![
        spawn(late(ms(10), 1_u8)),
        spawn(late(ms(100), 2)),
        spawn(async { panic!("no ink") }),
        spawn(pending()),
    ];
    let mut done = Task::yield_many(&mut tasks, ms(50)).await;
    assert_eq!(begin.elapsed(), ms(50));
    assert!(matches!(done[..], [Some(Ok(1)), None, Some(Err(_)), None]), "{done:?}");
    assert_eq!(died(done.remove(2).unwrap()), "panicked: no ink");
    let (hanging, slow) = (tasks.pop().unwrap(), tasks.swap_remove(1));
    assert!(hanging.shutdown(Shutdown::BrutalKill).await.is_none());
    let done = Task::yield_many(&mut [slow], Duration::MAX).await;
    assert!(matches!(done[..], [Some(Ok(2))]));
    assert_eq!(begin.elapsed(), ms(100));
    assert!(Task::<u8>::yield_many(&mut [], Duration::ZERO).await.is_empty());
}

/// Does not trap exits.
#[actor]
struct Owner;

#[handlers]
impl Owner {
    /// Starts a task that hangs.
    #[call]
    fn hang(&self, gone: Gone, ctx: &mut Ctx<Self>) -> Task<u8> {
        let hanging = async move {
            let _gone = gone;
            pending().await
        };
        ctx.spawn_task(hanging).unwrap()
    }

    #[call]
    async fn add(&mut self, a: u8, b: u8, ctx: &mut Ctx<Self>) -> u8 {
        ctx.spawn_task(late(ms(10), a + b)).unwrap().await.unwrap()
    }

    /// Awaits a task that panics.
    #[cast]
    async fn fail(&mut self, seen: oneshot::Sender<TaskError>, ctx: &mut Ctx<Self>) {
        let task = ctx.spawn_task(async { panic!("no ink") }).unwrap();
        let error = task.await.map(|n: u8| n).unwrap_err();
        seen.send(error).unwrap();
    }

    #[call]
    async fn wait(&mut self, limit: Duration, ctx: &mut Ctx<Self>) -> Result<u8, TaskError> {
        ctx.spawn_task(pending()).unwrap().timeout(limit).await
    }

    #[call]
    async fn give_up(&mut self, how: Shutdown, ctx: &mut Ctx<Self>) -> bool {
        ctx.spawn_task(pending::<u8>()).unwrap().shutdown(how).await.is_none()
    }

    #[call]
    async fn count_those_that_fail(&mut self) -> usize {
        let tasks = [1, 2].map(|n| spawn::<u8>(async move { panic!("{n}") }));
        let mut failed = 0;
        for task in tasks {
            failed += usize::from(task.await.is_err());
        }
        failed
    }

    #[cast]
    fn end(&mut self, reason: ExitReason, ctx: &mut Ctx<Self>) {
        ctx.stop(reason);
    }

    #[call]
    fn alive(&self) -> bool {
        true
    }
}

/// Traps exits.
#[actor]
struct Trapper {
    heard: mpsc::UnboundedSender<Exit>,
}

#[handlers]
impl Trapper {
    #[call]
    fn hang(&self, gone: Gone, ctx: &mut Ctx<Self>) -> Task<u8> {
        let hanging = async move {
            let _gone = gone;
            pending().await
        };
        ctx.spawn_task(hanging).unwrap()
    }

    #[call]
    async fn fail(&mut self, ctx: &mut Ctx<Self>) -> String {
        let task = ctx.spawn_task(async { panic!("no ink") }).unwrap();
        died(task.await)
    }

    #[cast]
    fn end(&mut self, reason: ExitReason, ctx: &mut Ctx<Self>) {
        ctx.stop(reason);
    }

    #[info]
    fn exit(&mut self, exit: Exit) {
        self.heard.send(exit).unwrap();
    }
}

fn trapper() -> (TrapperRef, mpsc::UnboundedReceiver<Exit>) {
    let (heard, exits) = mpsc::unbounded_channel();
    (ghostlight::spawn(Trapper { heard }).unwrap(), exits)
}

#[tokio::test(start_paused = true)]
async fn a_linked_task_gives_its_result_and_its_owner_goes_on() {
    let owner = ghostlight::spawn(Owner).unwrap();
    assert_eq!(owner.add(1, 2).await.unwrap(), 3);
    settle().await;
    assert!(owner.alive().await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_linked_task_dies_with_its_owner() {
    for reason in [ExitReason::Shutdown, ExitReason::crash("no ink")] {
        let owner = ghostlight::spawn(Owner).unwrap();
        let (gone, is_gone) = Gone::pair();
        let task = owner.hang(gone).await.unwrap();
        let said = reason.to_string();
        owner.end(reason).await.unwrap();
        assert_eq!(died(soon(task).await), said);
        assert!(is_set(&is_gone));
    }
    let owner = ghostlight::spawn(Owner).unwrap();
    let task = owner.hang(Gone::pair().0).await.unwrap();
    owner.kill();
    assert_eq!(died(soon(task).await), "killed");
}

#[tokio::test(start_paused = true)]
async fn a_linked_task_survives_an_owner_that_ends_as_normal() {
    let owner = ghostlight::spawn(Owner).unwrap();
    let mut task = owner.hang(Gone::pair().0).await.unwrap();
    owner.stop().await.unwrap();
    assert!(task.yield_for(ms(50)).await.is_none());
    assert!(task.is_alive());
    task.kill();
}

#[tokio::test(start_paused = true)]
async fn a_linked_task_that_fails_ends_an_owner_that_does_not_trap_before_it_sees_the_error() {
    let owner = ghostlight::spawn(Owner).unwrap();
    let (seen, error) = oneshot::channel();
    let end = owner.monitor();
    owner.fail(seen).await.unwrap();
    assert_eq!(soon(end).await.reason.to_string(), "panicked: no ink");
    assert!(error.await.is_err());
}

#[tokio::test(start_paused = true)]
async fn an_owner_that_traps_sees_the_error_and_is_told_of_the_exit() {
    let (owner, mut exits) = trapper();
    assert_eq!(owner.fail().await.unwrap(), "panicked: no ink");
    let exit = soon(exits.recv()).await.unwrap();
    assert_eq!(exit.reason.to_string(), "panicked: no ink");
    assert!(exit.from.is_some());
    assert!(owner.is_alive());
}

#[tokio::test(start_paused = true)]
async fn a_linked_task_dies_with_an_owner_that_traps_too() {
    let (owner, _exits) = trapper();
    let task = owner.hang(Gone::pair().0).await.unwrap();
    owner.end(ExitReason::Shutdown).await.unwrap();
    assert_eq!(died(soon(task).await), "shutdown");
}

#[tokio::test(start_paused = true)]
async fn to_end_a_linked_task_out_of_time_ends_nobody_else() {
    let owner = ghostlight::spawn(Owner).unwrap();
    assert!(matches!(owner.wait(ms(10)).await.unwrap(), Err(TaskError::Timeout)));
    for how in [Shutdown::After(ms(10)), Shutdown::BrutalKill, Shutdown::Infinity] {
        assert!(owner.give_up(how).await.unwrap());
    }
    settle().await;
    assert!(owner.alive().await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_of_a_linked_task_is_no_exit_for_an_owner_that_traps() {
    let (owner, mut exits) = trapper();
    let (gone, is_gone) = Gone::pair();
    let task = owner.hang(gone).await.unwrap();
    assert!(task.shutdown(Shutdown::BrutalKill).await.is_none());
    assert!(is_set(&is_gone));
    settle().await;
    assert!(exits.try_recv().is_err());
}

#[tokio::test(start_paused = true)]
async fn a_task_that_is_not_linked_fails_alone() {
    let owner = ghostlight::spawn(Owner).unwrap();
    assert_eq!(owner.count_those_that_fail().await.unwrap(), 2);
    assert!(owner.alive().await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_task_of_an_actor_that_is_gone_before_it_begins_does_not_outlive_it() {
    let owner = ghostlight::spawn(Owner).unwrap();
    let (gone, is_gone) = Gone::pair();
    let task = owner.hang(gone).await.unwrap();
    owner.kill();
    drop((owner, task));
    settle().await;
    assert!(is_set(&is_gone));
}

#[tokio::test(start_paused = true)]
async fn a_task_can_be_awaited_by_whoever_has_it() {
    let waiting = Arc::new(Notify::new());
    let go = Arc::clone(&waiting);
    let task = spawn(async move {
        go.notified().await;
        5
    });
    let other = tokio::spawn(task);
    settle().await;
    waiting.notify_one();
    assert_eq!(other.await.unwrap().unwrap(), 5);
}
