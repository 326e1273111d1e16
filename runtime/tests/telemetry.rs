//! Telemetry: what sinks are told, and what becomes of one that fails.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

use ghostlight::{
    Pid, Strategy,
    prelude::*,
    telemetry::{self, AttachError, Event, Sink},
};
use std::{
    mem,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{runtime, sync::Notify, time::sleep};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Writes down what it is told of presses and their like: not of supervisors, which are actors, too.
#[derive(Clone, Default)]
struct Notes {
    lines: Arc<Mutex<Vec<String>>>,
    wants_calls: bool,
}

impl Notes {
    fn attached(id: &'static str) -> Self {
        let notes = Self::default();
        telemetry::attach(id, notes.clone()).unwrap();
        notes
    }

    fn of_calls() -> Self {
        let notes = Self { wants_calls: true, ..Self::default() };
        telemetry::attach("calls", notes.clone()).unwrap();
        notes
    }

    /// What was noted since this was asked last.
    fn take(&self) -> Vec<String> {
        mem::take(&mut *self.lines.lock().unwrap())
    }
}

impl Sink for Notes {
    fn event(&self, event: &Event<'_>) {
        let (actor, line) = match event {
            Event::Started { actor, pid, name, .. } => (*actor, format!("started {pid} {name:?}")),
            Event::Restarted { actor, pid, restarts, .. } => {
                (*actor, format!("restarted {pid} {restarts}"))
            }
            Event::Called { actor, message, waited, handled, .. } => {
                (*actor, format!("called {message} {waited:?} {handled:?}"))
            }
            Event::Crashed(report) => (report.actor, format!("crashed {}", report.pid)),
            Event::Stopped { actor, pid, reason, .. } => {
                (*actor, format!("stopped {pid} {reason}"))
            }
            Event::DeadLetter { actor, message, count, .. } => {
                (*actor, format!("dead {message} {count}"))
            }
            other => ("", format!("{other:?}")),
        };
        if !actor.starts_with("ghostlight::") {
            self.lines.lock().unwrap().push(line);
        }
    }

    fn wants_calls(&self) -> bool {
        self.wants_calls
    }
}

#[derive(Clone)]
struct Jam;

/// Works, as long as it may.
#[actor]
struct Press {
    gate: Arc<Notify>,
}

#[handlers]
impl Press {
    #[init]
    fn open(gate: Arc<Notify>) -> Self {
        Self { gate }
    }

    #[call]
    fn print(&self) -> u8 {
        7
    }

    #[call]
    async fn print_slowly(&mut self) {
        sleep(ms(5)).await;
    }

    #[call]
    fn crash(&mut self) {
        panic!("jammed");
    }

    #[cast]
    async fn hold(&mut self) {
        self.gate.notified().await;
    }

    #[cast]
    fn load(&mut self, _: u8) {}

    #[info]
    fn jam(&mut self, _: Jam) {}
}

async fn press() -> (PressRef, Pid) {
    let press = Press::start(Arc::default()).await.unwrap();
    let pid = press.pid().unwrap();
    (press, pid)
}

#[tokio::test(start_paused = true)]
async fn the_beginning_and_the_end_of_a_life_are_told() {
    let notes = Notes::attached("notes");
    let press = Press::start(Arc::default()).name("main").await.unwrap();
    let pid = press.pid().unwrap();
    assert_eq!(notes.take(), [format!("started {pid} Some(\"main\")")]);
    press.crash().await.unwrap_err();
    assert_eq!(notes.take(), [format!("crashed {pid}"), format!("stopped {pid} panicked: jammed")]);

    let press = ghostlight::spawn(Press { gate: Arc::default() }).unwrap();
    let pid = press.pid().unwrap();
    drop(press);
    assert_eq!(notes.take(), [format!("started {pid} None"), format!("stopped {pid} normal")]);

    let (press, pid) = self::press().await;
    press.kill();
    press.monitor().await;
    assert_eq!(notes.take(), [format!("started {pid} None"), format!("stopped {pid} killed")]);
}

#[tokio::test(start_paused = true)]
async fn an_actor_that_does_not_start_is_not_told_of() {
    /// Has no paper.
    #[actor]
    struct Empty;

    #[handlers]
    impl Empty {
        #[init]
        fn open() -> Result<Self, ExitReason> {
            Err(ExitReason::crash("no paper"))
        }
    }

    let notes = Notes::attached("notes");
    Empty::start().await.unwrap_err();
    assert!(notes.take().is_empty());
}

#[tokio::test(start_paused = true)]
async fn lives_that_follow_another_are_counted() {
    let notes = Notes::attached("notes");
    let supervisor = Supervisor::builder(Strategy::OneForOne)
        .child("press", |_| Press::child_spec(Arc::default()))
        .intensity(5)
        .start()
        .await
        .unwrap();
    let press = supervisor.child::<Press>("press").unwrap();
    let first = press.pid().unwrap();
    assert_eq!(notes.take(), [format!("started {first} None")]);
    for restarts in 1..3 {
        let earlier = press.pid().unwrap();
        press.crash().await.unwrap_err();
        press.print().await.unwrap();
        let pid = press.pid().unwrap();
        assert_eq!(
            notes.take(),
            [
                format!("crashed {earlier}"),
                format!("stopped {earlier} panicked: jammed"),
                format!("started {pid} None"),
                format!("restarted {pid} {restarts}"),
            ]
        );
    }
}

#[tokio::test(start_paused = true)]
async fn calls_are_told_to_those_who_want_them() {
    let notes = Notes::of_calls();
    let others = Notes::attached("others");
    let (press, _) = press().await;
    notes.take();
    others.take();

    press.print().await.unwrap();
    press.print_slowly().await.unwrap();
    let (slow, quick) = tokio::join!(press.print_slowly(), press.print());
    slow.unwrap();
    quick.unwrap();
    press.load(1).await.unwrap();
    press.print().forget().await.unwrap();
    press.print().await.unwrap();
    let here = "called print Some(0ns) 0ns";
    let slow = "called print_slowly Some(0ns) 5ms";
    let waited = "called print Some(5ms) 0ns";
    assert_eq!(notes.take(), [here, slow, slow, waited, "called print None 0ns", here]);

    press.crash().await.unwrap_err();
    assert_eq!(notes.take()[0], "called crash Some(0ns) 0ns");
    assert_eq!(others.take().len(), 2, "only of the end");
}

#[tokio::test(start_paused = true)]
async fn who_is_detached_hears_nothing_any_more() {
    let notes = Notes::of_calls();
    let (press, _) = press().await;
    notes.take();
    assert!(telemetry::detach("calls"));
    assert!(!telemetry::detach("calls"));
    press.print().await.unwrap();
    press.print_slowly().await.unwrap();
    drop(press);
    assert!(notes.take().is_empty());
}

/// Elixir: `telemetry_SUITE`: an id that is taken gives `already_exists`
#[tokio::test(start_paused = true)]
async fn an_id_is_attached_once() {
    let first = Notes::attached("notes");
    let second = Notes::default();
    assert_eq!(telemetry::attach("notes", second.clone()), Err(AttachError::AlreadyAttached));
    telemetry::attach("other", second.clone()).unwrap();
    drop(press().await);
    assert_eq!(first.take(), second.take());
    assert!(telemetry::detach("notes"));
    telemetry::attach("notes", first).unwrap();
}

#[test]
fn there_is_nothing_to_attach_to_without_a_runtime() {
    let nobody = |_: &Event<'_>| {};
    assert_eq!(telemetry::attach("nobody", nobody), Err(AttachError::NoRuntime));
    assert_eq!(telemetry::redact(|_| {}), Err(AttachError::NoRuntime));
    assert!(!telemetry::detach("nobody"));
}

#[tokio::test(start_paused = true)]
async fn a_sink_that_panics_is_detached_and_nothing_else_happens() {
    let told = Arc::new(AtomicUsize::new(0));
    let count = told.clone();
    telemetry::attach("clumsy", move |_: &Event<'_>| {
        count.fetch_add(1, Ordering::SeqCst);
        panic!("clumsy");
    })
    .unwrap();
    let notes = Notes::attached("notes");
    let (press, pid) = press().await;
    assert_eq!(notes.take(), [format!("started {pid} None")]);
    assert_eq!(press.print().await.unwrap(), 7);
    drop(press);
    assert_eq!(notes.take(), [format!("stopped {pid} normal")]);
    assert_eq!(told.load(Ordering::SeqCst), 1);
    assert!(!telemetry::detach("clumsy"));
}

#[tokio::test(start_paused = true)]
async fn a_sink_that_panics_at_a_crash_does_not_change_it() {
    telemetry::attach("clumsy", |event: &Event<'_>| {
        assert!(!matches!(event, Event::Crashed(_)), "clumsy");
    })
    .unwrap();
    let (press, _) = press().await;
    let Err(CallError::Died(ExitReason::Panic(message))) = press.crash().await else {
        panic!("it did not crash");
    };
    assert_eq!(message.text(), "jammed");
    assert!(message.location().unwrap().starts_with(file!()));
}

#[tokio::test(start_paused = true)]
async fn messages_that_nobody_handles_are_dead_letters() {
    let notes = Notes::attached("notes");
    let (press, pid) = press().await;
    press.hold().await.unwrap();
    sleep(ms(1)).await;
    press.load(1).await.unwrap();
    press.load(2).await.unwrap();
    press.info(Jam).await.unwrap();
    press.print().forget().await.unwrap();
    let call = tokio::spawn(press.print().owned().into_future());
    sleep(ms(1)).await;
    notes.take();
    press.kill();
    assert!(call.await.unwrap().is_err());
    let stopped = format!("stopped {pid} killed");
    assert_eq!(notes.take(), [stopped.as_str(), "dead load 2", "dead jam 1", "dead print 1"]);

    // These are given back.
    assert!(press.load(3).try_send().is_err());
    assert!(press.load(4).await.is_err());
    assert!(notes.take().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_the_next_life_is_no_dead_letter() {
    /// Forgets.
    #[actor(on_restart = drop)]
    struct Forgetful(Arc<Notify>);

    #[handlers]
    impl Forgetful {
        #[init]
        fn open(gate: Arc<Notify>) -> Self {
            Self(gate)
        }

        #[cast]
        async fn hold_and_crash(&mut self) {
            self.0.notified().await;
            panic!("jammed");
        }

        #[cast]
        fn load(&mut self) {}
    }

    /// Does not.
    #[actor]
    struct Mindful(Arc<Notify>);

    #[handlers]
    impl Mindful {
        #[init]
        fn open(gate: Arc<Notify>) -> Self {
            Self(gate)
        }

        #[cast]
        async fn hold_and_crash(&mut self) {
            self.0.notified().await;
            panic!("jammed");
        }

        #[cast]
        fn load(&mut self) {}
    }

    let notes = Notes::attached("notes");
    let gate = Arc::new(Notify::new());
    let (one, other) = (gate.clone(), gate.clone());
    let supervisor = Supervisor::builder(Strategy::OneForOne)
        .child("forgetful", move |_| Forgetful::child_spec(one.clone()))
        .child("mindful", move |_| Mindful::child_spec(other.clone()))
        .intensity(5)
        .start()
        .await
        .unwrap();
    let forgetful = supervisor.child::<Forgetful>("forgetful").unwrap();
    let mindful = supervisor.child::<Mindful>("mindful").unwrap();
    forgetful.hold_and_crash().await.unwrap();
    mindful.hold_and_crash().await.unwrap();
    sleep(ms(1)).await;
    forgetful.load().await.unwrap();
    mindful.load().await.unwrap();
    gate.notify_waiters();
    sleep(ms(1)).await;
    let dead: Vec<_> = notes.take().into_iter().filter(|line| line.starts_with("dead")).collect();
    assert_eq!(dead, ["dead load 1"]);
}

#[test]
fn a_runtime_has_its_own_sinks_and_its_end_is_told() {
    let runtime = || runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let (one, other) = (runtime(), runtime());
    let notes = one.block_on(async { Notes::attached("notes") });
    other.block_on(async { drop(press().await) });
    assert!(notes.take().is_empty());

    let (_press, pid) = one.block_on(async {
        let (press, pid) = press().await;
        press.hold().await.unwrap();
        sleep(ms(1)).await;
        (press, pid)
    });
    drop(one);
    let stopped = format!("stopped {pid} no such actor");
    assert_eq!(notes.take(), [format!("started {pid} None"), stopped]);
}
