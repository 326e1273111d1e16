//! Supervisors and children with names.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod worker;

use ghostlight::{ActorRef, SupervisorRef, prelude::*};
use worker::{Log, Script, WorkerRef, settle, soon, troupe};

/// OTP: `supervisor_test/start_link/2 with via`, `supervisor_test/start_link/3 with global`.
/// There are three kinds of names; here there is one, and a name may be made at run time.
#[tokio::test(start_paused = true)]
async fn a_supervisor_is_found_by_whatever_name_it_is_given() {
    let log = Log::default();
    for name in ["house".to_owned(), format!("house of {}", "many names"), "家".to_owned()] {
        let a = Script::new("a", &log);
        let house = troupe(Strategy::OneForOne, &[&a]).start().name(name.clone()).await.unwrap();
        let by_name = SupervisorRef::from(ActorRef::named(name.leak()));
        assert_eq!(by_name.pid(), house.pid());
        assert_eq!(by_name.count_children().await.unwrap().active, 1);
        by_name.stop().await.unwrap();
        assert!(!house.is_alive());
        assert!(matches!(by_name.count_children().await, Err(CallError::NoProc)));
    }
}

/// OTP: `supervisor_SUITE/simple_global_supervisor`
#[tokio::test(start_paused = true)]
async fn a_restart_takes_the_names_again_whoever_ended_and_how() {
    let log = Log::default();
    let a = Script::new("a", &log);
    let _top = Supervisor::builder(Strategy::OneForOne)
        .intensity(20)
        .child("inner", move |_| {
            let a = a.clone();
            Supervisor::builder(Strategy::OneForOne)
                .intensity(20)
                .child("a", move |_| a.spec().name("worker"))
                .child_spec()
                .name("inner")
        })
        .start()
        .await
        .unwrap();
    let inner = SupervisorRef::from(ActorRef::named("inner"));
    let worker = WorkerRef::from(ActorRef::named("worker"));
    for _ in 0..2 {
        for kill in [true, false] {
            let pids = (inner.pid().unwrap(), worker.pid().unwrap());
            if kill {
                worker.kill();
            } else {
                worker.stop().await.unwrap();
            }
            soon(worker.life()).await.unwrap();
            assert_eq!(inner.pid(), Some(pids.0));
            assert_ne!(worker.pid(), Some(pids.1), "the worker ended; killed: {kill}");

            let pid = worker.pid().unwrap();
            if kill {
                inner.kill();
            } else {
                inner.stop().await.unwrap();
            }
            settle().await;
            soon(worker.life()).await.unwrap();
            assert_ne!(inner.pid(), Some(pids.0), "the supervisor ended; killed: {kill}");
            assert!(inner.is_alive());
            assert_ne!(worker.pid(), Some(pid));
            assert_eq!(inner.count_children().await.unwrap().active, 1);
        }
    }
}
