//! Supervisors that live again: what becomes of the roles of their children, whose plan may be another each time.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod worker;

use ghostlight::{Backoff, PartitionSupervisor, SupervisorBuilder, SupervisorRef, prelude::*};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use tokio::time::sleep;
use worker::{Log, Script, Worker, WorkerRef, ms, settle, soon, troupe};

fn leaf(supervisor: &SupervisorRef) -> WorkerRef {
    supervisor.child::<Worker>("leaf").unwrap()
}

/// A supervisor that plans what `plan` says, in each of its lives anew, below another.
async fn planning(
    plan: impl Fn(usize) -> SupervisorBuilder + Send + 'static,
) -> (SupervisorRef, SupervisorRef, Arc<AtomicUsize>) {
    let which = Arc::new(AtomicUsize::new(0));
    let now = which.clone();
    let root = Supervisor::builder(Strategy::OneForOne)
        .intensity(10)
        .child("sub", move |_| plan(now.load(Ordering::Relaxed)).child_spec())
        .start()
        .await
        .unwrap();
    let sub = root.child::<Supervisor>("sub").unwrap();
    (root, sub, which)
}

async fn live_again(supervisor: &SupervisorRef, which: &AtomicUsize, plan: usize) {
    which.store(plan, Ordering::Relaxed);
    supervisor.kill();
    settle().await;
}

#[tokio::test(start_paused = true)]
async fn a_child_of_a_later_plan_is_found_by_its_siblings_and_from_outside() {
    let log = Log::default();
    let [x, y] = ["x", "y"].map(|name| Script::new(name, &log));
    let (_root, sub, which) = planning(move |plan| {
        let (x, y) = (x.clone(), y.clone());
        let sub = Supervisor::builder(Strategy::OneForOne);
        match plan {
            0 => sub.child("y", move |_| y.spec()),
            _ => sub.child("x", move |_| x.spec()).child("y", move |siblings| {
                assert!(siblings.get::<Worker>("x").is_alive());
                y.spec()
            }),
        }
    })
    .await;
    let y = sub.child::<Worker>("y").unwrap();
    assert!(sub.child::<Worker>("x").is_none());
    live_again(&sub, &which, 1).await;
    assert_eq!(soon(sub.child::<Worker>("x").unwrap().life()).await.unwrap(), 1);
    assert_eq!(soon(y.life()).await.unwrap(), 2, "the role of a child that is in both is kept");
}

#[tokio::test(start_paused = true)]
async fn a_child_that_a_life_does_not_plan_has_none_until_one_plans_it_again() {
    let log = Log::default();
    let [a, b] = ["a", "b"].map(|name| Script::new(name, &log));
    let (_root, sub, which) = planning(move |plan| match plan {
        0 => troupe(Strategy::OneForOne, &[&a, &b]),
        _ => troupe(Strategy::OneForOne, &[&a]),
    })
    .await;
    let b = sub.child::<Worker>("b").unwrap();
    live_again(&sub, &which, 1).await;
    assert!(sub.child::<Worker>("b").is_none());
    assert!(matches!(soon(b.life()).await, Err(CallError::NoProc)));
    live_again(&sub, &which, 0).await;
    assert_eq!(sub.child::<Worker>("b").as_ref(), Some(&b));
    assert_eq!(soon(b.life()).await.unwrap(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_child_of_another_type_has_another_role() {
    let log = Log::default();
    let a = Script::new("a", &log);
    let (_root, sub, which) = planning(move |plan| {
        let a = a.clone();
        let sub = Supervisor::builder(Strategy::OneForOne);
        match plan {
            0 => sub.child("a", move |_| a.spec()),
            _ => sub.child("a", move |_| troupe(Strategy::OneForOne, &[&a]).child_spec()),
        }
    })
    .await;
    let worker = sub.child::<Worker>("a").unwrap();
    live_again(&sub, &which, 1).await;
    assert!(sub.child::<Worker>("a").is_none());
    let inner = sub.child::<Supervisor>("a").unwrap();
    assert_eq!(soon(inner.count_children()).await.unwrap().active, 1);
    assert!(matches!(soon(worker.life()).await, Err(CallError::NoProc)));
}

#[tokio::test(start_paused = true)]
async fn as_many_partitions_are_used_as_the_present_life_planned_by_old_handles_too() {
    for (first, second) in [(4, 2), (2, 4)] {
        let partitions = Arc::new(AtomicUsize::new(first));
        let now = partitions.clone();
        let log = Log::default();
        let root = Supervisor::builder(Strategy::OneForOne)
            .child("words", move |_| {
                let script = Script::new("w", &log);
                PartitionSupervisor::<Worker>::new(move |_| script.spec())
                    .partitions(now.load(Ordering::Relaxed))
                    .child_spec()
            })
            .start()
            .await
            .unwrap();
        let words = root.child::<PartitionSupervisor<Worker>>("words").unwrap();
        assert_eq!(words.partitions(), first);
        live_again(&words, &partitions, second).await;
        assert_eq!(words.partitions(), second);
        assert_eq!(words.count_children().await.unwrap().active, second);
        for key in 0..4_usize {
            assert_eq!(words.partition(key).is_some(), key < second);
            let part = words.partition(key % second).unwrap();
            assert_eq!(words.route(&key), part);
            assert!(part.is_alive());
        }
        assert_eq!(words.resize(1).await.unwrap(), second);
        assert_eq!(words.resize(second).await.unwrap(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_sent_to_the_children_of_a_supervisor_that_is_to_live_again_waits_for_them() {
    let log = Log::default();
    let [a, leaf_] = ["a", "leaf"].map(|name| Script::new(name, &log));
    let wait = Backoff::exponential(ms(1_000), ms(1_000)).jitter(0.0);
    let root = Supervisor::builder(Strategy::OneForAll)
        .backoff(wait)
        .child("a", move |_| a.spec())
        .child("sub", move |_| troupe(Strategy::OneForOne, &[&leaf_]).child_spec())
        .start()
        .await
        .unwrap();
    let leaf = leaf(&root.child::<Supervisor>("sub").unwrap());
    root.terminate_child("sub").await.unwrap();
    assert!(matches!(leaf.life().await, Err(CallError::NoProc)));
    root.child::<Worker>("a").unwrap().kill();
    settle().await;
    assert_eq!(leaf.life().await.unwrap(), 2, "it is to live again with its supervisor");
}

/// Supervisors inside each other, with a leaf at the bottom.
fn chain(depth: u32, leaf: Arc<Script>) -> SupervisorBuilder {
    let supervisor = Supervisor::builder(Strategy::OneForOne);
    match depth {
        0 => supervisor.child("leaf", move |_| leaf.spec().name("leaf")),
        _ => supervisor.child("next", move |_| chain(depth - 1, leaf.clone()).child_spec()),
    }
}

#[tokio::test(start_paused = true)]
async fn a_start_that_is_cut_off_leaves_nothing_however_deep_it_is() {
    for depth in [1, 5, 20, 40] {
        let log = Log::default();
        let script = Script::new("leaf", &log);
        let root = chain(depth, script.clone()).start().await.unwrap();
        let top = root.child::<Supervisor>("next").unwrap();
        let mut supervisor = root.clone();
        for _ in 0..depth {
            supervisor = supervisor.child::<Supervisor>("next").unwrap();
        }
        let leaf = leaf(&supervisor);
        root.terminate_child("next").await.unwrap();
        script.open_in(ms(10_000));
        let restarts = root.clone();
        let restarted = tokio::spawn(async move { restarts.restart_child("next").await });
        sleep(ms(1_000)).await;
        top.kill();
        assert!(restarted.await.unwrap().is_err());
        settle().await;
        assert!(matches!(soon(leaf.life()).await, Err(CallError::NoProc)), "depth {depth}");
        script.open_in(ms(0));
        let other = Worker::start(script).name("leaf").await.unwrap();
        assert!(other.is_alive(), "the name is free");
        other.stop().await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn those_whose_group_is_not_restarted_after_all_are_stopped_and_their_callers_told() {
    let log = Log::default();
    let [a, b, c] = ["a", "b", "c"].map(|name| Script::new(name, &log));
    let troupe = troupe(Strategy::OneForAll, &[&a, &b, &c]).intensity(100).start().await.unwrap();
    c.fail(1);
    c.open_in(ms(50));
    a.open_in(ms(50));
    troupe.child::<Worker>("b").unwrap().kill();
    sleep(ms(75)).await; // `a` and `b` live again, and `c` is being started: it fails at 100
    a.fail(1); // so the next attempt fails with `a`, at 150
    sleep(ms(50)).await;
    let waits = tokio::spawn(troupe.child::<Worker>("b").unwrap().life().owned().into_future());
    troupe.terminate_child("a").await.unwrap();
    a.open_in(ms(0));
    c.open_in(ms(0));
    sleep(ms(1_000)).await;
    for child in troupe.which_children().await.unwrap() {
        assert_eq!((child.pid, child.is_restarting), (None, false), "{}", child.id);
    }
    assert!(waits.await.unwrap().is_err());
    let c = troupe.child::<Worker>("c").unwrap();
    assert!(matches!(c.life().await, Err(CallError::NoProc)));
    troupe.restart_child("c").await.unwrap();
    c.life().await.unwrap();
    troupe.delete_child("b").await.unwrap();
}
