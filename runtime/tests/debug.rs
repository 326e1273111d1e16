//! Looking into running actors.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

use ghostlight::{debug, prelude::*};
use std::{sync::Arc, time::Duration};
use tokio::{sync::Notify, time::Instant};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// A message of its own.
struct Bored;

/// Keeps a secret.
#[actor(mailbox = 1)]
#[derive(Default)]
struct Safe {
    open: bool,
    combination: u32,
    gate: Arc<Notify>,
    bored_after: Option<Duration>,
    began: Option<Instant>,
}

#[handlers]
impl Safe {
    #[call]
    fn set(&mut self, combination: u32) {
        self.combination = combination;
    }

    #[cast]
    async fn hold(&mut self) {
        self.gate.notified().await;
        self.combination += 1;
    }

    #[cast]
    fn wait(&mut self, time: Duration, ctx: &mut Ctx<Self>) {
        self.began = Some(Instant::now());
        ctx.idle_timeout(time, Bored);
    }

    #[info]
    fn bored(&mut self, _bored: Bored) {
        self.bored_after = self.began.map(|began| began.elapsed());
    }

    #[cast]
    fn crash(&mut self) {
        panic!("crash");
    }
}

/// OTP: `gen_server_SUITE/get_state`, `gen_server_SUITE/call_format_status`
#[tokio::test(start_paused = true)]
async fn what_is_seen_of_a_state_is_what_is_looked_at() {
    let safe = ghostlight::spawn(Safe::default()).unwrap();
    safe.set(7).await.unwrap();
    assert_eq!(debug::get_state(&safe, |safe| safe.combination).await.unwrap(), 7);
    assert!(!debug::get_state(&safe, |safe| safe.open).await.unwrap());
}

/// Begins by an init, and so may have a name.
#[actor]
struct NamedSafe;

#[handlers]
impl NamedSafe {
    #[init]
    fn open() -> Self {
        Self
    }
}

#[tokio::test(start_paused = true)]
async fn an_actor_is_looked_into_by_its_name() {
    let nobody = debug::get_state(&NamedSafeRef::named("safe"), |_| ()).await;
    assert!(matches!(nobody, Err(CallError::NoProc)));
    let _safe = NamedSafe::start().name("safe").await.unwrap();
    debug::get_state(&NamedSafeRef::named("safe"), |_| ()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_look_waits_its_turn_and_is_never_refused() {
    let safe = ghostlight::spawn(Safe::default()).unwrap();
    let gate = debug::get_state(&safe, |safe| safe.gate.clone()).await.unwrap();
    safe.hold().await.unwrap();
    tokio::task::yield_now().await;
    safe.hold().await.unwrap(); // now the mailbox is full
    let before = tokio::spawn({
        let safe = safe.clone();
        async move { debug::get_state(&safe, |safe| safe.combination).await }
    });
    tokio::time::advance(ms(10)).await;
    assert!(!before.is_finished(), "a handler runs");
    gate.notify_one();
    tokio::time::advance(ms(10)).await;
    gate.notify_one();
    assert_eq!(before.await.unwrap().unwrap(), 2);
    safe.hold().await.unwrap();
    let late = debug::get_state(&safe, |safe| safe.combination).await;
    assert!(matches!(late, Err(CallError::Timeout)), "after 5 s: {late:?}");
}

/// OTP: `gen_server_SUITE/replace_state`, `gen_server_SUITE/crash_in_format_status`
#[tokio::test(start_paused = true)]
async fn a_state_is_replaced_or_stays_as_it_was() {
    let safe = ghostlight::spawn(Safe::default()).unwrap();
    let change = |safe: &Safe| Safe { combination: safe.combination + 5, ..Safe::default() };
    debug::replace_state(&safe, change).await.unwrap();
    assert_eq!(debug::get_state(&safe, |safe| safe.combination).await.unwrap(), 5);
    let failed = debug::replace_state(&safe, |_| panic!("no idea")).await;
    assert!(matches!(failed, Err(CallError::NoReply)), "{failed:?}");
    let failed = debug::get_state(&safe, |_| -> u32 { panic!("no eyes") }).await;
    assert!(matches!(failed, Err(CallError::NoReply)), "{failed:?}");
    assert_eq!(debug::get_state(&safe, |safe| safe.combination).await.unwrap(), 5);
}

/// OTP: `gen_server_SUITE/handle_event_timeout_plain`
#[tokio::test(start_paused = true)]
async fn an_actor_that_is_looked_into_is_idle() {
    let safe = ghostlight::spawn(Safe::default()).unwrap();
    safe.wait(ms(100)).await.unwrap();
    tokio::time::sleep(ms(50)).await;
    debug::get_state(&safe, |_| ()).await.unwrap();
    tokio::time::sleep(ms(100)).await;
    let bored = debug::get_state(&safe, |safe| safe.bored_after).await.unwrap();
    assert_eq!(bored, Some(ms(100)));
}

#[tokio::test(start_paused = true)]
async fn a_look_at_one_that_dies_is_told_why() {
    let safe = ghostlight::spawn(Safe::default()).unwrap();
    safe.crash().try_send().unwrap();
    let died = debug::get_state(&safe, |safe| safe.combination).await;
    assert!(matches!(died, Err(CallError::Died(ExitReason::Panic(_)))), "{died:?}");
    let nobody = debug::get_state(&safe, |safe| safe.combination).await;
    assert!(matches!(nobody, Err(CallError::NoProc)), "{nobody:?}");
}

/// Told of the end of another, and of a timer.
#[actor]
#[derive(Default)]
struct Clerk {
    log: Vec<String>,
}

#[derive(Clone)]
struct Tick;

#[handlers]
impl Clerk {
    #[init]
    fn hire() -> Self {
        Self::default()
    }

    #[cast]
    fn file(&mut self, page: u8) {
        self.log.push(page.to_string());
    }

    #[cast]
    fn watch(&mut self, other: SafeRef, ctx: &mut Ctx<Self>) {
        ctx.monitor(&other);
        ctx.send_after(ms(10), Tick);
    }

    #[info]
    fn down(&mut self, _: Down) {
        self.log.push("down".into());
    }

    #[info]
    fn tick(&mut self, _: Tick) {
        self.log.push("tick".into());
    }

    #[call]
    fn log(&mut self) -> Vec<String> {
        std::mem::take(&mut self.log)
    }

    #[terminate]
    fn leave(&mut self) {}
}

/// OTP: `sys:suspend` and `sys:resume`.
#[tokio::test(start_paused = true)]
async fn messages_to_a_suspended_actor_wait_in_order_until_it_is_resumed() {
    let (clerk, safe) =
        (Clerk::start().await.unwrap(), ghostlight::spawn(Safe::default()).unwrap());
    clerk.watch(safe.clone()).await.unwrap();
    clerk.file(0).await.unwrap();
    let suspended = debug::suspend(&clerk).await.unwrap();
    assert_eq!(debug::get_state(&clerk, |clerk| clerk.log.clone()).await.unwrap(), ["0"]);
    clerk.file(1).await.unwrap();
    safe.kill();
    tokio::time::sleep(ms(20)).await;
    clerk.file(2).await.unwrap();
    let waits = clerk.log().timeout(ms(10)).await;
    assert!(matches!(waits, Err(CallError::Timeout)));
    let add = |clerk: &Clerk| Clerk { log: [&clerk.log[..], &["!".into()]].concat() };
    debug::replace_state(&clerk, add).await.unwrap();
    let seen = debug::get_state(&clerk, |clerk| clerk.log.join(" "));
    assert_eq!(seen.await.unwrap(), "0 !", "neither messages nor timers nor ends were heeded");
    suspended.resume();
    let mut log = clerk.log().await.unwrap();
    log.retain(|entry| entry != "tick"); // takes turns with messages
    assert_eq!(log, ["0", "!", "1", "down", "2"]);
}

#[tokio::test(start_paused = true)]
async fn an_actor_goes_on_when_all_who_suspended_it_have_let_it() {
    let clerk = Clerk::start().await.unwrap();
    let first = debug::suspend(&clerk).await.unwrap();
    let second = debug::suspend(&clerk).await.unwrap();
    clerk.file(1).await.unwrap();
    drop(first);
    assert!(matches!(clerk.log().timeout(ms(10)).await, Err(CallError::Timeout)));
    second.resume();
    assert_eq!(clerk.log().await.unwrap(), ["1"]);
}

#[tokio::test(start_paused = true)]
async fn one_who_no_longer_waits_for_the_suspension_suspends_nothing() {
    let gate = Arc::new(Notify::new());
    let safe = ghostlight::spawn(Safe { gate: gate.clone(), ..Safe::default() }).unwrap();
    safe.hold().await.unwrap();
    tokio::task::yield_now().await;
    let late = tokio::time::timeout(ms(10), debug::suspend(&safe)).await;
    assert!(late.is_err(), "a handler awaits");
    gate.notify_one();
    safe.set(5).await.unwrap();
    assert_eq!(debug::get_state(&safe, |safe| safe.combination).await.unwrap(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_suspended_actor_ends_when_it_is_told_to() {
    let clerk = Clerk::start().await.unwrap();
    let suspended = debug::suspend(&clerk).await.unwrap();
    clerk.file(1).await.unwrap();
    clerk.stop().await.unwrap();
    assert!(!clerk.is_alive());
    suspended.resume();

    let troupe = Supervisor::builder(Strategy::OneForOne)
        .child("clerk", |_| Clerk::child_spec())
        .start()
        .await
        .unwrap();
    let clerk = troupe.child::<Clerk>("clerk").unwrap();
    let suspended = debug::suspend(&clerk).await.unwrap();
    clerk.kill();
    clerk.file(2).await.unwrap();
    assert_eq!(clerk.log().await.unwrap(), ["2"], "its next life was never suspended");
    drop(suspended);
    let suspended = debug::suspend(&clerk).await.unwrap();
    troupe.stop().await.unwrap();
    let gone = debug::suspend(&clerk).await;
    assert!(matches!(gone, Err(CallError::NoProc)));
    drop(suspended);
}

#[tokio::test(start_paused = true)]
async fn a_suspended_actor_lives_without_other_handles_and_its_mailbox_has_room_for_as_much() {
    let safe = ghostlight::spawn(Safe::default()).unwrap();
    let suspended = debug::suspend(&safe).await.unwrap();
    safe.crash().await.unwrap();
    let full = safe.crash().try_send();
    assert!(full.is_err(), "there is room for one");
    let end = safe.monitor();
    drop(safe);
    suspended.resume();
    assert!(matches!(end.await.reason, ExitReason::Panic(_)), "what waited was handled");
}

/// Has room for very much.
#[actor(mailbox = unbounded)]
struct Heap(u64);

#[handlers]
impl Heap {
    #[call]
    fn count(&self) -> u64 {
        self.0
    }

    #[cast]
    fn add(&mut self) {
        self.0 += 1;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn an_actor_that_looks_at_what_waits_hears_that_it_may_go_on() {
    for _ in 0..10 {
        let heap = ghostlight::spawn(Heap(0)).unwrap();
        let suspended = debug::suspend(&heap).await.unwrap();
        for _ in 0..30_000 {
            heap.add().try_send().unwrap();
        }
        debug::get_state(&heap, |heap| heap.0).await.unwrap();
        suspended.resume();
        assert_eq!(heap.count().await.unwrap(), 30_000);
    }
}

/// Looks into itself.
#[actor]
struct Mystic;

#[handlers]
impl Mystic {
    #[call]
    async fn look_inside(&mut self, ctx: &mut Ctx<Self>) -> Result<(), CallError> {
        debug::get_state(&ctx.me(), |_| ()).await
    }
}

#[tokio::test(start_paused = true)]
async fn an_actor_that_looks_into_itself_is_told_at_once() {
    let mystic = ghostlight::spawn(Mystic).unwrap();
    let begun = Instant::now();
    let looked = mystic.look_inside().await.unwrap();
    assert!(matches!(looked, Err(CallError::WouldDeadlock { .. })), "{looked:?}");
    assert_eq!(begun.elapsed(), Duration::ZERO);
}
