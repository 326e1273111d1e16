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
