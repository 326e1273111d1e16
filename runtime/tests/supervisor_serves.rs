//! A supervisor that cannot restart a child serves between two attempts, whatever its strategy.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod worker;

use ghostlight::prelude::*;
use tokio::time::Instant;
use worker::{Log, Script, Worker, ms, soon, troupe};

/// OTP: `supervisor_SUITE/hanging_restart_loop`
#[tokio::test(start_paused = true)]
async fn what_is_asked_during_an_attempt_is_answered_after_it() {
    for strategy in [Strategy::OneForOne, Strategy::RestForOne, Strategy::OneForAll] {
        let log = Log::default();
        let [a, b, c] = ["a", "b", "c"].map(|name| Script::new(name, &log));
        let troupe = troupe(strategy, &[&a, &b, &c]).intensity(u32::MAX).start().await.unwrap();
        b.fail(u32::MAX);
        b.open_in(ms(100));
        troupe.child::<Worker>("b").unwrap().kill();
        for _ in 0..5 {
            tokio::time::sleep(ms(50)).await;
            let before = b.starts();
            soon(troupe.which_child("b")).await.unwrap();
            let meanwhile = b.starts() - before;
            assert!(meanwhile <= 1, "{strategy}: {meanwhile} attempts were begun meanwhile");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_child_that_does_not_start_can_be_ended_before_the_supervisor_gives_up() {
    for strategy in [Strategy::OneForOne, Strategy::RestForOne, Strategy::OneForAll] {
        let log = Log::default();
        let [a, b, c] = ["a", "b", "c"].map(|name| Script::new(name, &log));
        let troupe = troupe(strategy, &[&a, &b, &c]).start().await.unwrap();
        b.fail(u32::MAX);
        b.open_in(ms(100));
        troupe.child::<Worker>("b").unwrap().kill();
        tokio::time::sleep(ms(50)).await; // the first attempt is under way
        let ended = soon(troupe.terminate_child("b")).await;
        assert!(ended.is_ok() && troupe.is_alive(), "{strategy}: {ended:?}");
    }
}

/// Each attempt starts siblings and ends them again: what they send at their ends is not to pile up in front of what is asked.
#[tokio::test(start_paused = true)]
async fn it_does_not_serve_later_the_longer_it_tries() {
    let log = Log::default();
    let [a, b, c, d] = ["a", "b", "c", "d"].map(|name| Script::new(name, &log));
    let troupe = troupe(Strategy::OneForAll, &[&a, &b, &c, &d]).intensity(u32::MAX);
    let troupe = troupe.start().await.unwrap();
    d.fail(u32::MAX);
    d.open_in(ms(100));
    troupe.child::<Worker>("d").unwrap().kill();
    for seconds in [1, 10, 100] {
        tokio::time::sleep(ms(seconds * 1_000)).await;
        let begun = Instant::now();
        troupe.which_child("d").await.unwrap();
        let wait = begun.elapsed();
        assert!(wait <= ms(100), "{wait:?}, after {seconds} s");
    }
}
