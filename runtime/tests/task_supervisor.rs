//! Tasks as children of a supervisor. otp.md 3.10, its paragraph on `Task.Supervisor`.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod worker;

use ghostlight::{ChildError, TaskSupervisorRef, prelude::*};
use std::{
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::{
    sync::oneshot,
    time::{Instant, sleep},
};
use worker::{ms, settle, soon};

async fn tasks() -> TaskSupervisorRef {
    TaskSupervisor::new().start().await.unwrap()
}

async fn count(tasks: &TaskSupervisorRef) -> usize {
    tasks.count_children().await.unwrap().specs
}

/// Counts those of its clones that are still there.
#[derive(Clone, Default)]
struct Held(Arc<AtomicUsize>);

struct Hold(Arc<AtomicUsize>);

impl Held {
    fn hold(&self) -> Hold {
        self.0.fetch_add(1, Ordering::Relaxed);
        Hold(Arc::clone(&self.0))
    }

    fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

async fn hang(hold: Hold) -> u8 {
    let _hold = hold;
    pending().await
}

#[tokio::test(start_paused = true)]
async fn tasks_of_any_type_run_under_one_supervisor_and_are_forgotten_when_they_end() {
    let tasks = tasks().await;
    let sum = tasks.spawn(async { 1 + 1 }).await.unwrap();
    let text = tasks.spawn(async { "two".to_owned() }).await.unwrap();
    assert_eq!(sum.await.unwrap(), 2);
    assert_eq!(text.await.unwrap(), "two");
    assert_eq!(count(&tasks).await, 0);
}

#[tokio::test(start_paused = true)]
async fn a_task_that_fails_is_not_restarted_and_ends_nobody_else() {
    let tasks = tasks().await;
    let begun = Arc::new(AtomicUsize::new(0));
    for _ in 0..10 {
        let begun = Arc::clone(&begun);
        let task = tasks
            .spawn::<()>(async move {
                begun.fetch_add(1, Ordering::Relaxed);
                panic!("no ink")
            })
            .await
            .unwrap();
        let error = soon(task).await.unwrap_err();
        assert_eq!(error.reason().unwrap().to_string(), "panicked: no ink");
    }
    settle().await;
    assert_eq!(begun.load(Ordering::Relaxed), 10);
    let counts = tasks.count_children().await.unwrap();
    assert_eq!((counts.specs, counts.crashes, counts.restarts), (0, 10, 0));
}

#[tokio::test(start_paused = true)]
async fn a_task_that_is_killed_is_forgotten() {
    let tasks = tasks().await;
    let held = Held::default();
    let task = tasks.spawn(hang(held.hold())).await.unwrap();
    settle().await;
    task.kill();
    assert!(matches!(soon(task).await, Err(TaskError::Died(ExitReason::Killed))));
    assert_eq!((count(&tasks).await, held.count()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_child_that_nobody_waits_for_runs_and_its_pid_is_known_though_it_has_ended() {
    let tasks = tasks().await;
    let (told, ran) = oneshot::channel();
    let first = tasks.start_child(async move { told.send(()).unwrap() }).await.unwrap();
    soon(ran).await.unwrap();
    let second = tasks.start_child(pending::<()>()).await.unwrap();
    assert_ne!(first, second);
    assert_eq!(tasks.children().await.unwrap(), [second]);
}

#[tokio::test(start_paused = true)]
async fn a_child_is_ended_by_its_pid() {
    let tasks = tasks().await;
    let held = Held::default();
    let one = tasks.spawn(hang(held.hold())).await.unwrap();
    let two = tasks.spawn(hang(held.hold())).await.unwrap();
    let pid = one.pid().unwrap();
    tasks.terminate_child(pid).await.unwrap();
    assert_eq!(held.count(), 1);
    assert!(matches!(one.await, Err(TaskError::Died(ExitReason::Shutdown))));
    assert_eq!(tasks.children().await.unwrap(), [two.pid().unwrap()]);
    assert!(matches!(tasks.terminate_child(pid).await, Err(ChildError::NotFound)));
}

#[tokio::test(start_paused = true)]
async fn a_supervisor_has_no_room_for_more_tasks_than_it_may_have() {
    let tasks = TaskSupervisor::new().max_children(2).start().await.unwrap();
    let held = Held::default();
    let one = tasks.spawn(hang(held.hold())).await.unwrap();
    let _two = tasks.start_child(hang(held.hold())).await.unwrap();
    let refused = tasks.spawn(hang(held.hold())).await;
    assert!(matches!(refused, Err(ChildError::MaxChildren)));
    assert!(matches!(tasks.start_child(async {}).await, Err(ChildError::MaxChildren)));
    assert_eq!(held.count(), 2, "what was refused is dropped");
    assert!(one.shutdown(Shutdown::BrutalKill).await.is_none());
    tasks.start_child(async {}).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn there_is_room_again_as_soon_as_a_result_is_known() {
    let tasks = TaskSupervisor::new().max_children(1).start().await.unwrap();
    for n in 0..100 {
        assert_eq!(tasks.spawn(async move { n }).await.unwrap().await.unwrap(), n);
    }
}

#[tokio::test(start_paused = true)]
async fn when_the_supervisor_ends_its_tasks_end_all_at_once() {
    let begin = Instant::now();
    let tasks = tasks().await;
    let held = Held::default();
    let mut running = vec![];
    for _ in 0..3 {
        running.push(tasks.spawn(hang(held.hold())).await.unwrap());
    }
    settle().await;
    soon(tasks.stop()).await.unwrap();
    assert_eq!(held.count(), 0);
    for task in running {
        assert!(matches!(soon(task).await, Err(TaskError::Died(ExitReason::Shutdown))));
    }
    assert_eq!(begin.elapsed(), ms(1));
    assert!(matches!(tasks.spawn(async {}).await, Err(ChildError::Supervisor(CallError::NoProc))));
}

#[tokio::test(start_paused = true)]
async fn a_supervisor_that_is_killed_takes_its_tasks_with_it() {
    let tasks = tasks().await;
    let held = Held::default();
    let task = tasks.spawn(hang(held.hold())).await.unwrap();
    settle().await;
    tasks.kill();
    assert!(matches!(soon(task).await, Err(TaskError::Died(ExitReason::Killed))));
    assert_eq!(held.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_task_that_is_dropped_runs_on_under_its_supervisor() {
    let tasks = tasks().await;
    let (told, ran) = oneshot::channel();
    let task = tasks.spawn(async move {
        sleep(ms(10)).await;
        told.send(()).unwrap();
    });
    drop(task.await.unwrap());
    assert_eq!(count(&tasks).await, 1);
    soon(ran).await.unwrap();
    settle().await;
    assert_eq!(count(&tasks).await, 0);
}

/// Does not trap exits.
#[actor]
struct Clerk {
    tasks: TaskSupervisorRef,
}

#[handlers]
impl Clerk {
    #[init]
    fn hire(tasks: TaskSupervisorRef) -> Self {
        Self { tasks }
    }

    #[call]
    async fn fail(&mut self) -> bool {
        self.tasks.spawn::<()>(async { panic!("no ink") }).await.unwrap().await.is_err()
    }

    #[call]
    async fn hang(&mut self, hold: Hold) -> Task<u8> {
        self.tasks.spawn(hang(hold)).await.unwrap()
    }
}

struct Office;

#[supervisor(strategy = one_for_all)]
impl Office {
    #[child]
    fn tasks(&self) -> ChildSpec<TaskSupervisor> {
        TaskSupervisor::new().child_spec()
    }

    #[child]
    fn clerk(&self, tasks: TaskSupervisorRef) -> ChildSpec<Clerk> {
        Clerk::child_spec(tasks)
    }
}

#[tokio::test(start_paused = true)]
async fn an_actor_and_its_tasks_are_independent_of_each_other() {
    let office = Office.start().await.unwrap();
    let (clerk, held) = (office.clerk(), Held::default());
    let pid = clerk.pid();
    assert!(clerk.fail().await.unwrap());
    assert_eq!(clerk.pid(), pid);
    let task = clerk.hang(held.hold()).await.unwrap();
    clerk.kill();
    settle().await;
    assert!(matches!(soon(task).await, Err(TaskError::Died(_))), "its supervisor was restarted");
    assert!(clerk.fail().await.unwrap());
    assert_eq!(held.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_tree_shows_a_supervisor_of_tasks() {
    let office = Office.start().await.unwrap();
    let tasks = office.tasks();
    let pid = tasks.start_child(pending::<()>()).await.unwrap();
    let tree = office.tree().await.unwrap().to_string();
    assert!(tree.contains("tasks: TaskSupervisor"), "{tree}");
    assert!(tree.contains(&format!("TaskActor {pid}  [temporary, 5s to shut down]")), "{tree}");
    assert!(Office::tree().to_string().contains("tasks: TaskSupervisor  [any number of tasks]"));
}
