//! Who is told what while a supervisor ends, or does not start.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod worker;

use ghostlight::prelude::*;
use std::sync::Arc;
use worker::{Log, Script, Worker, WorkerRef, ms, settle, soon, troupe};

const RESTARTS: [Restart; 3] = [Restart::Permanent, Restart::Transient, Restart::Temporary];

/// How a child ends while its supervisor shuts down.
fn reasons() -> [ExitReason; 3] {
    [ExitReason::Normal, ExitReason::Shutdown, ExitReason::crash("other")]
}

/// OTP: `supervisor_SUITE/sup_stop_race`
#[tokio::test(start_paused = true)]
async fn whoever_ends_by_itself_meanwhile_keeps_its_reason_and_is_not_restarted() {
    for strategy in [Strategy::OneForOne, Strategy::OneForAll, Strategy::RestForOne] {
        for restart in RESTARTS {
            let log = Log::default();
            let slow = Script::new("slow", &log);
            let mut builder = Supervisor::builder(strategy);
            let workers: Vec<_> = reasons().map(|_| Script::new("w", &log)).into();
            for (n, script) in workers.iter().enumerate() {
                let script = script.clone();
                builder = builder.child(format!("{n}"), move |_| script.spec().restart(restart));
            }
            let script = slow.clone();
            let troupe = builder.child("slow", move |_| script.spec()).start().await.unwrap();
            let children: Vec<WorkerRef> =
                (0..3).map(|n| troupe.child::<Worker>(&n.to_string()).unwrap()).collect();
            let (end, last) = (troupe.monitor(), troupe.child::<Worker>("slow").unwrap().monitor());
            slow.close_in(ms(50));
            let stop = tokio::spawn(troupe.stop().reason(ExitReason::Shutdown).into_future());
            settle().await; // the last child is ending
            for (child, reason) in children.iter().zip(reasons()) {
                let its = child.monitor();
                child.end(reason.clone()).await.unwrap();
                assert_eq!(its.await.reason.to_string(), reason.to_string(), "{restart:?}");
            }
            soon(stop).await.unwrap().unwrap();
            assert!(matches!(end.await.reason, ExitReason::Shutdown), "{strategy}, {restart:?}");
            assert!(matches!(last.await.reason, ExitReason::Shutdown));
            assert!(workers.iter().all(|worker| worker.starts() == 1), "{strategy}, {restart:?}");
        }
    }
}

/// A linked starter of a tree.
#[actor]
struct Founder;

#[handlers]
impl Founder {
    /// Whether the tree started.
    #[call]
    async fn found(&mut self, script: Arc<Script>, mad: bool, ctx: &mut Ctx<Self>) -> bool {
        let tree = troupe(Strategy::OneForOne, &[&script]);
        let tree = if mad { tree.child::<Worker>("mad", |_| panic!("no spec")) } else { tree };
        ctx.start_link(tree.start()).await.is_ok()
    }

    #[call]
    fn lives(&self) -> bool {
        true
    }
}

/// OTP: `supervisor_SUITE/sup_start_fail`
#[tokio::test(start_paused = true)]
async fn a_linked_starter_gets_no_exit_signal_from_a_tree_that_does_not_start() {
    let log = Log::default();
    for mad in [true, false] {
        let founder = ghostlight::spawn(Founder).unwrap();
        let a = Script::new("a", &log);
        a.fail(u32::from(!mad));
        assert!(!founder.found(a, mad).await.unwrap());
        settle().await;
        assert!(founder.lives().await.unwrap(), "it does not trap exits");
    }
}
