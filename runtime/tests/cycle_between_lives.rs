//! Rings through roles between two lives, which wait for their supervisor, and through an end that is waited for.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod worker;

use ghostlight::{SupervisorRef, multi_call, prelude::*};
use std::{future::IntoFuture, time::Duration};
use tokio::{
    sync::mpsc::{UnboundedSender, unbounded_channel},
    task::yield_now,
    time::{Instant, sleep, timeout},
};
use worker::ms;

const FOR_EVER: Duration = Duration::from_secs(3_600);

type Heard = UnboundedSender<Result<(), CallError>>;

/// Crashes when it is told to.
#[actor]
struct Ledger;

#[handlers]
impl Ledger {
    #[init]
    fn open() -> Self {
        Self
    }

    #[cast]
    async fn crash_later(&mut self) {
        sleep(ms(100)).await;
        panic!("no ink");
    }

    #[cast]
    fn crash(&mut self) {
        panic!("no ink");
    }

    #[call(timeout = infinity)]
    fn flush(&self) {}
}

/// Flushes the ledger at its end, and when it is told to. It has all the time that it needs.
#[actor(shutdown = infinity)]
struct Vault {
    ledger: LedgerRef,
    heard: Heard,
    flushes_at_end: bool,
}

#[handlers]
impl Vault {
    #[init]
    fn open(ledger: LedgerRef, heard: Heard, flushes_at_end: bool) -> Self {
        Self { ledger, heard, flushes_at_end }
    }

    #[call]
    fn ping(&self) {}

    #[cast]
    async fn flush(&mut self) {
        self.heard.send(self.ledger.flush().await).unwrap();
    }

    #[terminate]
    async fn close(&mut self, _: &ExitReason) {
        if self.flushes_at_end {
            self.heard.send(self.ledger.flush().await).unwrap();
        }
    }
}

/// As a vault, in ways that are not a plain `await`.
#[actor(blocking, shutdown = infinity)]
struct Cellar {
    ledger: LedgerRef,
    heard: Heard,
    blocks: bool,
}

#[handlers]
impl Cellar {
    #[init]
    fn open(ledger: LedgerRef, heard: Heard, blocks: bool) -> Self {
        Self { ledger, heard, blocks }
    }

    #[call]
    fn ping(&self) {}

    #[terminate]
    async fn close(&mut self, _: &ExitReason) {
        let answer = if self.blocks {
            self.ledger.flush().blocking()
        } else {
            let calls = (0..40).map(|n| (n, self.ledger.flush()));
            multi_call(calls, FOR_EVER).await.failures.pop().map_or(Ok(()), |(_, error)| Err(error))
        };
        self.heard.send(answer).unwrap();
    }
}

async fn bank(strategy: Strategy, heard: Heard, flushes_at_end: bool) -> SupervisorRef {
    Supervisor::builder(strategy)
        .child("ledger", |_| Ledger::child_spec())
        .child("vault", move |siblings| {
            Vault::child_spec(siblings.get::<Ledger>("ledger"), heard.clone(), flushes_at_end)
        })
        .start()
        .await
        .unwrap()
}

fn is_ring(heard: Option<Result<(), CallError>>) -> bool {
    let Some(Err(CallError::WouldDeadlock { path })) = heard else { return false };
    path.len() == 3 && path[0] == path[2] // it, and the supervisor
}

#[tokio::test(start_paused = true)]
async fn an_end_that_calls_a_sibling_between_two_lives_does_not_keep_its_group() {
    for strategy in [Strategy::RestForOne, Strategy::OneForAll] {
        let (sender, mut heard) = unbounded_channel();
        let bank = bank(strategy, sender, true).await;
        let (ledger, vault) =
            (bank.child::<Ledger>("ledger").unwrap(), bank.child::<Vault>("vault").unwrap());
        let end = vault.monitor();
        let begun = Instant::now();
        ledger.crash_later().await.unwrap();
        assert!(is_ring(heard.recv().await), "{strategy}");
        assert!(matches!(end.await.reason, ExitReason::Shutdown));
        vault.ping().await.unwrap();
        assert_eq!(begun.elapsed(), ms(100), "{strategy}");
        timeout(FOR_EVER, bank.shutdown().into_future()).await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_on_its_thread_or_for_many_at_once_is_told_as_well() {
    for blocks in [true, false] {
        let (sender, mut heard) = unbounded_channel();
        let tree = Supervisor::builder(Strategy::RestForOne)
            .child("ledger", |_| Ledger::child_spec())
            .child("cellar", move |siblings| {
                Cellar::child_spec(siblings.get::<Ledger>("ledger"), sender.clone(), blocks)
            })
            .start()
            .await
            .unwrap();
        tree.child::<Ledger>("ledger").unwrap().crash().await.unwrap();
        assert!(is_ring(heard.recv().await), "{blocks}");
        tree.child::<Cellar>("cellar").unwrap().ping().await.unwrap();
        let _ending = tree.shutdown().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_waits_behind_a_crash_is_refused_when_its_caller_is_to_end_first() {
    for strategy in [Strategy::RestForOne, Strategy::OneForAll] {
        let (sender, mut heard) = unbounded_channel();
        let bank = bank(strategy, sender, false).await;
        let (ledger, vault) =
            (bank.child::<Ledger>("ledger").unwrap(), bank.child::<Vault>("vault").unwrap());
        let begun = Instant::now();
        ledger.crash_later().await.unwrap();
        vault.flush().await.unwrap(); // waits in the mailbox, and then for the next life
        assert!(is_ring(heard.recv().await), "{strategy}");
        ledger.flush().await.unwrap();
        assert_eq!(begun.elapsed(), ms(100), "{strategy}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_waits_behind_a_crash_waits_for_the_next_life_where_its_caller_lives_on() {
    let (sender, mut heard) = unbounded_channel();
    let bank = bank(Strategy::OneForOne, sender, false).await;
    bank.child::<Ledger>("ledger").unwrap().crash_later().await.unwrap();
    bank.child::<Vault>("vault").unwrap().flush().await.unwrap();
    heard.recv().await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_crash_of_what_an_ending_child_waits_for_does_not_keep_its_supervisor() {
    let (sender, mut heard) = unbounded_channel();
    let bank = bank(Strategy::OneForOne, sender, true).await;
    bank.child::<Ledger>("ledger").unwrap().crash_later().await.unwrap();
    yield_now().await;
    // Its end calls the ledger, which lives, and crashes while the supervisor waits for that end.
    timeout(FOR_EVER, bank.terminate_child("vault").into_future()).await.unwrap().unwrap();
    assert!(is_ring(heard.recv().await));
    bank.child::<Ledger>("ledger").unwrap().flush().await.unwrap();
}

/// Needs a sibling that starts later.
#[actor]
struct Early;

#[handlers]
impl Early {
    #[init]
    async fn open(later: LedgerRef, heard: Heard) -> Self {
        heard.send(later.flush().await).unwrap();
        Self
    }

    #[call]
    fn ping(&self) {}
}

#[tokio::test(start_paused = true)]
async fn an_init_that_calls_a_later_sibling_does_not_keep_the_start() {
    let (sender, mut heard) = unbounded_channel();
    let tree = Supervisor::builder(Strategy::OneForOne)
        .child("early", move |siblings| {
            Early::child_spec(siblings.get::<Ledger>("later"), sender.clone())
        })
        .child("later", |_| Ledger::child_spec());
    let tree = timeout(FOR_EVER, tree.start().into_future()).await.unwrap().unwrap();
    assert!(is_ring(heard.recv().await));
    tree.child::<Early>("early").unwrap().ping().await.unwrap();
}

/// Ends the other, which asks it.
#[actor]
struct Ender;

#[handlers]
impl Ender {
    #[call(timeout = infinity)]
    fn ping(&self) {}

    #[call(timeout = infinity)]
    async fn end(&mut self, other: OtherRef) -> Result<(), CallError> {
        yield_now().await;
        other.stop().await
    }
}

#[actor]
struct Other;

#[handlers]
impl Other {
    #[cast]
    async fn ask(&mut self, ender: EnderRef) {
        let _ring = ender.ping().await;
    }
}

#[tokio::test(start_paused = true)]
async fn to_wait_for_the_end_of_an_actor_that_waits_is_a_ring_too() {
    let (ender, other) = (ghostlight::spawn(Ender).unwrap(), ghostlight::spawn(Other).unwrap());
    let waits = tokio::spawn(ender.end(other.clone()).owned().into_future());
    other.ask(ender.clone()).await.unwrap();
    let end = timeout(FOR_EVER, waits).await.unwrap().unwrap().unwrap();
    assert!(matches!(end, Ok(()) | Err(CallError::WouldDeadlock { .. })), "{end:?}");
    ender.ping().await.unwrap();
}
