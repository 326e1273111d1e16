//! Monitors: being told of an end, once, in order, whatever the reason.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod worker;

use ghostlight::{ActorRef, Pid, prelude::*};
use std::{io, sync::Arc};
use tokio::sync::{Notify, mpsc};
use worker::{Log, Script, Worker, WorkerRef, ms, settle, troupe};

/// Ends as it is told.
#[actor]
struct Mortal;

#[handlers]
impl Mortal {
    #[cast]
    fn end(&mut self, reason: ExitReason, ctx: &mut Ctx<Self>) {
        ctx.stop(reason);
    }

    #[cast]
    fn fail(&mut self) -> Result<(), io::Error> {
        Err(io::Error::new(io::ErrorKind::BrokenPipe, "fail"))
    }

    /// The last words.
    #[cast]
    fn speak(&mut self, to: WatcherRef, words: u32) {
        for n in 0..words {
            to.note(n).try_send().unwrap();
        }
        panic!("spoken");
    }
}

/// What a watcher sees.
#[derive(Debug)]
enum Seen {
    Note(u32),
    Down(Down),
}

impl Seen {
    fn down(self) -> Down {
        match self {
            Self::Down(down) => down,
            Self::Note(n) => panic!("a note, {n}, and no Down"),
        }
    }
}

/// Tells what it sees.
#[actor]
struct Watcher {
    seen: mpsc::UnboundedSender<Seen>,
    gate: Arc<Notify>,
}

#[handlers]
impl Watcher {
    #[call]
    fn watch(&mut self, mortal: MortalRef, ctx: &mut Ctx<Self>) -> MonitorRef {
        ctx.monitor(&mortal)
    }

    #[call]
    fn watch_worker(&mut self, worker: WorkerRef, ctx: &mut Ctx<Self>) -> MonitorRef {
        ctx.monitor(&worker)
    }

    #[call]
    fn unwatch(&mut self, monitor: MonitorRef, ctx: &mut Ctx<Self>) -> bool {
        ctx.demonitor(monitor)
    }

    #[cast]
    async fn hold(&mut self) {
        self.gate.notified().await;
    }

    #[call]
    async fn hold_then_unwatch(&mut self, monitor: MonitorRef, ctx: &mut Ctx<Self>) -> bool {
        self.gate.notified().await;
        ctx.demonitor(monitor)
    }

    #[cast]
    fn note(&mut self, n: u32) {
        self.seen.send(Seen::Note(n)).unwrap();
    }

    #[cast]
    fn crash(&mut self) {
        panic!("crash");
    }

    #[info]
    fn down(&mut self, down: Down) {
        self.seen.send(Seen::Down(down)).unwrap();
    }
}

struct Stage {
    watcher: WatcherRef,
    seen: mpsc::UnboundedReceiver<Seen>,
    gate: Arc<Notify>,
}

fn stage() -> Stage {
    let (told, seen) = mpsc::unbounded_channel();
    let gate = Arc::new(Notify::new());
    let watcher = ghostlight::spawn(Watcher { seen: told, gate: gate.clone() }).unwrap();
    Stage { watcher, seen, gate }
}

fn mortal() -> (MortalRef, Pid) {
    let mortal = ghostlight::spawn(Mortal).unwrap();
    let pid = mortal.pid().unwrap();
    (mortal, pid)
}

/// Ends each of a row of actors in another way; gives what is to be told of it.
async fn end_each(mortals: &[MortalRef]) -> Vec<&'static str> {
    mortals[0].end(ExitReason::Normal).await.unwrap();
    mortals[1].end(ExitReason::Shutdown).await.unwrap();
    mortals[2].end(ExitReason::crash("a text")).await.unwrap();
    mortals[3].fail().await.unwrap();
    mortals[4].speak(stage().watcher, 0).await.unwrap();
    mortals[5].kill();
    mortals[6].exit(ExitReason::Shutdown);
    mortals[7].stop().reason(ExitReason::crash("stopped")).await.unwrap();
    vec![
        "normal",
        "shutdown",
        "a text",
        "fail",
        "panicked: spoken",
        "killed",
        "shutdown",
        "stopped",
    ]
}

#[tokio::test(start_paused = true)]
async fn an_actor_is_told_of_every_end_with_its_reason_and_its_pid() {
    let Stage { watcher, mut seen, .. } = stage();
    let mortals: Vec<_> = (0..8).map(|_| mortal().0).collect();
    let mut monitors = vec![];
    for mortal in &mortals {
        monitors.push((watcher.watch(mortal.clone()).await.unwrap(), mortal.pid()));
    }
    let reasons = end_each(&mortals).await;
    for _ in &reasons {
        let down = seen.recv().await.unwrap().down();
        let at = monitors.iter().position(|(monitor, _)| *monitor == down.monitor).unwrap();
        assert_eq!(down.reason.to_string(), reasons[at]);
        assert_eq!(down.pid, monitors[at].1);
    }
    settle().await;
    assert!(seen.try_recv().is_err(), "each was told once");
}

#[tokio::test(start_paused = true)]
async fn a_future_is_told_of_every_end_with_its_reason_and_its_pid() {
    let mortals: Vec<_> = (0..8).map(|_| mortal().0).collect();
    let monitors: Vec<_> = mortals.iter().map(|mortal| (mortal.monitor(), mortal.pid())).collect();
    let reasons = end_each(&mortals).await;
    for ((monitor, pid), reason) in monitors.into_iter().zip(reasons) {
        let down = monitor.await;
        assert_eq!((down.reason.to_string(), down.pid), (reason.to_owned(), pid));
    }
}

#[tokio::test(start_paused = true)]
async fn a_down_carries_the_very_error_of_the_crash() {
    let (mortal, _) = mortal();
    let end = mortal.monitor();
    mortal.fail().await.unwrap();
    let reason = end.await.reason;
    let error = reason.error().unwrap().downcast_ref::<io::Error>().unwrap();
    assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
}

#[tokio::test(start_paused = true)]
async fn the_end_for_want_of_handles_is_told_as_normal() {
    let (mortal, pid) = mortal();
    let end = mortal.monitor();
    drop(mortal);
    let down = end.await;
    assert!(matches!(down.reason, ExitReason::Normal));
    assert_eq!(down.pid, Some(pid), "a monitor keeps nobody alive");
}

#[tokio::test(start_paused = true)]
async fn a_monitor_of_a_dead_actor_tells_noproc_at_once() {
    let Stage { watcher, mut seen, .. } = stage();
    let (mortal, _) = mortal();
    mortal.stop().await.unwrap();
    let down = mortal.monitor().await;
    assert!(matches!(down, Down { pid: None, reason: ExitReason::NoProc, .. }));
    let monitor = watcher.watch(mortal).await.unwrap();
    settle().await;
    let down = seen.try_recv().unwrap().down();
    assert!(matches!(down, Down { pid: None, reason: ExitReason::NoProc, .. }));
    assert_eq!(down.monitor, monitor);
    assert!(seen.try_recv().is_err());
}

#[tokio::test(start_paused = true)]
async fn a_monitor_of_a_name_that_nobody_has_tells_noproc_at_once() {
    let Stage { watcher, mut seen, .. } = stage();
    let nobody = MortalRef::from(ActorRef::named("nobody"));
    let down = nobody.monitor().await;
    assert!(matches!(down, Down { pid: None, reason: ExitReason::NoProc, .. }));
    watcher.watch(nobody).await.unwrap();
    settle().await;
    let down = seen.try_recv().unwrap().down();
    assert!(matches!(down, Down { pid: None, reason: ExitReason::NoProc, .. }));
}

#[tokio::test(start_paused = true)]
async fn a_name_is_resolved_once_when_it_is_monitored() {
    let log = Log::default();
    let first = Worker::start(Script::new("a", &log)).name("the one").await.unwrap();
    let named = WorkerRef::from(ActorRef::named("the one"));
    let end = named.monitor();
    let pid = first.pid();
    first.stop().await.unwrap();
    let _second = Worker::start(Script::new("b", &log)).name("the one").await.unwrap();
    let down = end.await;
    assert!(matches!(down.reason, ExitReason::Normal));
    assert_eq!(down.pid, pid);
}

#[tokio::test(start_paused = true)]
async fn each_monitor_is_one_of_its_own_and_fires_once() {
    let Stage { watcher, mut seen, .. } = stage();
    let (mortal, _) = mortal();
    let mut monitors = vec![];
    for _ in 0..3 {
        monitors.push(watcher.watch(mortal.clone()).await.unwrap());
    }
    assert!(monitors[0] != monitors[1] && monitors[1] != monitors[2]);
    assert!(watcher.unwatch(monitors[1]).await.unwrap());
    mortal.kill();
    settle().await;
    let mut told = vec![seen.try_recv().unwrap().down().monitor];
    told.push(seen.try_recv().unwrap().down().monitor);
    assert!(seen.try_recv().is_err(), "one was ended, and none fires twice");
    assert!(told.contains(&monitors[0]) && told.contains(&monitors[2]));
}

#[tokio::test(start_paused = true)]
async fn an_end_of_a_monitor_says_whether_there_was_something_to_end() {
    let Stage { watcher, mut seen, .. } = stage();
    let (mortal, _) = mortal();
    let ended = watcher.watch(mortal.clone()).await.unwrap();
    let fired = watcher.watch(mortal.clone()).await.unwrap();
    assert!(watcher.unwatch(ended).await.unwrap());
    assert!(!watcher.unwatch(ended).await.unwrap(), "twice");
    mortal.kill();
    assert_eq!(seen.recv().await.unwrap().down().monitor, fired);
    assert!(!watcher.unwatch(fired).await.unwrap(), "it has fired");
}

#[tokio::test(start_paused = true)]
async fn a_down_that_waits_in_the_mailbox_is_not_handled_after_demonitor() {
    let Stage { watcher, mut seen, gate } = stage();
    let (mortal, _) = mortal();
    let first = watcher.watch(mortal.clone()).await.unwrap();
    let second = watcher.watch(mortal.clone()).await.unwrap();
    let unwatch = tokio::spawn(watcher.hold_then_unwatch(first).owned().into_future());
    settle().await;
    mortal.stop().await.unwrap();
    watcher.note(1).await.unwrap();
    settle().await;
    assert!(seen.try_recv().is_err(), "both Downs wait");
    gate.notify_one();
    assert!(unwatch.await.unwrap().unwrap(), "there was something to end");
    assert_eq!(seen.recv().await.unwrap().down().monitor, second);
    assert!(matches!(seen.recv().await.unwrap(), Seen::Note(1)));
}

#[tokio::test(start_paused = true)]
async fn a_down_comes_after_all_that_the_dying_actor_has_sent_and_before_what_comes_later() {
    let Stage { watcher, mut seen, gate } = stage();
    let (mortal, _) = mortal();
    watcher.watch(mortal.clone()).await.unwrap();
    watcher.hold().await.unwrap();
    settle().await;
    mortal.speak(watcher.clone(), 100).await.unwrap();
    settle().await;
    watcher.note(1_000).await.unwrap();
    gate.notify_one();
    for n in 0..100 {
        assert!(matches!(seen.recv().await.unwrap(), Seen::Note(note) if note == n));
    }
    assert!(matches!(seen.recv().await.unwrap().down().reason, ExitReason::Panic(_)));
    assert!(matches!(seen.recv().await.unwrap(), Seen::Note(1_000)));
}

#[tokio::test(start_paused = true)]
async fn a_down_is_delivered_though_the_mailbox_is_full() {
    let Stage { watcher, mut seen, gate } = stage();
    let (mortal, _) = mortal();
    watcher.watch(mortal.clone()).await.unwrap();
    watcher.hold().await.unwrap();
    settle().await;
    while watcher.note(0).try_send().is_ok() {}
    mortal.kill();
    settle().await;
    gate.notify_one();
    settle().await;
    let mut downs = 0;
    while let Ok(seen) = seen.try_recv() {
        downs += u32::from(matches!(seen, Seen::Down(_)));
    }
    assert_eq!(downs, 1);
}

#[tokio::test(start_paused = true)]
async fn a_monitor_binds_to_one_life_and_mail_outlives_it() {
    let log = Log::default();
    let script = Script::new("a", &log);
    let troupe = troupe(Strategy::OneForOne, &[&script]).start().await.unwrap();
    let worker = troupe.child::<Worker>("a").unwrap();
    let (first, pid) = (worker.monitor(), worker.pid());
    worker.crash().try_send().unwrap();
    worker.see(7).try_send().unwrap();
    let down = first.await;
    assert_eq!((down.pid, down.reason.to_string().as_str()), (pid, "crash"));
    assert_eq!(worker.seen().await.unwrap(), [7], "a Down does not mean that mail is lost");
    let second = worker.monitor();
    let next = worker.pid();
    assert_ne!(next, pid);
    worker.kill();
    let down = second.await;
    assert!(matches!(down.reason, ExitReason::Killed));
    assert_eq!(down.pid, next);
}

#[tokio::test(start_paused = true)]
async fn between_two_lives_a_monitor_tells_noproc_at_once() {
    let Stage { watcher, mut seen, .. } = stage();
    let log = Log::default();
    let (a, slow) = (Script::new("a", &log), Script::new("slow", &log));
    let troupe = troupe(Strategy::OneForAll, &[&a, &slow]).start().await.unwrap();
    let worker = troupe.child::<Worker>("a").unwrap();
    slow.close_in(ms(100));
    worker.kill();
    settle().await;
    assert_eq!(worker.pid(), None, "it waits for its sibling's end");
    let down = worker.monitor().await;
    assert!(matches!(down, Down { pid: None, reason: ExitReason::NoProc, .. }));
    watcher.watch_worker(worker.clone()).await.unwrap();
    let down = seen.recv().await.unwrap().down();
    assert!(matches!(down, Down { pid: None, reason: ExitReason::NoProc, .. }));
    assert_eq!(worker.life().await.unwrap(), 2);
    worker.kill();
    settle().await;
    assert!(seen.try_recv().is_err(), "it has fired, and is no monitor of the next life");
}

/// Supervises a watcher; `told` is shared by its lives.
async fn supervised() -> (ghostlight::SupervisorRef, Stage) {
    let (told, seen) = mpsc::unbounded_channel();
    let gate = Arc::new(Notify::new());
    let open = gate.clone();
    let supervisor = Supervisor::builder(Strategy::OneForOne)
        .child("watcher", move |_| {
            ChildSpec::of(Watcher { seen: told.clone(), gate: open.clone() })
        })
        .start()
        .await
        .unwrap();
    let watcher = supervisor.child::<Watcher>("watcher").unwrap();
    (supervisor, Stage { watcher, seen, gate })
}

#[tokio::test(start_paused = true)]
async fn the_monitors_of_a_life_end_with_it() {
    let (_supervisor, Stage { watcher, mut seen, .. }) = supervised().await;
    let (mortal, _) = mortal();
    watcher.watch(mortal.clone()).await.unwrap();
    watcher.crash().await.unwrap();
    watcher.note(1).await.unwrap();
    assert!(matches!(seen.recv().await.unwrap(), Seen::Note(1)), "the next life");
    mortal.stop().await.unwrap();
    watcher.note(2).await.unwrap();
    assert!(matches!(seen.recv().await.unwrap(), Seen::Note(2)));
}

#[tokio::test(start_paused = true)]
async fn a_down_that_waited_for_the_last_life_is_not_told_to_the_next() {
    let (_supervisor, Stage { watcher, mut seen, .. }) = supervised().await;
    let (mortal, _) = mortal();
    watcher.watch(mortal.clone()).await.unwrap();
    watcher.hold().await.unwrap();
    settle().await;
    mortal.stop().await.unwrap(); // its Down waits behind `hold`
    watcher.note(1).await.unwrap();
    watcher.kill();
    assert!(matches!(seen.recv().await.unwrap(), Seen::Note(1)), "mail goes on, the Down does not");
}

/// Is called only.
#[actor]
struct Idle;

#[handlers]
impl Idle {
    #[call]
    fn is_there(&self) {}
}

/// Tells of an end.
#[actor]
struct Teller(mpsc::UnboundedSender<ExitReason>);

#[handlers]
impl Teller {
    #[call]
    fn watch(&mut self, idle: IdleRef, ctx: &mut Ctx<Self>) {
        ctx.monitor(&idle);
    }

    #[info]
    fn down(&mut self, down: Down) {
        self.0.send(down.reason).unwrap();
    }
}

#[test]
fn who_monitors_from_another_runtime_is_told_when_that_of_the_actor_ends() {
    let [one, other] = [(); 2].map(|()| tokio::runtime::Runtime::new().unwrap());
    let idle = one.block_on(async {
        let idle = ghostlight::spawn(Idle).unwrap();
        idle.is_there().await.unwrap();
        idle
    });
    let mut monitor = Box::pin(idle.monitor());
    let (ends, mut ended) = mpsc::unbounded_channel();
    let teller = other.block_on(async {
        let teller = ghostlight::spawn(Teller(ends)).unwrap();
        teller.watch(idle.clone()).await.unwrap();
        assert!(is_pending(monitor.as_mut()).await);
        teller
    });
    drop(one);
    other.block_on(async {
        assert!(matches!(monitor.await.reason, ExitReason::NoProc));
        assert!(matches!(ended.recv().await, Some(ExitReason::NoProc)));
    });
    assert!(!idle.is_alive());
    drop(teller);
}

#[test]
fn a_monitor_that_is_awaited_after_the_runtime_of_the_actor_has_ended_is_told() {
    let [one, other] = [(); 2].map(|()| tokio::runtime::Runtime::new().unwrap());
    let (idle, monitor) = one.block_on(async {
        let idle = ghostlight::spawn(Idle).unwrap();
        idle.is_there().await.unwrap();
        (idle.clone(), idle.monitor())
    });
    drop(one);
    assert!(matches!(other.block_on(monitor).reason, ExitReason::NoProc));
    assert!(!idle.is_alive());
}

async fn is_pending<F: Future>(mut future: std::pin::Pin<&mut F>) -> bool {
    std::future::poll_fn(|cx| std::task::Poll::Ready(future.as_mut().poll(cx).is_pending())).await
}
