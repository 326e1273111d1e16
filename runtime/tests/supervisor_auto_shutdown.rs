//! Supervisors that end with their significant children.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod worker;

use ghostlight::{
    AutoShutdown, BadCombination, ChildError, ChildNotStarted, Down, SupervisorBuilder,
    SupervisorRef, prelude::*,
};
use std::sync::Arc;
use worker::{Log, Script, Worker, WorkerRef, settle, troupe};

fn scripts<const N: usize>(log: &Log, names: [&'static str; N]) -> [Arc<Script>; N] {
    names.map(|name| Script::new(name, log))
}

fn child(troupe: &SupervisorRef, id: &str) -> WorkerRef {
    troupe.child::<Worker>(id).unwrap()
}

/// A supervisor of `a`, `b` and `c`: the first two are significant, and `c` is not.
async fn with(strategy: Strategy, auto: AutoShutdown, restart: Restart) -> (SupervisorRef, Log) {
    let log = Log::default();
    let scripts = scripts(&log, ["a", "b", "c"]);
    let mut troupe = Supervisor::builder(strategy).auto_shutdown(auto).intensity(20);
    for (id, script) in ["a", "b", "c"].into_iter().zip(scripts) {
        troupe = troupe.child(id, move |_| {
            let spec = script.spec().restart(restart);
            if id == "c" { spec } else { spec.significant() }
        });
    }
    (troupe.start().await.unwrap(), log)
}

#[derive(Clone, Copy, Debug)]
enum End {
    Normal,
    Shutdown,
    Crash,
    Kill,
}

async fn end(troupe: &SupervisorRef, id: &str, how: End) {
    let child = child(troupe, id);
    match how {
        End::Normal => child.end(ExitReason::Normal).await.unwrap(),
        End::Shutdown => child.end(ExitReason::Shutdown).await.unwrap(),
        End::Crash => child.crash().await.unwrap(),
        End::Kill => child.kill(),
    }
    settle().await;
}

/// OTP: `supervisor_SUITE/significant_temporary`
#[tokio::test(start_paused = true)]
async fn any_end_of_a_significant_temporary_child_ends_the_supervisor() {
    for how in [End::Normal, End::Shutdown, End::Crash, End::Kill] {
        let (troupe, log) =
            with(Strategy::OneForOne, AutoShutdown::AnySignificant, Restart::Temporary).await;
        log.take();
        let down = troupe.monitor();
        end(&troupe, "a", how).await;
        let Down { reason, .. } = down.await;
        assert!(matches!(reason, ExitReason::Shutdown), "{how:?}: {reason}");
        let ended = log.take();
        assert_eq!(ended[ended.len() - 2..], ["c ends: shutdown", "b ends: shutdown"], "{how:?}");
    }
}

/// OTP: `supervisor_SUITE/significant_transient`
#[tokio::test(start_paused = true)]
async fn only_an_orderly_end_of_a_significant_transient_child_ends_the_supervisor() {
    let start = || with(Strategy::OneForOne, AutoShutdown::AnySignificant, Restart::Transient);
    for how in [End::Normal, End::Shutdown] {
        let (troupe, _) = start().await;
        end(&troupe, "b", how).await;
        assert!(!troupe.is_alive(), "{how:?}");
    }
    let (troupe, _) = start().await;
    for how in [End::Crash, End::Kill] {
        end(&troupe, "b", how).await;
        assert!(troupe.is_alive(), "{how:?}: it is restarted");
    }
    assert_eq!(child(&troupe, "b").life().await.unwrap(), 3);
}

/// OTP: `supervisor_SUITE/significant_temporary`, `supervisor_SUITE/significant_transient`
#[tokio::test(start_paused = true)]
async fn all_significant_waits_for_the_last() {
    for restart in [Restart::Temporary, Restart::Transient] {
        let (troupe, _) = with(Strategy::OneForOne, AutoShutdown::AllSignificant, restart).await;
        end(&troupe, "a", End::Normal).await;
        assert!(troupe.is_alive(), "{restart:?}: `b` lives");
        end(&troupe, "b", End::Normal).await;
        assert!(!troupe.is_alive(), "{restart:?}: only `c` lived");
    }
}

/// OTP: `supervisor_SUITE/significant_temporary`, `supervisor_SUITE/significant_transient`
#[tokio::test(start_paused = true)]
async fn terminate_child_ends_no_supervisor() {
    for auto in [AutoShutdown::AnySignificant, AutoShutdown::AllSignificant] {
        for restart in [Restart::Temporary, Restart::Transient] {
            let (troupe, _) = with(Strategy::OneForOne, auto, restart).await;
            for id in ["a", "b"] {
                troupe.terminate_child(id).await.unwrap();
                settle().await;
            }
            assert!(troupe.is_alive(), "{auto}, {restart:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_last_that_ends_by_itself_counts_those_that_were_ended_as_gone() {
    let (troupe, _) =
        with(Strategy::OneForOne, AutoShutdown::AllSignificant, Restart::Transient).await;
    troupe.terminate_child("a").await.unwrap();
    end(&troupe, "b", End::Normal).await;
    assert!(!troupe.is_alive());
}

/// OTP: `supervisor_SUITE/nonsignificant_temporary`, `supervisor_SUITE/nonsignificant_transient`
#[tokio::test(start_paused = true)]
async fn other_children_end_no_supervisor() {
    for auto in [AutoShutdown::Never, AutoShutdown::AnySignificant, AutoShutdown::AllSignificant] {
        for restart in [Restart::Temporary, Restart::Transient] {
            for how in [End::Normal, End::Shutdown, End::Crash, End::Kill] {
                let log = Log::default();
                let [a, b] = scripts(&log, ["a", "b"]);
                let troupe = troupe(Strategy::OneForOne, &[&a])
                    .child("b", move |_| b.spec().restart(restart))
                    .auto_shutdown(auto)
                    .start()
                    .await
                    .unwrap();
                end(&troupe, "b", how).await;
                assert!(troupe.is_alive(), "{auto}, {restart:?}, {how:?}");
            }
        }
    }
}

/// OTP: `supervisor_SUITE/significant_bystander`
#[tokio::test(start_paused = true)]
async fn a_significant_child_that_ends_with_its_group_ends_no_supervisor() {
    for strategy in [Strategy::OneForAll, Strategy::RestForOne] {
        for auto in [AutoShutdown::AnySignificant, AutoShutdown::AllSignificant] {
            for restart in [Restart::Temporary, Restart::Transient] {
                let log = Log::default();
                let [a, b, c] = scripts(&log, ["a", "b", "c"]);
                let troupe = troupe(strategy, &[&a])
                    .child("b", move |_| b.spec().restart(restart).significant())
                    .child("c", move |_| c.spec().restart(restart).significant())
                    .auto_shutdown(auto)
                    .start()
                    .await
                    .unwrap();
                end(&troupe, "a", End::Crash).await;
                assert!(troupe.is_alive(), "{strategy}, {auto}, {restart:?}");
                let specs = troupe.count_children().await.unwrap().specs;
                assert_eq!(specs, if restart == Restart::Temporary { 1 } else { 3 });
            }
        }
    }
}

/// A tree: `outer`, which ends with a significant child, has `inner`, which does so too and has `a`.
async fn trees(inner_is_significant: bool) -> (SupervisorRef, WorkerRef) {
    let log = Log::default();
    let a = Script::new("a", &log);
    let inner = move || {
        let a = a.clone();
        Supervisor::builder(Strategy::OneForOne)
            .auto_shutdown(AutoShutdown::AnySignificant)
            .child("a", move |_| a.spec().restart(Restart::Transient).significant())
            .child_spec()
            .restart(Restart::Transient)
    };
    let outer = Supervisor::builder(Strategy::OneForOne)
        .auto_shutdown(AutoShutdown::AnySignificant)
        .child("inner", move |_| if inner_is_significant { inner().significant() } else { inner() })
        .start()
        .await
        .unwrap();
    let a = child(&outer.child::<Supervisor>("inner").unwrap(), "a");
    (outer, a)
}

/// OTP: `supervisor_SUITE/significant_escalation`
#[tokio::test(start_paused = true)]
async fn the_end_of_a_significant_supervisor_ends_the_one_above() {
    for is_significant in [true, false] {
        let (outer, a) = trees(is_significant).await;
        a.end(ExitReason::Normal).await.unwrap();
        settle().await;
        assert_eq!(outer.is_alive(), !is_significant);
        assert!(matches!(a.life().await, Err(CallError::NoProc)));
    }
}

#[tokio::test(start_paused = true)]
async fn a_child_that_is_being_restarted_counts_as_living() {
    let log = Log::default();
    let [a, b] = scripts(&log, ["a", "b"]);
    let spec = b.clone();
    let troupe = Supervisor::builder(Strategy::OneForOne)
        .auto_shutdown(AutoShutdown::AllSignificant)
        .intensity(u32::MAX)
        .child("a", move |_| a.spec().restart(Restart::Transient).significant())
        .child("b", move |_| spec.spec().restart(Restart::Transient).significant())
        .start()
        .await
        .unwrap();
    b.fail(1_000);
    child(&troupe, "b").kill();
    child(&troupe, "a").end(ExitReason::Normal).await.unwrap();
    settle().await;
    assert!(troupe.is_alive());
    assert!(child(&troupe, "b").life().await.is_ok());
    end(&troupe, "b", End::Normal).await;
    assert!(!troupe.is_alive());
}

/// Why a supervisor with such a child does not start.
async fn refusal(troupe: SupervisorBuilder) -> BadCombination {
    let Err(StartError::Init(reason)) = troupe.start().await else { panic!("it started") };
    let failed: &ChildNotStarted = reason.error().unwrap().downcast_ref().unwrap();
    assert_eq!(failed.child, "a");
    let StartError::Init(reason) = &failed.error else { panic!("{}", failed.error) };
    *reason.error().unwrap().downcast_ref().unwrap()
}

/// OTP: `supervisor_SUITE/child_specs_map`
#[tokio::test(start_paused = true)]
async fn a_significant_child_needs_a_supervisor_and_a_restart_type_that_it_can_end_with() {
    use BadCombination::{SignificantAndNever, SignificantAndPermanent};
    for (auto, restart, expected) in [
        (AutoShutdown::Never, Restart::Transient, SignificantAndNever),
        (AutoShutdown::Never, Restart::Permanent, SignificantAndNever),
        (AutoShutdown::AnySignificant, Restart::Permanent, SignificantAndPermanent),
        (AutoShutdown::AllSignificant, Restart::Permanent, SignificantAndPermanent),
    ] {
        let log = Log::default();
        let a = Script::new("a", &log);
        let troupe = Supervisor::builder(Strategy::OneForOne)
            .auto_shutdown(auto)
            .child("a", move |_| a.spec().restart(restart).significant());
        assert_eq!(refusal(troupe).await, expected);
        assert!(log.take().is_empty(), "it has not been started");
    }
}

/// OTP: `supervisor_test/init/2` (`auto_shutdown` is `never` unless told otherwise)
#[tokio::test(start_paused = true)]
async fn start_child_refuses_them_too_and_keeps_no_spec() {
    let log = Log::default();
    let a = Script::new("a", &log);
    let troupe = Supervisor::builder(Strategy::OneForOne).start().await.unwrap();
    let spec = move || a.spec().restart(Restart::Temporary).significant();
    let refused = troupe.start_child("a", spec).await;
    let Err(ChildError::BadCombination(error)) = refused else { panic!("{refused:?}") };
    assert_eq!(error, BadCombination::SignificantAndNever);
    assert_eq!(troupe.count_children().await.unwrap().specs, 0);
}

/// OTP: `supervisor_SUITE/significant_simple`
#[tokio::test(start_paused = true)]
async fn a_dynamic_supervisor_has_no_significant_children() {
    let log = Log::default();
    let a = Script::new("a", &log);
    let troupe = DynamicSupervisor::<Worker>::new().start().await.unwrap();
    let refused =
        troupe.start_child(move || a.spec().restart(Restart::Temporary).significant()).await;
    let Err(ChildError::BadCombination(error)) = refused else { panic!("{refused:?}") };
    assert_eq!(error, BadCombination::SignificantAndDynamic);
}

struct Errand {
    scripts: [Arc<Script>; 2],
}

#[supervisor(strategy = one_for_one, auto_shutdown = any_significant)]
impl Errand {
    #[child]
    fn helper(&self) -> ChildSpec<Worker> {
        self.scripts[0].spec()
    }

    #[child(significant)]
    fn work(&self) -> ChildSpec<Worker> {
        self.scripts[1].spec().restart(Restart::Transient)
    }
}

/// OTP: `supervisor_test/start_link/3`
#[tokio::test(start_paused = true)]
async fn a_declared_tree_ends_with_its_significant_child() {
    let log = Log::default();
    let scripts = scripts(&log, ["helper", "work"]);
    assert!(Errand::tree().to_string().contains("ends with any_significant"));
    let errand = Errand { scripts }.start().await.unwrap();
    errand.helper().end(ExitReason::Normal).await.unwrap();
    settle().await;
    assert!(errand.is_alive());
    let end = errand.monitor();
    errand.work().end(ExitReason::Normal).await.unwrap();
    assert!(matches!(end.await.reason, ExitReason::Shutdown));
}
