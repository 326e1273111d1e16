//! What a tree says of its end.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod worker;

use ghostlight::{Backoff, Drained, DrainedChild, SupervisorRef, debug, prelude::*};
use std::{future::IntoFuture, sync::Arc, time::Duration};
use tokio::sync::Notify;
use worker::{Log, Script, Worker, WorkerRef, ms, settle, troupe};

fn scripts<const N: usize>(log: &Log, names: [&'static str; N]) -> [Arc<Script>; N] {
    names.map(|name| Script::new(name, log))
}

fn child(troupe: &SupervisorRef, id: &str) -> WorkerRef {
    troupe.child::<Worker>(id).unwrap()
}

/// The ids of those that ended, each with the messages that it left undone.
fn dropped(drained: &Drained) -> Vec<(&str, usize)> {
    drained.iter().map(|child| (&*child.id, child.dropped)).collect()
}

fn is_shutdown(child: &DrainedChild) -> bool {
    matches!(child.reason, ExitReason::Shutdown)
}

#[tokio::test(start_paused = true)]
async fn shutdown_ends_the_tree_in_order_and_says_how_each_child_ended() {
    let log = Log::default();
    let [a, b] = scripts(&log, ["a", "b"]);
    let troupe = troupe(Strategy::OneForOne, &[&a, &b]).start().await.unwrap();
    let pids = ["a", "b"].map(|id| child(&troupe, id).pid());
    let end = troupe.monitor();
    a.close_in(ms(20));
    b.close_in(ms(10));
    log.take();
    let drained = troupe.shutdown().await.unwrap();
    assert_eq!(log.take(), ["b ends: shutdown", "b has ended", "a ends: shutdown", "a has ended"]);
    let [b, a] = &drained.children[..] else { panic!("{drained:?}") };
    assert_eq!((&*a.id, &*b.id), ("a", "b"));
    assert_eq!([a.pid, b.pid], pids);
    assert!(is_shutdown(a) && is_shutdown(b));
    assert!(a.took >= ms(20) && b.took >= ms(10) && drained.took >= ms(30));
    assert!(drained.took < ms(50));
    assert!(a.actor.ends_with("Worker"));
    assert_eq!(drained.dropped(), 0);
    assert!(matches!(end.await.reason, ExitReason::Shutdown));
    assert!(!troupe.is_alive());
    assert!(matches!(troupe.shutdown().await, Err(CallError::NoProc)));
}

#[tokio::test(start_paused = true)]
async fn calls_and_casts_that_nobody_handles_are_counted() {
    let log = Log::default();
    let [a, b] = scripts(&log, ["a", "b"]);
    let troupe = troupe(Strategy::OneForOne, &[&a, &b]).start().await.unwrap();
    let worker = child(&troupe, "a");
    worker.hang().await.unwrap();
    settle().await;
    for n in 0..3 {
        worker.see(n).await.unwrap();
    }
    let waiting = tokio::spawn({
        let worker = worker.clone();
        async move { worker.life().timeout(Duration::from_secs(60)).await }
    });
    let withdrawn = tokio::spawn({
        let worker = worker.clone();
        async move { worker.life().await }
    });
    settle().await;
    withdrawn.abort();
    settle().await;
    let drained = troupe.shutdown().await.unwrap();
    assert_eq!(dropped(&drained), [("b", 0), ("a", 4)], "three casts and a call");
    assert_eq!((drained.handled(), drained.dropped()), (0, 4));
    let [_, a] = &drained.children[..] else { panic!("{drained:?}") };
    assert!(matches!(a.reason, ExitReason::Killed), "it hung for its shutdown time");
    assert!(a.took >= ms(5_000));
    assert!(matches!(waiting.await.unwrap(), Err(CallError::Died(ExitReason::Killed))));
}

#[tokio::test(start_paused = true)]
async fn what_an_actor_handles_before_its_end_is_not_dropped() {
    let log = Log::default();
    let [a] = scripts(&log, ["a"]);
    let troupe = troupe(Strategy::OneForOne, &[&a]).start().await.unwrap();
    let worker = child(&troupe, "a");
    for n in 0..100 {
        worker.see(n).try_send().unwrap();
    }
    let drained = troupe.shutdown().await.unwrap();
    assert_eq!(dropped(&drained), [("a", 0)]);
}

/// Does its work when it is let.
#[actor]
struct Clerk {
    gate: Arc<Notify>,
}

#[handlers]
impl Clerk {
    #[init]
    fn hire(gate: Arc<Notify>) -> Self {
        Self { gate }
    }

    #[cast]
    async fn wait(&mut self) {
        self.gate.notified().await;
    }

    #[cast]
    fn file(&mut self) {}

    #[terminate]
    async fn close(&mut self) {
        self.gate.notified().await;
    }
}

#[tokio::test(start_paused = true)]
async fn messages_ahead_of_the_end_are_handled_and_counted_and_those_behind_it_are_dropped() {
    let gate = Arc::new(Notify::new());
    let for_clerk = gate.clone();
    let office = Supervisor::builder(Strategy::OneForOne)
        .child("clerk", move |_| Clerk::child_spec(for_clerk.clone()))
        .start()
        .await
        .unwrap();
    let clerk = office.child::<Clerk>("clerk").unwrap();
    clerk.wait().await.unwrap();
    settle().await;
    for _ in 0..3 {
        clerk.file().await.unwrap();
    }
    let drained = tokio::spawn(async move { office.shutdown().await });
    settle().await;
    for _ in 0..2 {
        clerk.file().await.unwrap();
    }
    gate.notify_one();
    settle().await;
    gate.notify_one();
    let drained = drained.await.unwrap().unwrap();
    let [clerk] = &drained.children[..] else { panic!("{drained:?}") };
    assert!(is_shutdown(clerk));
    assert_eq!((clerk.handled, clerk.dropped), (3, 2));
    assert_eq!((drained.handled(), drained.dropped()), (3, 2));
}

#[tokio::test(start_paused = true)]
async fn the_trees_below_are_told_of_too() {
    let log = Log::default();
    let [a, b] = scripts(&log, ["a", "b"]);
    let inner = a.clone();
    let outer = Supervisor::builder(Strategy::OneForOne)
        .child("inner", move |_| {
            let a = inner.clone();
            let inner = Supervisor::builder(Strategy::OneForOne).child("a", move |_| a.spec());
            inner.child("workers", |_| DynamicSupervisor::<Worker>::new().child_spec()).child_spec()
        })
        .child("b", move |_| b.spec())
        .start()
        .await
        .unwrap();
    let inner = outer.child::<Supervisor>("inner").unwrap();
    let workers = inner.child::<DynamicSupervisor<Worker>>("workers").unwrap();
    let dynamic = workers.start_child(move || a.spec()).await.unwrap();
    for worker in [&child(&inner, "a"), &dynamic] {
        worker.hang().await.unwrap();
        settle().await;
        worker.see(1).await.unwrap();
    }
    let drained = outer.shutdown().await.unwrap();
    let expected = [("b", 0), ("inner", 0), ("workers", 0), ("", 1), ("a", 1)];
    assert_eq!(dropped(&drained), expected);
    assert_eq!(drained.dropped(), 2);
    assert!(is_shutdown(&drained.children[1]));
}

#[tokio::test(start_paused = true)]
async fn a_child_that_waits_for_its_restart_has_no_pid_and_leaves_what_waits_for_it() {
    let log = Log::default();
    let [a, b] = scripts(&log, ["a", "b"]);
    let troupe = troupe(Strategy::OneForOne, &[&a, &b])
        .backoff(Backoff::exponential(ms(1_000), ms(1_000)))
        .start()
        .await
        .unwrap();
    let worker = child(&troupe, "a");
    worker.kill();
    settle().await;
    worker.see(1).await.unwrap();
    let waiting = tokio::spawn(worker.life().owned().into_future());
    settle().await;
    let drained = troupe.shutdown().await.unwrap();
    assert_eq!(dropped(&drained), [("b", 0), ("a", 2)]);
    let [_, a] = &drained.children[..] else { panic!("{drained:?}") };
    assert_eq!(a.pid, None);
    assert!(matches!(a.reason, ExitReason::Killed), "why its last life ended");
    assert!(waiting.await.unwrap().is_err());
}

#[tokio::test(start_paused = true)]
async fn children_that_had_ended_before_are_not_told_of() {
    let log = Log::default();
    let [a, b] = scripts(&log, ["a", "b"]);
    let troupe = troupe(Strategy::OneForOne, &[&a])
        .child("b", move |_| b.spec().restart(Restart::Transient))
        .start()
        .await
        .unwrap();
    troupe.terminate_child("a").await.unwrap();
    child(&troupe, "b").end(ExitReason::Normal).await.unwrap();
    settle().await;
    assert!(troupe.shutdown().await.unwrap().children.is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_an_earlier_life_dropped_is_not_counted_again() {
    let log = Log::default();
    let [a] = scripts(&log, ["a"]);
    let troupe = troupe(Strategy::OneForOne, &[&a]).start().await.unwrap();
    let worker = child(&troupe, "a");
    worker.hang().await.unwrap();
    settle().await;
    worker.see(1).await.unwrap();
    troupe.terminate_child("a").await.unwrap();
    troupe.restart_child("a").await.unwrap();
    assert_eq!(dropped(&troupe.shutdown().await.unwrap()), [("a", 0)]);

    let troupe = Supervisor::builder(Strategy::OneForOne)
        .child("a", move |_| a.spec().restart(Restart::Transient))
        .start()
        .await
        .unwrap();
    let worker = child(&troupe, "a");
    worker.end(ExitReason::Normal).try_send().unwrap();
    worker.see(1).try_send().unwrap(); // nobody asks what became of it
    settle().await;
    troupe.restart_child("a").await.unwrap();
    assert_eq!(dropped(&troupe.shutdown().await.unwrap()), [("a", 0)]);
}

#[tokio::test(start_paused = true)]
async fn a_dynamic_supervisor_ends_its_children_together() {
    let log = Log::default();
    let [a] = scripts(&log, ["a"]);
    let workers = DynamicSupervisor::<Worker>::new().start().await.unwrap();
    a.close_in(ms(100));
    for _ in 0..3 {
        let a = a.clone();
        drop(workers.start_child(move || a.spec()).await.unwrap());
    }
    let drained = workers.shutdown().await.unwrap();
    assert_eq!(drained.children.len(), 3);
    assert!(drained.children.iter().all(|child| is_shutdown(child) && child.pid.is_some()));
    assert!(drained.took < ms(150));
}

#[tokio::test(start_paused = true)]
async fn a_tree_that_is_a_child_of_another_is_restarted_by_it() {
    let log = Log::default();
    let [a] = scripts(&log, ["a"]);
    let outer = Supervisor::builder(Strategy::OneForOne)
        .child("inner", move |_| troupe(Strategy::OneForOne, &[&a]).child_spec())
        .start()
        .await
        .unwrap();
    let inner = outer.child::<Supervisor>("inner").unwrap();
    let worker = child(&inner, "a");
    inner.shutdown().await.unwrap();
    settle().await;
    assert_eq!(worker.life().await.unwrap(), 2);
}

#[tokio::test(start_paused = true)]
async fn shutdown_of_a_tree_that_somebody_kills_says_so() {
    let log = Log::default();
    let [a] = scripts(&log, ["a"]);
    let troupe = troupe(Strategy::OneForOne, &[&a]).start().await.unwrap();
    a.close_in(ms(1_000));
    let ending = tokio::spawn({
        let troupe = troupe.clone();
        async move { troupe.shutdown().await }
    });
    settle().await;
    troupe.kill();
    let ended = ending.await.unwrap();
    assert!(matches!(ended, Err(CallError::Died(ExitReason::Killed))), "{ended:?}");
}

#[tokio::test(start_paused = true)]
async fn those_that_were_to_be_restarted_with_another_are_in_the_report_with_what_waited_for_them()
{
    let log = Log::default();
    let [a, b] = scripts(&log, ["a", "b"]);
    let troupe = troupe(Strategy::RestForOne, &[&a, &b]).start().await.unwrap();
    let (first, second) = (child(&troupe, "a"), child(&troupe, "b"));
    a.open_in(ms(100));
    a.fail(1);
    first.kill();
    settle().await;
    for n in 0..3 {
        first.see(n).await.unwrap();
        second.see(n).await.unwrap();
    }
    let drained = troupe.shutdown().await.unwrap();
    assert_eq!(dropped(&drained), [("b", 3), ("a", 3)]);
}

#[tokio::test(start_paused = true)]
async fn of_a_suspended_actor_nothing_is_handled() {
    let log = Log::default();
    let [a] = scripts(&log, ["a"]);
    let troupe = troupe(Strategy::OneForOne, &[&a]).start().await.unwrap();
    let worker = child(&troupe, "a");
    let _suspended = debug::suspend(&worker).await.unwrap();
    for n in 0..5 {
        worker.see(n).await.unwrap();
    }
    let drained = troupe.shutdown().await.unwrap();
    assert_eq!((drained.handled(), drained.dropped()), (0, 5));
}

#[tokio::test(start_paused = true)]
async fn of_an_actor_that_is_ending_already_nothing_is_handled() {
    let gate = Arc::new(Notify::new());
    let for_clerk = gate.clone();
    let office = Supervisor::builder(Strategy::OneForOne)
        .child("clerk", move |_| Clerk::child_spec(for_clerk.clone()))
        .start()
        .await
        .unwrap();
    let clerk = office.child::<Clerk>("clerk").unwrap();
    clerk.wait().await.unwrap();
    settle().await;
    let stopping = tokio::spawn({
        let clerk = clerk.clone();
        async move { clerk.stop().await }
    });
    settle().await;
    for _ in 0..3 {
        clerk.file().await.unwrap();
    }
    let drained = tokio::spawn(async move { office.shutdown().await });
    settle().await;
    gate.notify_one(); // for the handler
    settle().await;
    gate.notify_one(); // for the end
    let drained = drained.await.unwrap().unwrap();
    assert_eq!((drained.handled(), drained.dropped()), (0, 3));
    stopping.await.unwrap().unwrap();
}
