//! What a supervisor logs.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod worker;

use ghostlight::{SupervisorRef, prelude::*};
use std::{
    collections::BTreeMap,
    fmt, mem,
    sync::{Arc, Mutex},
};
use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
    subscriber::DefaultGuard,
};
use worker::{Log, Script, Worker, WorkerRef, ms, settle, soon, troupe};

/// An event: its level, and its fields as text.
struct Report {
    level: Level,
    fields: BTreeMap<&'static str, String>,
}

impl Report {
    fn get(&self, field: &str) -> &str {
        self.fields.get(field).map_or("", String::as_str)
    }
}

impl Visit for Report {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.fields.insert(field.name(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.fields.insert(field.name(), value.to_owned());
    }
}

/// Keeps what supervisors log.
#[derive(Clone, Default)]
struct Reports(Arc<Mutex<Vec<Report>>>);

impl Subscriber for Reports {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("ghostlight::supervisor")
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut report = Report { level: *event.metadata().level(), fields: BTreeMap::new() };
        event.record(&mut report);
        self.0.lock().unwrap().push(report);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

impl Reports {
    fn collect() -> (Self, DefaultGuard) {
        let reports = Self::default();
        (reports.clone(), tracing::subscriber::set_default(reports))
    }

    fn take(&self) -> Vec<Report> {
        mem::take(&mut *self.0.lock().unwrap())
    }

    /// The context, child and reason of the errors.
    fn errors(&self) -> Vec<String> {
        let errors = self.take().into_iter().filter(|report| report.level == Level::ERROR);
        let line =
            |it: Report| format!("{} {}: {}", it.get("context"), it.get("child"), it.get("reason"));
        errors.map(line).collect()
    }
}

fn child(troupe: &SupervisorRef, id: &str) -> WorkerRef {
    troupe.child::<Worker>(id).unwrap()
}

async fn one(restart: Restart) -> (SupervisorRef, Arc<Script>) {
    let a = Script::new("a", &Log::default());
    let script = a.clone();
    let troupe = Supervisor::builder(Strategy::OneForOne)
        .child("a", move |_| script.spec().restart(restart))
        .start()
        .await
        .unwrap();
    (troupe, a)
}

/// OTP: `supervisor_SUITE/format_log_1`, `supervisor_SUITE/format_log_2`
#[tokio::test(start_paused = true)]
async fn the_end_of_a_child_is_reported_with_all_that_is_known_of_it() {
    let (reports, _guard) = Reports::collect();
    let (troupe, _) = one(Restart::Permanent).await;
    let pid = child(&troupe, "a").pid().unwrap();
    reports.take();
    child(&troupe, "a").crash().await.unwrap();
    settle().await;
    let reports = reports.take();
    let [ended, restarted] = &reports[..] else { panic!("{} reports", reports.len()) };
    assert_eq!(ended.level, Level::ERROR);
    let fields: Vec<_> = ended.fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let pid = pid.to_string();
    let expected = [
        ("actor", "supervisor_report::worker::Worker"),
        ("child", "a"),
        ("context", "child_terminated"),
        ("message", "child ended"),
        ("pid", pid.as_str()),
        ("reason", "crash"),
        ("restart", "permanent"),
        ("restarts", "0"),
        ("shutdown", "5s"),
        ("supervisor", "ghostlight::supervisor::Supervisor"),
    ];
    assert_eq!(fields, expected);
    assert_eq!((restarted.level, restarted.get("message")), (Level::INFO, "child restarted"));
    assert_eq!(restarted.get("restarts"), "1");
    assert_eq!(restarted.get("pid"), child(&troupe, "a").pid().unwrap().to_string());
}

#[tokio::test(start_paused = true)]
async fn an_orderly_end_is_reported_only_of_a_permanent_child() {
    let (reports, _guard) = Reports::collect();
    for restart in [Restart::Permanent, Restart::Transient, Restart::Temporary] {
        for reason in [ExitReason::Normal, ExitReason::Shutdown] {
            let (troupe, _) = one(restart).await;
            child(&troupe, "a").end(reason.clone()).await.unwrap();
            settle().await;
            let expected = match restart {
                Restart::Permanent => vec![format!("child_terminated a: {reason}")],
                _ => vec![],
            };
            assert_eq!(reports.errors(), expected, "{restart:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_crash_is_reported_of_every_child() {
    let (reports, _guard) = Reports::collect();
    for restart in [Restart::Permanent, Restart::Transient, Restart::Temporary] {
        let (troupe, _) = one(restart).await;
        child(&troupe, "a").kill();
        settle().await;
        assert_eq!(reports.errors(), ["child_terminated a: killed"], "{restart:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_child_that_does_not_start_with_its_supervisor_is_reported() {
    let (reports, _guard) = Reports::collect();
    let log = Log::default();
    let [a, b] = ["a", "b"].map(|name| Script::new(name, &log));
    b.fail(1);
    troupe(Strategy::OneForOne, &[&a, &b]).start().await.unwrap_err();
    assert_eq!(reports.errors(), ["start_error b: the actor's init failed: b is ill"]);
}

#[tokio::test(start_paused = true)]
async fn each_attempt_that_fails_is_reported_and_that_the_supervisor_gives_up() {
    let (reports, _guard) = Reports::collect();
    let (troupe, a) = one(Restart::Permanent).await;
    let end = troupe.monitor();
    a.fail(u32::MAX);
    child(&troupe, "a").kill();
    soon(end).await;
    let expected = [
        "child_terminated a: killed",
        "start_error a: the actor's init failed: a is ill",
        "start_error a: the actor's init failed: a is ill",
        "start_error a: the actor's init failed: a is ill",
        "shutdown a: reached_max_restart_intensity",
    ];
    assert_eq!(reports.errors(), expected);
}

/// OTP: `supervisor_SUITE/external_start_no_progress_log`
#[tokio::test(start_paused = true)]
async fn what_is_asked_for_is_no_error_and_a_start_is_said_at_debug() {
    let (reports, _guard) = Reports::collect();
    let (troupe, a) = one(Restart::Permanent).await;
    let started =
        |it: &Report| (it.level, it.get("message").to_owned(), it.get("child").to_owned());
    let debug = |child: &str| [(Level::DEBUG, "child started".to_owned(), child.to_owned())];
    assert_eq!(reports.take().iter().map(started).collect::<Vec<_>>(), debug("a"));

    troupe.terminate_child("a").await.unwrap();
    troupe.restart_child("a").await.unwrap();
    assert_eq!(reports.take().iter().map(started).collect::<Vec<_>>(), debug("a"));
    let script = a.clone();
    drop(troupe.start_child("b", move || script.spec()).await.unwrap());
    assert_eq!(reports.take().iter().map(started).collect::<Vec<_>>(), debug("b"));

    a.fail(2);
    troupe.start_child("c", move || a.spec()).await.unwrap_err();
    troupe.terminate_child("a").await.unwrap();
    troupe.restart_child("a").await.unwrap_err();
    assert!(reports.errors().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_child_that_shuts_down_in_order_is_not_reported() {
    let (reports, _guard) = Reports::collect();
    for restart in [Restart::Permanent, Restart::Transient, Restart::Temporary] {
        let (troupe, _) = one(restart).await;
        troupe.stop().await.unwrap();
        assert!(reports.errors().is_empty(), "{restart:?}");
    }
    let a = Script::new("a", &Log::default());
    let troupe = Supervisor::builder(Strategy::OneForOne)
        .child("a", move |_| a.spec().shutdown(Shutdown::BrutalKill))
        .start()
        .await
        .unwrap();
    troupe.stop().await.unwrap();
    assert!(reports.errors().is_empty(), "it was to be killed");
}

/// OTP: `supervisor_SUITE/sup_stop_timeout`
#[tokio::test(start_paused = true)]
async fn a_child_that_takes_too_long_to_shut_down_is_reported() {
    let (reports, _guard) = Reports::collect();
    let (troupe, a) = one(Restart::Permanent).await;
    a.close_in(ms(6_000));
    troupe.stop().await.unwrap();
    assert_eq!(reports.errors(), ["shutdown_error a: killed"]);

    let troupe = DynamicSupervisor::<Worker>::new().start().await.unwrap();
    drop(troupe.start_child(move || a.spec()).await.unwrap());
    troupe.stop().await.unwrap();
    assert_eq!(reports.errors(), ["shutdown_error : killed"]);
}

#[tokio::test(start_paused = true)]
async fn a_sibling_that_ends_with_its_group_is_not_reported() {
    let (reports, _guard) = Reports::collect();
    let log = Log::default();
    let [a, b] = ["a", "b"].map(|name| Script::new(name, &log));
    let troupe = troupe(Strategy::OneForAll, &[&a, &b]).start().await.unwrap();
    reports.take();
    child(&troupe, "a").kill();
    settle().await;
    let reports = reports.take();
    let said: Vec<_> = reports.iter().map(|it| (it.get("message"), it.get("child"))).collect();
    assert_eq!(said, [("child ended", "a"), ("child restarted", "a"), ("child restarted", "b")]);
}

#[tokio::test(start_paused = true)]
async fn a_supervisor_says_at_its_end_what_was_left_undone() {
    let (reports, _guard) = Reports::collect();
    let said = |reports: Vec<Report>| {
        let [end] = &reports[..] else { panic!("{} reports", reports.len()) };
        (end.level, ["children", "dropped"].map(|field| end.get(field).to_owned()))
    };
    let (alone, _) = one(Restart::Permanent).await;
    reports.take();
    drop(alone);
    settle().await;
    assert_eq!(said(reports.take()), (Level::DEBUG, ["1", "0"].map(str::to_owned)));

    let log = Log::default();
    let [a, b] = ["a", "b"].map(|name| Script::new(name, &log));
    let script = a.clone();
    let troupe = troupe(Strategy::OneForOne, &[&b])
        .child("a", move |_| script.spec().shutdown(Shutdown::BrutalKill))
        .start()
        .await
        .unwrap();
    let hang = async |id| {
        child(&troupe, id).hang().await.unwrap();
        settle().await;
        child(&troupe, id).see(1).await.unwrap();
    };
    hang("a").await;
    reports.take();
    troupe.terminate_child("a").await.unwrap();
    let ended = reports.take();
    assert_eq!(
        (ended[0].level, ended[0].get("child"), ended[0].get("dropped")),
        (Level::INFO, "a", "1")
    );
    troupe.restart_child("a").await.unwrap();
    hang("a").await;
    reports.take();
    troupe.shutdown().await.unwrap();
    assert_eq!(said(reports.take()), (Level::INFO, ["2", "1"].map(str::to_owned)));
}
