//! Children that choose not to start.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod worker;

use ghostlight::{ChildError, ChildInfo, Strategy, SupervisorRef, prelude::*};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use worker::settle;

/// Starts when it is wanted.
#[actor]
struct Lamp;

#[handlers]
impl Lamp {
    #[init]
    fn light(wanted: Arc<AtomicBool>) -> Option<Self> {
        wanted.load(Ordering::Relaxed).then_some(Self)
    }

    #[call]
    fn burns(&self) -> bool {
        true
    }
}

fn wanted(is_wanted: bool) -> Arc<AtomicBool> {
    Arc::new(AtomicBool::new(is_wanted))
}

/// A lamp of this restart type between two that are permanent and burn.
async fn three(restart: Restart, middle: &Arc<AtomicBool>) -> SupervisorRef {
    let (on, middle) = (wanted(true), Arc::clone(middle));
    let (first, last) = (on.clone(), on);
    Supervisor::builder(Strategy::OneForOne)
        .child("first", move |_| Lamp::child_spec(first.clone()))
        .child("middle", move |_| Lamp::child_spec(middle.clone()).restart(restart))
        .child("last", move |_| Lamp::child_spec(last.clone()))
        .start()
        .await
        .unwrap()
}

async fn ids(supervisor: &SupervisorRef) -> Vec<(String, bool)> {
    let shown = |child: ChildInfo| (child.id.into_owned(), child.pid.is_some());
    supervisor.which_children().await.unwrap().into_iter().map(shown).collect()
}

/// OTP: `supervisor_SUITE/sup_start_ignore_child`
#[tokio::test(start_paused = true)]
async fn a_child_that_ignores_its_start_is_kept_without_a_life() {
    let off = wanted(false);
    let lamps = three(Restart::Permanent, &off).await;
    let counts = lamps.count_children().await.unwrap();
    assert_eq!((counts.specs, counts.active, counts.workers), (3, 2, 3));
    let lamp = lamps.child::<Lamp>("middle").unwrap();
    assert!(matches!(lamp.burns().await, Err(CallError::NoProc)));

    let ignored = lamps.restart_child("middle").await;
    assert!(matches!(ignored, Err(ChildError::Start(StartError::Ignored))), "{ignored:?}");
    off.store(true, Ordering::Relaxed);
    lamps.restart_child("middle").await.unwrap();
    assert!(lamp.burns().await.unwrap());

    let off = wanted(false);
    let added = lamps.start_child("added", move || Lamp::child_spec(off.clone())).await.unwrap();
    assert!(matches!(added.burns().await, Err(CallError::NoProc)));
    let added = ("added".to_owned(), false);
    assert_eq!(ids(&lamps).await.last(), Some(&added), "the last one is the newest");
}

/// OTP: `supervisor_SUITE/sup_start_ignore_temporary_child`
#[tokio::test(start_paused = true)]
async fn a_temporary_child_that_ignores_its_start_is_forgotten() {
    let lamps = three(Restart::Temporary, &wanted(false)).await;
    assert_eq!(ids(&lamps).await, [("first".to_owned(), true), ("last".to_owned(), true)]);
}

/// OTP: `supervisor_SUITE/sup_start_ignore_temporary_child_start_child`
#[tokio::test(start_paused = true)]
async fn a_temporary_child_that_is_added_and_ignores_its_start_is_forgotten() {
    let lamps = Supervisor::builder(Strategy::OneForOne).start().await.unwrap();
    let off = wanted(false);
    let spec = move || Lamp::child_spec(off.clone()).restart(Restart::Temporary);
    let lamp = lamps.start_child("lamp", spec).await.unwrap();
    assert!(matches!(lamp.burns().await, Err(CallError::NoProc)));
    assert_eq!(ids(&lamps).await, []);
    let on = wanted(true);
    drop(lamps.start_child("lamp", move || Lamp::child_spec(on.clone())).await.unwrap());
}

/// OTP: `supervisor_SUITE/sup_start_ignore_temporary_child_start_child_simple`,
/// `supervisor_SUITE/sup_start_ignore_permanent_child_start_child_simple`
#[tokio::test(start_paused = true)]
async fn a_dynamic_supervisor_keeps_nothing_of_a_child_that_ignores_its_start() {
    let lamps = DynamicSupervisor::<Lamp>::new().start().await.unwrap();
    for restart in [Restart::Temporary, Restart::Permanent] {
        let off = wanted(false);
        let spec = move || Lamp::child_spec(off.clone()).restart(restart);
        let ignored = lamps.start_child(spec).await;
        assert!(matches!(ignored, Err(ChildError::Start(StartError::Ignored))), "{ignored:?}");
        assert_eq!(lamps.count_children().await.unwrap().specs, 0);
    }
    let on = wanted(true);
    let lamp = lamps.start_child(move || Lamp::child_spec(on.clone())).await.unwrap();
    assert!(lamp.burns().await.unwrap());
    lamps.stop().await.unwrap();
}

/// OTP: `supervisor_SUITE/simple_one_for_one_restart_ignore`
#[tokio::test(start_paused = true)]
async fn a_child_that_ignores_its_restart_stays_down_and_a_dynamic_one_is_forgotten() {
    let on = wanted(true);
    let lamps = three(Restart::Permanent, &on).await;
    on.store(false, Ordering::Relaxed);
    let lamp = lamps.child::<Lamp>("middle").unwrap();
    lamp.kill();
    settle().await;
    assert_eq!(ids(&lamps).await[1], ("middle".to_owned(), false));
    assert!(matches!(lamp.burns().await, Err(CallError::NoProc)), "nobody waits for it");

    let on = wanted(true);
    let (given, pool) = (on.clone(), DynamicSupervisor::<Lamp>::new().start().await.unwrap());
    let lamp = pool.start_child(move || Lamp::child_spec(given.clone())).await.unwrap();
    on.store(false, Ordering::Relaxed);
    lamp.kill();
    settle().await;
    assert_eq!(pool.count_children().await.unwrap().specs, 0);
    assert!(matches!(lamp.burns().await, Err(CallError::NoProc)));
}
