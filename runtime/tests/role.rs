//! A handle names a role, not a life: what a restart keeps, what it loses, and who is told.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod worker;

use ghostlight::{ChildError, DynamicSupervisor, SupervisorRef, prelude::*};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{Notify, mpsc},
    time::Instant,
};
use worker::{Log, Script, Worker, WorkerRef, ms, settle, troupe};

/// A handler's message.
#[derive(Clone)]
struct Word(&'static str);

/// What the lives of a scribe share.
#[derive(Clone)]
struct Desk {
    page: mpsc::UnboundedSender<(u32, String)>,
    gate: Arc<Notify>,
    lives: Arc<AtomicU32>,
}

/// Writes down what it handles, and in which life.
#[actor(mailbox = 4)]
struct Scribe {
    desk: Desk,
    life: u32,
}

#[handlers]
impl Scribe {
    #[init]
    fn open(desk: Desk) -> Self {
        let life = desk.lives.fetch_add(1, Ordering::Relaxed) + 1;
        Self { desk, life }
    }

    fn put(&self, what: impl Into<String>) {
        self.desk.page.send((self.life, what.into())).unwrap();
    }

    #[cast]
    fn write(&mut self, n: u32) {
        self.put(format!("cast {n}"));
    }

    #[call]
    fn read(&self, n: u32) -> u32 {
        self.put(format!("call {n}"));
        n
    }

    #[call]
    fn crash(&mut self) {
        panic!("crash");
    }

    #[cast]
    async fn hold(&mut self) {
        self.desk.gate.notified().await;
    }

    #[call]
    async fn hold_and_crash(&mut self) {
        self.desk.gate.notified().await;
        panic!("crash");
    }

    #[cast]
    fn timers(&mut self, ctx: &mut Ctx<Self>) {
        ctx.send_after(ms(10), Word("once"));
        ctx.send_interval(ms(10), Word("every"));
    }

    #[cast]
    fn go_on_and_crash(&mut self, ctx: &mut Ctx<Self>) {
        ctx.continue_with(ScribeContinue::GoOn);
        panic!("crash");
    }

    #[cast]
    fn stop_with(&mut self, reason: ExitReason, ctx: &mut Ctx<Self>) {
        ctx.stop(reason);
    }

    #[call]
    fn later(&mut self, reply: ReplyTo<u32>) {
        let gate = self.desk.gate.clone();
        tokio::spawn(async move {
            gate.notified().await;
            reply.send(LATE);
        });
    }

    #[call]
    fn drop_it(&mut self, reply: ReplyTo<u32>) {
        drop(reply);
    }

    #[handle_continue]
    fn go_on(&mut self) {
        self.put("continue");
    }

    #[info]
    fn word(&mut self, word: Word) {
        self.put(format!("info {}", word.0));
    }
}

const LATE: u32 = 42;

struct Scene {
    supervisor: SupervisorRef,
    scribe: ScribeRef,
    page: mpsc::UnboundedReceiver<(u32, String)>,
    desk: Desk,
}

impl Scene {
    /// What was handled since this was asked last.
    fn page(&mut self) -> Vec<(u32, String)> {
        std::iter::from_fn(|| self.page.try_recv().ok()).collect()
    }

    /// What was handled, in whichever life.
    fn words(&mut self) -> Vec<String> {
        self.page().into_iter().map(|(_, word)| word).collect()
    }
}

fn desk() -> (Desk, mpsc::UnboundedReceiver<(u32, String)>) {
    let (page, pages) = mpsc::unbounded_channel();
    (Desk { page, gate: Arc::default(), lives: Arc::default() }, pages)
}

async fn scene(restart: Restart) -> Scene {
    let (desk, page) = desk();
    let given = desk.clone();
    let supervisor = Supervisor::builder(Strategy::OneForOne)
        .intensity(10)
        .child("scribe", move |_| Scribe::child_spec(given.clone()).restart(restart))
        .start()
        .await
        .unwrap();
    let scribe = supervisor.child::<Scribe>("scribe").unwrap();
    Scene { supervisor, scribe, page, desk }
}

/// A worker under `one_for_all` with a sibling that takes long to end: kill it, and it has no life for that long.
async fn slow_to_return(gap: Duration) -> (SupervisorRef, WorkerRef) {
    let log = Log::default();
    let (a, slow) = (Script::new("a", &log), Script::new("slow", &log));
    let supervisor = troupe(Strategy::OneForAll, &[&a, &slow]).start().await.unwrap();
    slow.close_in(gap);
    let worker = supervisor.child::<Worker>("a").unwrap();
    (supervisor, worker)
}

#[tokio::test(start_paused = true)]
async fn a_handle_stays_valid_over_a_restart_and_the_pid_changes() {
    let mut scene = scene(Restart::Permanent).await;
    let before = scene.scribe.pid().unwrap();
    let weak = scene.scribe.downgrade();
    scene.scribe.read(1).await.unwrap();
    scene.scribe.crash().await.unwrap_err();
    scene.scribe.read(2).await.unwrap();
    let after = scene.scribe.pid().unwrap();
    assert_ne!(before, after);
    assert_eq!(weak.upgrade().unwrap(), scene.scribe);
    assert_eq!(scene.supervisor.child::<Scribe>("scribe").unwrap(), scene.scribe);
    assert_eq!(scene.page(), [(1, "call 1".to_owned()), (2, "call 2".to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn between_two_lives_there_is_no_pid_and_calls_wait_for_the_next() {
    let (_supervisor, worker) = slow_to_return(ms(100)).await;
    worker.kill();
    settle().await;
    assert_eq!(worker.pid(), None);
    assert!(worker.is_alive(), "it is about to live again");
    let begun = Instant::now();
    worker.see(5).await.unwrap();
    assert_eq!(worker.life().await.unwrap(), 2);
    assert!(begun.elapsed() >= ms(90), "{:?}", begun.elapsed());
    assert_eq!(worker.seen().await.unwrap(), [5]);
    assert!(worker.pid().is_some());
}

#[tokio::test(start_paused = true)]
async fn a_call_between_two_lives_waits_within_its_time_only() {
    let (_supervisor, worker) = slow_to_return(ms(1_000)).await;
    worker.kill();
    settle().await;
    let begun = Instant::now();
    let late = worker.life().timeout(ms(50)).await;
    assert!(matches!(late, Err(CallError::Timeout)), "{late:?}");
    assert!(begun.elapsed() < ms(100));
}

#[tokio::test(start_paused = true)]
async fn what_waits_goes_to_the_next_life_in_order() {
    let mut scene = scene(Restart::Permanent).await;
    let scribe = &scene.scribe;
    let crash = tokio::spawn(scribe.hold_and_crash().owned().into_future());
    settle().await;
    scribe.write(1).try_send().unwrap();
    let call = tokio::spawn(scribe.read(2).owned().into_future());
    settle().await;
    scribe.info(Word("three")).try_send().unwrap();
    scribe.write(4).try_send().unwrap();
    scene.desk.gate.notify_one();
    let died = crash.await.unwrap().unwrap_err();
    assert_eq!(died.reason().unwrap().to_string(), "panicked: crash");
    assert_eq!(call.await.unwrap().unwrap(), 2);
    settle().await;
    let expected = ["cast 1", "call 2", "info three", "cast 4"].map(|word| (2, word.to_owned()));
    assert_eq!(scene.page(), expected);
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_was_taken_out_already_goes_to_the_next_life_ahead_of_what_came_later() {
    for kill in [false, true] {
        let mut scene = scene(Restart::Permanent).await;
        let scribe = &scene.scribe;
        if kill {
            scribe.hold().try_send().unwrap();
        } else {
            scribe.hold_and_crash().forget().try_send().unwrap();
        }
        scribe.write(1).try_send().unwrap();
        scribe.write(2).try_send().unwrap();
        settle().await; // all three are taken out, the first is being handled
        scribe.write(3).try_send().unwrap();
        scribe.write(4).try_send().unwrap();
        assert!(matches!(scribe.write(5).try_send(), Err(CastError::Full(_))));
        if kill {
            scribe.kill();
        } else {
            scene.desk.gate.notify_one();
        }
        settle().await;
        let expected = [1, 2, 3, 4].map(|n| (2, format!("cast {n}")));
        assert_eq!(scene.page(), expected, "kill: {kill}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_batch_puts_back_counts_towards_the_capacity() {
    let log = Log::default();
    let (desk, mut page) = desk();
    let (given, slow) = (desk.clone(), Script::new("slow", &log));
    let slow_spec = slow.clone();
    let supervisor = Supervisor::builder(Strategy::OneForAll)
        .child("scribe", move |_| Scribe::child_spec(given.clone()))
        .child("slow", move |_| slow_spec.spec())
        .start()
        .await
        .unwrap();
    slow.close_in(ms(100));
    let scribe = supervisor.child::<Scribe>("scribe").unwrap();
    scribe.hold().try_send().unwrap();
    for n in 1..4 {
        scribe.write(n).try_send().unwrap();
    }
    settle().await;
    scribe.kill();
    settle().await;
    assert_eq!(scribe.pid(), None);
    scribe.write(4).try_send().unwrap();
    assert!(matches!(scribe.write(5).try_send(), Err(CastError::Full(_))), "four wait");
    scribe.write(6).await.unwrap(); // waits for the next life
    scribe.read(7).await.unwrap();
    let words: Vec<_> = std::iter::from_fn(|| page.try_recv().ok()).map(|(_, word)| word).collect();
    assert_eq!(words, ["cast 1", "cast 2", "cast 3", "cast 4", "cast 6", "call 7"]);
}

#[tokio::test(start_paused = true)]
async fn the_message_that_is_being_handled_is_lost_and_its_caller_is_told() {
    let mut scene = scene(Restart::Permanent).await;
    let held = tokio::spawn(scene.scribe.hold_and_crash().owned().into_future());
    settle().await;
    scene.scribe.kill();
    let died = held.await.unwrap();
    assert!(matches!(died, Err(CallError::Died(ExitReason::Killed))), "{died:?}");
    assert_eq!(scene.scribe.read(1).await.unwrap(), 1);
    assert_eq!(scene.page(), [(2, "call 1".to_owned())], "it is not handled again");
}

#[tokio::test(start_paused = true)]
async fn senders_that_wait_for_room_keep_waiting_in_order_over_a_restart() {
    let mut scene = scene(Restart::Permanent).await;
    scene.scribe.hold().await.unwrap();
    settle().await;
    let mut senders = vec![];
    for n in 0..10 {
        senders.push(tokio::spawn(scene.scribe.write(n).owned().into_future()));
        settle().await;
    }
    assert_eq!(senders.iter().filter(|sender| sender.is_finished()).count(), 4);
    scene.scribe.kill();
    for sender in senders {
        sender.await.unwrap().unwrap();
    }
    settle().await;
    let expected: Vec<_> = (0..10).map(|n| (2, format!("cast {n}"))).collect();
    assert_eq!(scene.page(), expected);
}

#[tokio::test(start_paused = true)]
async fn timers_and_continues_of_a_life_die_with_it() {
    let mut scene = scene(Restart::Permanent).await;
    scene.scribe.timers().await.unwrap();
    scene.scribe.go_on_and_crash().await.unwrap();
    tokio::time::sleep(ms(100)).await;
    scene.scribe.read(1).await.unwrap();
    assert_eq!(scene.page(), [(2, "call 1".to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn a_reply_handed_to_another_task_stays_valid_over_a_crash() {
    let scene = scene(Restart::Permanent).await;
    let later = tokio::spawn(scene.scribe.later().owned().into_future());
    settle().await;
    scene.scribe.crash().await.unwrap_err();
    settle().await;
    assert!(!later.is_finished());
    scene.desk.gate.notify_one();
    assert_eq!(later.await.unwrap().unwrap(), LATE);
    let dropped = scene.scribe.drop_it().await;
    assert!(matches!(dropped, Err(CallError::NoReply)), "in a healthy life: {dropped:?}");
}

/// Loses what waits when it is restarted, as in OTP.
#[actor(on_restart = drop, mailbox = 2)]
struct Forgetful {
    gate: Arc<Notify>,
    seen: Vec<u32>,
}

#[handlers]
impl Forgetful {
    #[cast]
    async fn hold(&mut self) {
        self.gate.notified().await;
    }

    #[cast]
    fn note(&mut self, n: u32) {
        self.seen.push(n);
    }

    #[call]
    fn seen(&self) -> Vec<u32> {
        self.seen.clone()
    }
}

#[tokio::test(start_paused = true)]
async fn on_restart_drop_loses_what_waits_and_tells_the_callers() {
    let supervisor = Supervisor::builder(Strategy::OneForOne)
        .child("forgetful", |_| ChildSpec::of(Forgetful { gate: Arc::default(), seen: vec![] }))
        .start()
        .await
        .unwrap();
    let forgetful = supervisor.child::<Forgetful>("forgetful").unwrap();
    forgetful.hold().await.unwrap();
    settle().await;
    forgetful.note(1).await.unwrap();
    let call = tokio::spawn(forgetful.seen().owned().into_future());
    settle().await;
    let waiting = tokio::spawn(forgetful.note(2).owned().into_future());
    settle().await;
    assert!(!waiting.is_finished(), "it is full");
    forgetful.kill();
    let died = call.await.unwrap();
    assert!(matches!(died, Err(CallError::Died(ExitReason::Killed))), "{died:?}");
    waiting.await.unwrap().unwrap();
    assert_eq!(forgetful.seen().await.unwrap(), [2], "who waited for room was not in the mailbox");
}

#[tokio::test(start_paused = true)]
async fn after_the_normal_end_of_a_transient_child_there_is_nobody_until_it_is_restarted() {
    let mut scene = scene(Restart::Transient).await;
    let scribe = scene.scribe.clone();
    scribe.hold().await.unwrap();
    settle().await;
    scribe.stop_with(ExitReason::Normal).await.unwrap();
    let queued = tokio::spawn(scribe.read(1).owned().into_future());
    settle().await;
    scene.desk.gate.notify_one();
    let died = queued.await.unwrap();
    assert!(matches!(died, Err(CallError::Died(ExitReason::Normal))), "{died:?}");
    assert!(matches!(scribe.read(2).await, Err(CallError::NoProc)));
    assert!(matches!(scribe.write(2).try_send(), Err(CastError::NoProc(_))));
    assert!(!scribe.is_alive() && scribe.pid().is_none());
    let pid = scene.supervisor.restart_child("scribe").await.unwrap();
    assert_eq!(scribe.pid(), Some(pid));
    assert_eq!(scribe.read(3).await.unwrap(), 3);
    scribe.crash().await.unwrap_err();
    assert_eq!(scribe.read(4).await.unwrap(), 4, "a crash is another matter");
    assert_eq!(scene.words(), ["call 3", "call 4"]);
}

#[tokio::test(start_paused = true)]
async fn after_terminate_child_there_is_nobody_until_it_is_restarted() {
    let mut scene = scene(Restart::Permanent).await;
    let scribe = scene.scribe.clone();
    scribe.hold().await.unwrap();
    settle().await;
    let queued = tokio::spawn(scribe.read(1).owned().into_future());
    settle().await;
    scene.supervisor.terminate_child("scribe").await.unwrap();
    let died = queued.await.unwrap();
    assert!(matches!(died, Err(CallError::Died(ExitReason::Shutdown))), "{died:?}");
    assert!(matches!(scribe.read(2).await, Err(CallError::NoProc)));
    let end = scribe.monitor().await;
    assert!(matches!(end.reason, ExitReason::NoProc));
    scene.supervisor.restart_child("scribe").await.unwrap();
    assert_eq!(scribe.read(3).await.unwrap(), 3);
    scribe.kill();
    assert_eq!(scribe.read(4).await.unwrap(), 4, "its crash is restarted as before");
    assert_eq!(scene.words(), ["call 3", "call 4"]);
}

#[tokio::test(start_paused = true)]
async fn a_restart_child_that_fails_leaves_nobody() {
    let log = Log::default();
    let a = Script::new("a", &log);
    let supervisor = troupe(Strategy::OneForOne, &[&a]).start().await.unwrap();
    let worker = supervisor.child::<Worker>("a").unwrap();
    supervisor.terminate_child("a").await.unwrap();
    a.fail(1);
    let failed = supervisor.restart_child("a").await;
    assert!(matches!(failed, Err(ChildError::Start(StartError::Init(_)))), "{failed:?}");
    assert!(!worker.is_alive(), "nobody tries again");
    let call = worker.life().await;
    assert!(matches!(call, Err(CallError::NoProc)), "{call:?}");
    supervisor.restart_child("a").await.unwrap();
    assert_eq!(worker.life().await.unwrap(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_supervisor_that_gives_up_tells_those_who_wait() {
    let log = Log::default();
    let (a, b) = (Script::new("a", &log), Script::new("b", &log));
    let supervisor = troupe(Strategy::OneForOne, &[&a, &b]).intensity(1).start().await.unwrap();
    let (one, other) =
        (supervisor.child::<Worker>("a").unwrap(), supervisor.child::<Worker>("b").unwrap());
    other.hang().await.unwrap();
    settle().await;
    let waiting = tokio::spawn(other.life().timeout(Duration::from_secs(60)).owned().into_future());
    settle().await;
    a.fail(u32::MAX);
    one.crash().await.unwrap();
    let failed = one.life().await;
    assert!(matches!(failed, Err(CallError::Died(_))), "{failed:?}");
    let failed = waiting.await.unwrap();
    assert!(matches!(failed, Err(CallError::Died(_))), "{failed:?}");
    let end = supervisor.monitor().await;
    assert!(matches!(end.reason, ExitReason::NoProc), "it has given up");
    assert!(matches!(one.life().await, Err(CallError::NoProc)));
    assert!(matches!(other.life().await, Err(CallError::NoProc)));
}

#[tokio::test(start_paused = true)]
async fn a_cast_that_waits_for_room_comes_back_when_the_role_is_closed() {
    let scene = scene(Restart::Permanent).await;
    scene.scribe.hold().await.unwrap();
    settle().await;
    for n in 0..4 {
        scene.scribe.write(n).try_send().unwrap();
    }
    let waiting = tokio::spawn(scene.scribe.write(9).owned().into_future());
    settle().await;
    assert!(!waiting.is_finished());
    scene.supervisor.terminate_child("scribe").await.unwrap();
    let back = waiting.await.unwrap().unwrap_err();
    assert!(matches!(back.into_message(), ScribeCast::Write { n: 9 }));
}

#[tokio::test(start_paused = true)]
async fn mail_outlives_a_group_restart_that_the_actor_did_not_cause() {
    for strategy in [Strategy::OneForAll, Strategy::RestForOne] {
        let log = Log::default();
        let (a, b) = (Script::new("a", &log), Script::new("b", &log));
        let supervisor = troupe(strategy, &[&a, &b]).start().await.unwrap();
        let (one, other) =
            (supervisor.child::<Worker>("a").unwrap(), supervisor.child::<Worker>("b").unwrap());
        b.close_in(ms(20));
        one.kill();
        settle().await; // `b` is ending: what is sent now is for its next life
        other.see(1).await.unwrap();
        other.see(2).await.unwrap();
        assert_eq!(other.seen().await.unwrap(), [1, 2], "{strategy}");
        assert_eq!(other.life().await.unwrap(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn handles_are_equal_and_weak_ones_upgrade_while_the_role_is_not_over() {
    let log = Log::default();
    let a = Script::new("a", &log);
    let supervisor = troupe(Strategy::OneForOne, &[&a]).start().await.unwrap();
    let worker = supervisor.child::<Worker>("a").unwrap();
    let weak = worker.downgrade();
    drop(worker);
    settle().await;
    let worker = weak.upgrade().expect("its supervisor keeps it");
    assert_eq!(worker.life().await.unwrap(), 1);
    supervisor.stop().await.unwrap();
    assert!(weak.upgrade().is_none());
    assert!(matches!(worker.life().await, Err(CallError::NoProc)));
}

/// A sender that waits for room in a mailbox which is closed meanwhile, and not polled before the role lives again.
fn waits_for_room<F: Future>(sends: F) -> std::pin::Pin<Box<F>> {
    let mut sends = Box::pin(sends);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(sends.as_mut().poll(&mut context).is_pending());
    sends
}

#[tokio::test(start_paused = true)]
async fn one_who_waited_for_room_before_the_role_was_closed_takes_nobodys_place_after() {
    let Scene { supervisor, scribe, mut page, desk } = scene(Restart::Permanent).await;
    for _ in 0..2 {
        scribe.hold().await.unwrap();
        settle().await;
        for n in 0..4 {
            scribe.write(n).try_send().unwrap();
        }
        let early = waits_for_room(scribe.write(8).into_future());
        let asks = waits_for_room(scribe.read(8).into_future());
        supervisor.terminate_child("scribe").await.unwrap();
        supervisor.restart_child("scribe").await.unwrap();
        scribe.hold().await.unwrap();
        settle().await;
        for n in 10..14 {
            scribe.write(n).try_send().unwrap();
        }
        let late = tokio::spawn(scribe.write(14).owned().into_future());
        settle().await;
        drop(early);
        let answer = asks.await;
        assert!(matches!(answer, Err(CallError::NoProc)), "{answer:?}");
        assert!(!late.is_finished());
        desk.gate.notify_one();
        late.await.unwrap().unwrap();
        assert_eq!(scribe.read(15).await.unwrap(), 15);
        while let Ok((_, what)) = page.try_recv() {
            assert!(!what.contains('8'), "{what}");
        }
    }
}

/// A tree whose inner supervisor is planned with both scripts in its first life, and with the first only in the others; the second has a name.
async fn planned_once() -> (SupervisorRef, Arc<Script>) {
    let log = Log::default();
    let [a, b] = ["a", "b"].map(|name| Script::new(name, &log));
    let (again, mut lives) = (b.clone(), 0);
    let plan = move |_: &ghostlight::Siblings| {
        lives += 1;
        let (inner, b) = (troupe(Strategy::OneForOne, &[&a]), b.clone());
        match lives {
            1 => inner.child("b", move |_| b.spec().name("bee")).child_spec(),
            _ => inner.child_spec(),
        }
    };
    let root = Supervisor::builder(Strategy::OneForOne).child("inner", plan).start();
    (root.await.unwrap(), again)
}

#[tokio::test(start_paused = true)]
async fn a_role_that_a_later_life_of_its_supervisor_does_not_plan_is_closed_and_gives_its_name_back()
 {
    let (root, script) = planned_once().await;
    let inner = root.child::<Supervisor>("inner").unwrap();
    let worker = inner.child::<Worker>("b").unwrap();
    inner.kill();
    settle().await;
    let nobody = worker.life().timeout(Duration::from_secs(100_000)).await;
    assert!(matches!(nobody, Err(CallError::NoProc)), "{nobody:?}");
    assert!(worker.see(1).try_send().is_err());
    assert!(Worker::start(script).name("bee").await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_later_life_of_a_supervisor_may_plan_another_actor_under_an_id() {
    let script = Script::new("a", &Log::default());
    let mut lives = 0;
    let plan = move |_: &ghostlight::Siblings| {
        lives += 1;
        let (inner, script) = (Supervisor::builder(Strategy::OneForOne), script.clone());
        match lives {
            1 => inner.child("it", move |_| script.spec()).child_spec(),
            _ => {
                inner.child("it", |_| DynamicSupervisor::<Worker>::new().child_spec()).child_spec()
            }
        }
    };
    let root = Supervisor::builder(Strategy::OneForOne).child("inner", plan).start().await.unwrap();
    let inner = root.child::<Supervisor>("inner").unwrap();
    inner.kill();
    settle().await;
    let children = inner.which_children().await.unwrap();
    assert!(children[0].is_supervisor && children[0].pid.is_some(), "{children:?}");
}

/// Crashes when one that it monitors has ended.
#[actor(mailbox = 1)]
struct Mourner {
    gate: Arc<Notify>,
}

#[handlers]
impl Mourner {
    #[init]
    fn begin(gate: Arc<Notify>) -> Self {
        Self { gate }
    }

    #[cast]
    async fn watch(&mut self, other: WorkerRef, ctx: &mut Ctx<Self>) {
        ctx.monitor(&other);
        self.gate.notified().await;
    }

    #[cast]
    async fn hold(&mut self) {
        self.gate.notified().await;
    }

    #[cast]
    fn note(&mut self) {}

    #[info]
    fn down(&mut self, _: Down) {
        panic!("it mourns");
    }
}

#[tokio::test(start_paused = true)]
async fn a_crash_gives_the_room_of_what_was_in_hand_to_those_who_wait_for_it() {
    let gate = Arc::new(Notify::new());
    let for_mourner = gate.clone();
    let plan = Supervisor::builder(Strategy::OneForOne)
        .child("mourner", move |_| Mourner::child_spec(for_mourner.clone()));
    let root = plan.start().await.unwrap();
    let mourner = root.child::<Mourner>("mourner").unwrap();
    let other = Worker::start(Script::new("other", &Log::default())).await.unwrap();
    mourner.watch(other.clone()).await.unwrap();
    settle().await;
    mourner.hold().await.unwrap();
    other.kill();
    settle().await; // what `hold` began and the `Down` behind it wait
    gate.notify_one();
    settle().await; // both are in hand
    let waits = tokio::spawn(mourner.note().owned().into_future());
    settle().await;
    gate.notify_one();
    waits.await.unwrap().unwrap();
    mourner.note().await.unwrap();
}
