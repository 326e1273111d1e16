//! Programs that end in order, or say what did not.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod worker;

use ghostlight::{Cause, Program, Strategy, SupervisorRef, prelude::*};
use std::{future, time::Duration};
use tokio::time::sleep;
use worker::{Log, Script, Worker, ms, settle};

/// Two workers below a supervisor below the root, and one beside it.
async fn tree(log: &Log) -> (SupervisorRef, [std::sync::Arc<Script>; 3]) {
    let scripts = ["a", "b", "c"].map(|name| Script::new(name, log));
    let [a, b, c] = scripts.clone();
    let root = Supervisor::builder(Strategy::OneForOne)
        .child("pair", move |_| {
            let (a, b) = (a.clone(), b.clone());
            Supervisor::builder(Strategy::OneForOne)
                .child("a", move |_| a.spec().shutdown(Shutdown::Infinity))
                .child("b", move |_| b.spec())
                .child_spec()
        })
        .child("c", move |_| c.spec())
        .start()
        .await
        .unwrap();
    log.take();
    (root, scripts)
}

#[tokio::test(start_paused = true)]
async fn a_program_that_is_asked_to_ends_in_reverse_order() {
    let log = Log::default();
    let (root, _scripts) = tree(&log).await;
    let ended = Program::new(&root).run_until(sleep(ms(100))).await.in_order().unwrap();
    assert!(matches!(ended.cause, Cause::Asked));
    assert_eq!(log.take(), ["c ends: shutdown", "b ends: shutdown", "a ends: shutdown"]);
    assert_eq!(ended.drained.as_ref().unwrap().iter().count(), 4);
    assert!(ended.to_string().starts_with("asked to end; 4 actors ended in "), "{ended}");
    assert!(!root.is_alive());
}

#[tokio::test(start_paused = true)]
async fn what_does_not_end_within_the_limit_is_named_and_killed() {
    let log = Log::default();
    let (root, scripts) = tree(&log).await;
    scripts[0].close_in(Duration::from_secs(3_600));
    let stuck = root.child::<Supervisor>("pair").unwrap().child::<Worker>("a").unwrap();
    let program = Program::new(&root).limit(Duration::from_secs(2));
    let ended = program.run_until(future::ready(())).await;
    let unstopped: Vec<_> = ended.unstopped.iter().map(|one| one.path.as_str()).collect();
    assert_eq!(unstopped, ["pair", "pair/a"]);
    assert!(ended.drained.is_none());
    assert!(ended.took >= Duration::from_secs(2) && ended.took < Duration::from_secs(3));
    let error = ended.in_order().unwrap_err();
    assert!(error.to_string().contains("did not end in time: pair <0."), "{error}");
    settle().await;
    assert!(!stuck.is_alive());
}

#[tokio::test(start_paused = true)]
async fn a_tree_that_ends_by_itself_ends_the_program_and_all_is_not_well() {
    let log = Log::default();
    let (root, _scripts) = tree(&log).await;
    let program = tokio::spawn(Program::new(&root).run_until(future::pending()));
    settle().await;
    let child = root.child::<Worker>("c").unwrap();
    for _ in 0..4 {
        child.kill();
        settle().await;
    }
    let ended = program.await.unwrap();
    assert!(matches!(ended.cause, Cause::Tree(ExitReason::Shutdown)), "{ended}");
    assert_eq!(ended.in_order().unwrap_err().to_string(), "the tree ended by itself: shutdown");
}

#[tokio::test(start_paused = true)]
async fn a_tree_that_has_ended_already_ends_the_program_at_once() {
    let (root, _scripts) = tree(&Log::default()).await;
    root.stop().await.unwrap();
    let ended = Program::new(&root).run_until(future::pending()).await;
    assert!(matches!(ended.cause, Cause::Tree(ExitReason::NoProc)));
}

#[tokio::test(start_paused = true)]
async fn when_the_root_is_busy_until_the_time_is_up_all_that_live_are_named_and_killed() {
    let log = Log::default();
    let (root, [.., c]) = tree(&log).await;
    let busy = root.child::<Worker>("c").unwrap();
    c.open_in(Duration::from_secs(1_000_000));
    busy.kill();
    settle().await;
    let program = Program::new(&root).limit(Duration::from_secs(10));
    let ended = program.run_until(async {}).await;
    let unstopped: Vec<_> = ended.unstopped.iter().map(|one| one.path.as_str()).collect();
    assert_eq!(unstopped, ["pair", "pair/a", "pair/b", "c"]);
    assert!(ended.in_order().is_err());
    settle().await;
    assert!(!root.is_alive());
}

#[tokio::test(start_paused = true)]
async fn what_hangs_in_its_end_is_named_and_killed_though_the_root_was_busy_before() {
    let log = Log::default();
    let (root, [_, _, c]) = tree(&log).await;
    let slow = Script::new("slow", &log);
    slow.open_in(Duration::from_secs(5));
    c.close_in(Duration::from_secs(3_600));
    let hanging = root.child::<Worker>("c").unwrap();
    let start = root.clone();
    let started = tokio::spawn(async move {
        let spec = move || slow.spec().shutdown(Shutdown::Infinity);
        start.start_child("slow", spec).await.map(drop)
    });
    settle().await;
    let ended = Program::new(&root).limit(Duration::from_secs(8)).run_until(async {}).await;
    assert!(started.await.unwrap().is_ok());
    let unstopped: Vec<_> = ended.unstopped.iter().map(|one| one.path.as_str()).collect();
    assert_eq!(unstopped, ["pair", "pair/a", "pair/b", "c"]);
    settle().await;
    assert!(!hanging.is_alive());
}
