//! A crash is reported once, with what is known of it: to the log, and to those attached.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

use ghostlight::{
    Strategy,
    prelude::*,
    telemetry::{self, CrashReport, Event},
};
use std::{
    collections::HashMap,
    fmt::Debug,
    mem,
    panic::catch_unwind,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::sync::Notify;
use tracing::{
    Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
    subscriber::DefaultGuard,
};

/// The fields of one event in the log.
#[derive(Clone, Debug, Default)]
struct Fields(HashMap<&'static str, String>);

impl Fields {
    fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("-", String::as_str)
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}

/// Collects what is logged as an error on this thread.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<Fields>>>);

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() == tracing::Level::ERROR
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        // A supervisor has a report of its own.
        if fields.get("message") != "child ended" {
            self.0.lock().unwrap().push(fields);
        }
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// Sees the log, and the reports.
struct Watch {
    log: Log,
    reports: Arc<Mutex<Vec<CrashReport>>>,
    _guard: DefaultGuard,
}

impl Watch {
    fn new() -> Self {
        let (log, reports) = (Log::default(), Arc::<Mutex<Vec<CrashReport>>>::default());
        let sink = reports.clone();
        telemetry::attach("reports", move |event: &Event<'_>| {
            if let Event::Crashed(report) = event {
                sink.lock().unwrap().push((*report).clone());
            }
        })
        .unwrap();
        Self { _guard: tracing::subscriber::set_default(log.clone()), log, reports }
    }

    /// What was reported since this was asked last, the same number of times in both places.
    fn take(&self) -> Vec<(CrashReport, Fields)> {
        let reports = mem::take(&mut *self.reports.lock().unwrap());
        let logged = mem::take(&mut *self.log.0.lock().unwrap());
        assert_eq!(reports.len(), logged.len(), "{logged:?}");
        reports.into_iter().zip(logged).collect()
    }

    fn one(&self) -> (CrashReport, Fields) {
        let mut all = self.take();
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0)
    }
}

#[derive(Debug)]
struct NoInk;

impl std::fmt::Display for NoInk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no ink")
    }
}

impl std::error::Error for NoInk {}

/// Panics when it is dropped, and nobody is to know.
struct Quiet;

impl Drop for Quiet {
    fn drop(&mut self) {
        let _ = catch_unwind(|| panic!("in a destructor"));
    }
}

#[derive(Clone)]
struct Jam;

/// Crashes in every way there is.
#[actor]
struct Press {
    gate: Arc<Notify>,
}

#[handlers]
impl Press {
    #[init]
    fn open() -> Self {
        Self { gate: Arc::default() }
    }

    #[call]
    fn gate(&self) -> Arc<Notify> {
        self.gate.clone()
    }

    /// Says in which line it panics.
    #[call]
    fn print(&mut self) {
        panic!("line {}", line!());
    }

    #[call]
    async fn print_slowly(&mut self) {
        self.gate.notified().await;
        panic!("line {}", line!());
    }

    #[call]
    fn print_later(&mut self, reply: ReplyTo<()>) {
        let _reply = reply;
        panic!("line {}", line!());
    }

    #[call]
    fn print_quietly(&mut self) {
        let _quiet = Quiet;
        panic!("in the handler");
    }

    #[call]
    fn catch(&self) {
        assert!(catch_unwind(|| panic!("caught")).is_err());
    }

    #[cast]
    fn load(&mut self) -> Result<(), NoInk> {
        Err(NoInk)
    }

    #[cast]
    fn r#type(&mut self, ctx: &mut Ctx<Self>) {
        ctx.continue_with(PressContinue::GoOn);
    }

    #[call]
    fn stop_with(&mut self, reason: ExitReason, ctx: &mut Ctx<Self>) {
        ctx.stop(reason);
    }

    #[info]
    fn jam(&mut self, _: Jam) -> Result<(), NoInk> {
        Err(NoInk)
    }

    #[handle_continue]
    fn go_on(&mut self) -> Result<(), NoInk> {
        Err(NoInk)
    }
}

async fn press() -> PressRef {
    Press::start().await.unwrap()
}

/// Calls a press.
#[actor]
struct Printer(PressRef);

#[handlers]
impl Printer {
    #[call]
    async fn print(&mut self) -> bool {
        self.0.print().await.is_ok()
    }
}

/// Waits for the end of `press`.
async fn ended(press: &PressRef) -> ExitReason {
    press.monitor().await.reason
}

/// OTP: `gen_server_SUITE/crash`
/// Also `gen_server_SUITE/format_log_1`, `gen_server_SUITE/format_log_2`, `gen_server_SUITE/format_log_with_process_label`
#[tokio::test(start_paused = true)]
async fn a_crash_is_reported_once_with_what_is_known_of_it() {
    let watch = Watch::new();
    let press = Press::start().name("main").await.unwrap();
    let printer = ghostlight::spawn(Printer(press.clone())).unwrap();
    let pid = press.pid().unwrap();
    assert!(!printer.print().await.unwrap());

    let (report, fields) = watch.one();
    assert_eq!(report.actor, "crash_report::Press");
    assert_eq!(report.name.as_deref(), Some("main"));
    assert_eq!(report.pid, pid);
    assert_eq!(report.last_message, Some("print"));
    assert_eq!(report.caller, printer.pid());
    assert_eq!((report.queued, report.restarts), (0, 0));
    let text = report.reason.to_string().replace("panicked: ", "");
    let place = report.location().unwrap();
    assert!(place.starts_with(&format!("{}:{}:", file!(), text.replace("line ", ""))), "{place}");

    assert_eq!(fields.get("message"), "actor crashed");
    assert_eq!(fields.get("actor"), report.actor);
    assert_eq!(fields.get("name"), "main");
    assert_eq!(fields.get("pid"), pid.to_string());
    assert_eq!(fields.get("reason"), report.reason.to_string());
    assert_eq!(fields.get("location"), place);
    assert_eq!(fields.get("last_message"), "print");
    assert_eq!(fields.get("caller"), printer.pid().unwrap().to_string());
    assert_eq!((fields.get("queued"), fields.get("restarts")), ("0", "0"));

    let caller = printer.pid().unwrap();
    let line = format!(
        "crash_report::Press {pid} `main` panicked at {place}: {text} (last message: print, from {caller})"
    );
    assert_eq!(report.to_string(), line);
}

/// OTP: `gen_server_SUITE/crash`
#[tokio::test(start_paused = true)]
async fn orderly_ends_are_not_reported() {
    let watch = Watch::new();
    for reason in [ExitReason::Normal, ExitReason::Shutdown] {
        press().await.stop_with(reason).await.unwrap();
    }
    drop(press().await);
    press().await.stop().await.unwrap();
    assert!(watch.take().is_empty());
}

#[tokio::test(start_paused = true)]
async fn who_is_killed_or_ends_with_another_is_not_reported() {
    let watch = Watch::new();
    let killed = press().await;
    killed.kill();
    assert!(matches!(ended(&killed).await, ExitReason::Killed | ExitReason::NoProc));

    let told = press().await;
    told.exit(NoInk);
    ended(&told).await;
    assert!(watch.take().is_empty());

    let (one, other) = (linked().await, linked().await);
    one.tie(other.clone()).await.unwrap();
    let gone = other.monitor();
    one.crash().await.unwrap();
    assert_eq!(gone.await.reason.to_string(), "no ink");
    assert_eq!(watch.one().0.last_message, Some("crash"));
}

/// Is linked.
#[actor]
struct Linked;

#[handlers]
impl Linked {
    #[init]
    fn new() -> Self {
        Self
    }

    #[call]
    fn tie(&self, other: LinkedRef, ctx: &mut Ctx<Self>) {
        ctx.link(&other);
    }

    #[cast]
    fn crash(&mut self) -> Result<(), NoInk> {
        Err(NoInk)
    }
}

async fn linked() -> LinkedRef {
    Linked::start().await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn every_kind_of_message_is_named() {
    let watch = Watch::new();
    let name = |watch: &Watch| {
        let (report, fields) = watch.one();
        assert_eq!(fields.get("last_message"), report.last_message.unwrap());
        assert_eq!(report.caller, None);
        report.last_message.unwrap()
    };

    let it = press().await;
    it.load().await.unwrap();
    ended(&it).await;
    assert_eq!(name(&watch), "load");

    let it = press().await;
    it.info(Jam).await.unwrap();
    ended(&it).await;
    assert_eq!(name(&watch), "jam");

    let it = press().await;
    it.r#type().await.unwrap();
    ended(&it).await;
    assert_eq!(name(&watch), "go_on");

    let it = press().await;
    it.print_later().await.unwrap_err();
    assert_eq!(name(&watch), "print_later");

    let it = press().await;
    it.stop_with(ExitReason::crash("enough")).await.unwrap();
    let (report, _) = watch.one();
    assert_eq!(report.last_message, Some("stop_with"));
    let line =
        format!("crash_report::Press {} crashed: enough (last message: stop_with)", report.pid);
    assert_eq!(report.to_string(), line);
}

#[tokio::test(start_paused = true)]
async fn what_waits_is_counted() {
    let watch = Watch::new();
    let it = press().await;
    let gate = it.gate().await.unwrap();
    let call = tokio::spawn(it.print_slowly().owned().into_future());
    tokio::time::sleep(Duration::from_millis(1)).await;
    it.load().await.unwrap();
    it.load().await.unwrap();
    gate.notify_one();
    call.await.unwrap().unwrap_err();
    let (report, fields) = watch.one();
    assert_eq!((report.queued, fields.get("queued")), (2, "2"));
    assert_eq!(report.last_message, Some("print_slowly"));
    assert!(report.location().unwrap().starts_with(file!()));
}

#[tokio::test(start_paused = true)]
async fn the_lives_of_a_role_are_counted() {
    let watch = Watch::new();
    let supervisor = Supervisor::builder(Strategy::OneForOne)
        .child("press", |_| Press::child_spec())
        .intensity(5)
        .start()
        .await
        .unwrap();
    let press = supervisor.child::<Press>("press").unwrap();
    for restarts in 0..3 {
        press.print().await.unwrap_err();
        let (report, fields) = watch.one();
        assert_eq!(report.restarts, restarts);
        assert_eq!(fields.get("restarts"), restarts.to_string());
    }
}

/// Crashes in its `#[terminate]`.
#[actor]
struct Clumsy;

#[handlers]
impl Clumsy {
    #[call]
    fn crash(&mut self) {
        panic!("in the handler");
    }

    #[call]
    fn end(&mut self, ctx: &mut Ctx<Self>) {
        ctx.stop(ExitReason::Normal);
    }

    #[terminate]
    fn close(&mut self) {
        panic!("in terminate");
    }
}

/// OTP: `gen_server_SUITE/terminate_crash_format`
#[tokio::test(start_paused = true)]
async fn a_crash_in_terminate_is_what_is_reported() {
    let watch = Watch::new();
    ghostlight::spawn(Clumsy).unwrap().crash().await.unwrap_err();
    let (report, _) = watch.one();
    assert_eq!(report.reason.to_string(), "panicked: in terminate");
    assert_eq!(report.last_message, Some("crash"));

    ghostlight::spawn(Clumsy).unwrap().end().await.unwrap();
    let (report, _) = watch.one();
    assert_eq!(report.reason.to_string(), "panicked: in terminate");
}

#[tokio::test(start_paused = true)]
async fn a_panic_has_its_own_place_or_none() {
    let watch = Watch::new();
    press().await.print_quietly().await.unwrap_err();
    let (report, fields) = watch.one();
    assert_eq!(report.reason.to_string(), "panicked: in the handler");
    assert_eq!((report.location(), fields.get("location")), (None, "-"));

    let it = press().await;
    it.catch().await.unwrap();
    it.load().await.unwrap();
    ended(&it).await;
    assert_eq!(watch.one().0.location(), None);
}

#[tokio::test(start_paused = true)]
async fn a_redaction_comes_before_the_log_and_the_sinks() {
    let watch = Watch::new();
    telemetry::redact(|report| report.reason = ExitReason::crash("(hidden)")).unwrap();
    telemetry::redact(|report| report.queued += 7).unwrap();
    let it = press().await;
    let end = it.monitor();
    it.load().await.unwrap();
    assert_eq!(end.await.reason.to_string(), "no ink", "those who are told are told");
    let (report, fields) = watch.one();
    assert_eq!((report.reason.to_string().as_str(), report.queued), ("(hidden)", 7));
    assert_eq!((fields.get("reason"), fields.get("queued")), ("(hidden)", "7"));
}

#[tokio::test(start_paused = true)]
async fn a_redaction_that_panics_lets_nothing_through() {
    let watch = Watch::new();
    telemetry::redact(|_| panic!("oh")).unwrap();
    let it = press().await;
    it.load().await.unwrap();
    ended(&it).await;
    let (report, fields) = watch.one();
    for shown in [report.to_string(), format!("{fields:?}")] {
        assert!(!shown.contains("no ink") && shown.contains("(not shown"), "{shown}");
    }
}

/// Its messages can be shown.
#[actor]
struct Safe;

#[derive(Clone, Debug)]
struct Alarm(u8);

/// Is in the log of nobody.
struct Secret;

impl Debug for Secret {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        panic!("it is not to be shown")
    }
}

#[handlers(derive(Debug))]
impl Safe {
    #[call]
    fn take(&mut self, coins: u32) {
        assert!(coins < 10, "there are not so many");
    }

    #[call]
    async fn take_slowly(&mut self, coins: u32) {
        tokio::task::yield_now().await;
        assert!(coins < 10, "there are not so many");
    }

    #[cast]
    fn ring_in(&mut self, delay: Duration, ctx: &mut Ctx<Self>) {
        ctx.send_after(delay, Alarm(7));
    }

    #[info]
    fn ring(&mut self, alarm: Alarm) {
        panic!("alarm {}", alarm.0);
    }

    #[cast]
    fn hide(&mut self, _secret: Secret) {
        panic!("found");
    }

    #[cast]
    fn lock(&mut self, ctx: &mut Ctx<Self>) {
        ctx.continue_with(SafeContinue::Turn { times: 2 });
    }

    #[handle_continue]
    fn turn(&mut self, times: u8) {
        panic!("{times} times is too often");
    }
}

/// How the last message is shown to the log and to sinks, after `crash`.
async fn shown(crash: impl AsyncFnOnce(SafeRef)) -> Option<String> {
    let watch = Watch::new();
    let safe = ghostlight::spawn(Safe).unwrap();
    crash(safe.clone()).await;
    safe.monitor().await;
    telemetry::detach("reports");
    let report = watch.reports.lock().unwrap().remove(0);
    let logged = watch.log.0.lock().unwrap().remove(0);
    assert_eq!(
        report.last_message_shown.as_deref().unwrap_or("-"),
        logged.get("last_message_shown")
    );
    report.last_message_shown
}

#[tokio::test(start_paused = true)]
async fn messages_are_shown_with_their_arguments_where_that_was_asked_for() {
    let unasked = shown(async |safe| assert!(safe.take(10).await.is_err())).await;
    assert_eq!(unasked, None);
    telemetry::show_messages().unwrap();
    let call = shown(async |safe| assert!(safe.take(10).await.is_err())).await;
    assert_eq!(call.as_deref(), Some("Take { coins: 10 }"));
    let queued = shown(async |safe| {
        safe.take(1).forget().await.unwrap();
        safe.take(11).forget().await.unwrap();
    });
    assert_eq!(queued.await.as_deref(), Some("Take { coins: 11 }"));
    let slow = shown(async |safe| assert!(safe.take_slowly(12).await.is_err())).await;
    assert_eq!(slow.as_deref(), Some("TakeSlowly { coins: 12 }"));
    let timer = shown(async |safe| safe.ring_in(Duration::from_secs(1)).await.unwrap()).await;
    assert_eq!(timer.as_deref(), Some("Ring(Alarm(7))"));
    let next = shown(async |safe| safe.lock().await.unwrap()).await;
    assert_eq!(next.as_deref(), Some("Turn { times: 2 }"));
    let hidden = shown(async |safe| safe.hide(Secret).await.unwrap()).await;
    assert_eq!(hidden, None, "its `Debug` panics");
}
