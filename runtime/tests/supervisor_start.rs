//! How a supervisor starts, and what happens when a child does not.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod worker;

use ghostlight::{ChildNotStarted, prelude::*};
use std::{error::Error, sync::Arc};
use tokio::time::Instant;
use worker::{Log, Script, Worker, WorkerRef, ms, settle, troupe};

fn scripts(log: &Log) -> [Arc<Script>; 3] {
    ["a", "b", "c"].map(|name| Script::new(name, log))
}

/// The child that did not start.
fn not_started(error: &StartError) -> &ChildNotStarted {
    let StartError::Init(reason) = error else { panic!("{error:?}") };
    reason.error().unwrap().downcast_ref().unwrap()
}

/// OTP: `supervisor_SUITE/sup_start_normal`
#[tokio::test(start_paused = true)]
async fn a_supervisor_without_children_starts_and_stops() {
    let troupe = troupe(Strategy::OneForOne, &[]).start().await.unwrap();
    assert!(troupe.pid().is_some());
    assert_eq!(troupe.count_children().await.unwrap().specs, 0);
    let end = troupe.monitor();
    troupe.stop().reason(ExitReason::Shutdown).await.unwrap();
    assert!(matches!(end.await.reason, ExitReason::Shutdown));
}

/// OTP: `supervisor_SUITE/order_of_children`
/// Also `supervisor_test/start_link/3`
#[tokio::test(start_paused = true)]
async fn children_start_one_after_the_other_in_order_before_start_returns() {
    let log = Log::default();
    let [a, b, c] = scripts(&log);
    a.open_in(ms(30));
    b.open_in(ms(20));
    c.open_in(ms(10));
    let begun = Instant::now();
    let _troupe = troupe(Strategy::OneForOne, &[&a, &b, &c]).start().await.unwrap();
    assert_eq!(log.take(), ["a starts", "b starts", "c starts"]);
    assert!(begun.elapsed() >= ms(60), "one at a time: {:?}", begun.elapsed());
}

/// OTP: `supervisor_SUITE/sup_start_fail`, `supervisor_SUITE/faulty_application_shutdown`
#[tokio::test(start_paused = true)]
async fn a_child_that_does_not_start_ends_those_before_it_in_reverse_order_and_is_named() {
    let log = Log::default();
    let [a, b, c] = scripts(&log);
    let d = Script::new("d", &log);
    c.fail(1);
    a.close_in(ms(10));
    let failed = troupe(Strategy::OneForOne, &[&a, &b, &c, &d]).start().await.unwrap_err();
    let expected =
        ["a starts", "b starts", "c fails", "b ends: shutdown", "a ends: shutdown", "a has ended"];
    assert_eq!(log.take(), expected);
    assert_eq!((c.starts(), d.starts()), (1, 0), "nothing is retried");
    let child = not_started(&failed);
    assert_eq!(child.child, "c");
    assert!(matches!(&child.error, StartError::Init(reason) if reason.to_string() == "c is ill"));
    let mut root: &dyn Error = &failed;
    while let Some(source) = root.source() {
        root = source;
    }
    assert_eq!(root.to_string(), "c is ill");
}

/// OTP: `supervisor_test/generates child_spec/1`
#[tokio::test(start_paused = true)]
async fn a_nested_supervisor_that_does_not_start_says_which_of_its_children_it_was() {
    let log = Log::default();
    let [a, b, c] = scripts(&log);
    c.fail(1);
    let (inner_b, inner_c) = (b.clone(), c.clone());
    let failed = troupe(Strategy::OneForOne, &[&a])
        .child("inner", move |_| troupe(Strategy::OneForOne, &[&inner_b, &inner_c]).child_spec())
        .start()
        .await
        .unwrap_err();
    let outer = not_started(&failed);
    assert_eq!(outer.child, "inner");
    assert_eq!(not_started(&outer.error).child, "c");
    let expected = ["a starts", "b starts", "c fails", "b ends: shutdown", "a ends: shutdown"];
    assert_eq!(log.take(), expected);
}

#[tokio::test(start_paused = true)]
async fn a_spec_that_panics_is_a_child_that_does_not_start() {
    let log = Log::default();
    let [a, ..] = scripts(&log);
    let failed = troupe(Strategy::OneForOne, &[&a])
        .child::<Worker>("mad", |_| panic!("no spec"))
        .start()
        .await
        .unwrap_err();
    let child = not_started(&failed);
    assert_eq!(child.child, "mad");
    assert!(child.to_string().contains("no spec"), "{child}");
    assert_eq!(log.take(), ["a starts", "a ends: shutdown"]);
}

/// OTP: `supervisor_SUITE/child_specs` (`duplicate_child_name`)
#[tokio::test(start_paused = true)]
async fn two_children_with_the_same_id_are_an_error() {
    let log = Log::default();
    let [a, b, _] = scripts(&log);
    let (first, second) = (a.clone(), b.clone());
    let started = Supervisor::builder(Strategy::OneForOne)
        .child("twin", move |_| first.spec())
        .child("twin", move |_| second.spec())
        .start()
        .await;
    assert!(started.is_err(), "{started:?}, {:?}", log.take());
}

#[tokio::test(start_paused = true)]
async fn a_start_that_is_dropped_ends_the_children_that_have_started() {
    let log = Log::default();
    let [a, b, c] = scripts(&log);
    b.open_in(ms(1_000));
    let start = troupe(Strategy::OneForOne, &[&a, &b, &c]).start().into_future();
    assert!(tokio::time::timeout(ms(10), start).await.is_err());
    tokio::time::sleep(ms(2_000)).await;
    let seen = log.take();
    assert_eq!(seen[0], "a starts");
    assert!(seen[1].starts_with("a ends"), "{seen:?}");
    assert_eq!(seen.len(), 2, "neither b nor c starts: {seen:?}");
}

#[tokio::test(start_paused = true)]
async fn a_child_finds_its_siblings_even_those_that_start_later() {
    let log = Log::default();
    let [a, b, _] = scripts(&log);
    let (first, second) = (a.clone(), b.clone());
    let troupe = Supervisor::builder(Strategy::OneForOne)
        .child("a", move |siblings| {
            let later: WorkerRef = siblings.get::<Worker>("b");
            assert!(later.pid().is_none());
            later.see(7).try_send().unwrap(); // waits for its first life
            first.spec()
        })
        .child("b", move |siblings| {
            assert!(siblings.get::<Worker>("a").pid().is_some());
            second.spec()
        })
        .start()
        .await
        .unwrap();
    let b = troupe.child::<Worker>("b").unwrap();
    assert_eq!(b.seen().await.unwrap(), [7]);
    assert!(troupe.child::<Worker>("x").is_none());
    assert!(troupe.child::<Supervisor>("b").is_none(), "it is no supervisor");
}

#[tokio::test(start_paused = true)]
async fn the_spec_runs_again_at_each_restart() {
    let log = Log::default();
    let names = [Script::new("first", &log), Script::new("second", &log)];
    let mut lives = names.clone().into_iter();
    let troupe = Supervisor::builder(Strategy::OneForOne)
        .child("a", move |_| lives.next().unwrap().spec())
        .start()
        .await
        .unwrap();
    troupe.child::<Worker>("a").unwrap().kill();
    settle().await;
    assert_eq!(log.take(), ["first starts", "second starts"]);
}
