//! A supervisor ends when it is told to, whatever its children do meanwhile.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod worker;

use ghostlight::prelude::*;
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};
use worker::{Log, Script, Worker, ms, settle, soon, troupe};

/// Fails to end in order.
#[actor]
struct Clumsy;

#[handlers]
impl Clumsy {
    #[init]
    fn begin(starts: Arc<AtomicU32>) -> Self {
        starts.fetch_add(1, Ordering::Relaxed);
        Self
    }

    #[call]
    fn ready(&self) {}

    #[terminate]
    fn close(&mut self) {
        panic!("stumbled");
    }
}

/// OTP: `supervisor_SUITE/sup_stop_non_shutdown_exit_dynamic`
#[tokio::test(start_paused = true)]
async fn a_dynamic_supervisor_ends_though_its_children_end_for_other_reasons() {
    for restart in [Restart::Permanent, Restart::Transient, Restart::Temporary] {
        let starts = Arc::new(AtomicU32::new(0));
        let pool = DynamicSupervisor::<Clumsy>::new().start().await.unwrap();
        let mut ends = vec![];
        for _ in 0..3 {
            let starts = starts.clone();
            let spec = move || Clumsy::child_spec(starts.clone()).restart(restart);
            let clumsy = pool.start_child(spec).await.unwrap();
            clumsy.ready().await.unwrap();
            ends.push(clumsy.monitor());
        }
        let end = pool.monitor();
        soon(pool.stop().reason(ExitReason::Shutdown)).await.unwrap();
        assert!(matches!(end.await.reason, ExitReason::Shutdown), "{restart:?}");
        for end in ends {
            assert_eq!(end.await.reason.to_string(), "panicked: stumbled", "{restart:?}");
        }
        settle().await;
        assert_eq!(starts.load(Ordering::Relaxed), 3, "{restart:?}: nobody is restarted");
    }
}

/// OTP: `supervisor_SUITE/hanging_restart_loop`, `supervisor_SUITE/hanging_restart_loop_rest_for_one` (it can be shut down)
#[tokio::test(start_paused = true)]
async fn a_supervisor_whose_child_does_not_live_again_ends_all_the_same() {
    for strategy in [Strategy::OneForOne, Strategy::OneForAll, Strategy::RestForOne] {
        let log = Log::default();
        let [a, b, c] = ["a", "b", "c"].map(|name| Script::new(name, &log));
        let troupe = troupe(strategy, &[&a, &b, &c]).intensity(u32::MAX).start().await.unwrap();
        b.fail(u32::MAX);
        b.open_in(ms(100));
        troupe.child::<Worker>("b").unwrap().kill();
        tokio::time::sleep(ms(1_050)).await; // one attempt of many is under way
        assert!(soon(troupe.which_child("b")).await.unwrap().is_restarting, "{strategy}");
        let end = troupe.monitor();
        soon(troupe.stop().reason(ExitReason::Shutdown)).await.unwrap();
        assert!(matches!(end.await.reason, ExitReason::Shutdown), "{strategy}");
        let starts = b.starts();
        tokio::time::sleep(ms(1_000)).await;
        assert_eq!(b.starts(), starts, "{strategy}: it is tried no more");
        let mut lives = 0_i32;
        for what in log.take() {
            lives += i32::from(what.ends_with("starts")) - i32::from(what.contains("ends"));
        }
        assert_eq!(lives, 1, "{strategy}: all have ended; the killed one did not say so");
    }
}

/// OTP: `supervisor_SUITE/hanging_restart_loop_simple` (it can be shut down)
#[tokio::test(start_paused = true)]
async fn a_dynamic_supervisor_whose_child_does_not_live_again_ends_all_the_same() {
    let log = Log::default();
    let a = Script::new("a", &log);
    let pool = DynamicSupervisor::<Worker>::new().intensity(u32::MAX).start().await.unwrap();
    let spec = a.clone();
    let worker = pool.start_child(move || spec.spec()).await.unwrap();
    a.fail(u32::MAX);
    a.open_in(ms(100));
    worker.kill();
    tokio::time::sleep(ms(1_050)).await; // one attempt of many is under way
    assert_eq!(soon(pool.count_children()).await.unwrap().active, 0);
    let end = pool.monitor();
    soon(pool.stop().reason(ExitReason::Shutdown)).await.unwrap();
    assert!(matches!(end.await.reason, ExitReason::Shutdown));
    let starts = a.starts();
    tokio::time::sleep(ms(1_000)).await;
    assert_eq!(a.starts(), starts, "it is tried no more");
    assert!(matches!(worker.life().await, Err(CallError::NoProc)));
}
