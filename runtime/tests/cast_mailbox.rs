//! Mailboxes are bounded: who waits for room, in which order, and what comes back.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

use ghostlight::{CastError, prelude::*};
use std::{sync::Arc, time::Duration};
use tokio::sync::Notify;

/// Has room for two messages.
#[actor(mailbox = 2)]
#[derive(Default)]
struct Narrow {
    seen: Vec<u32>,
    gate: Arc<Notify>,
}

#[handlers(derive(Debug, PartialEq))]
impl Narrow {
    #[cast]
    fn note(&mut self, n: u32) {
        self.seen.push(n);
    }

    #[cast]
    async fn hold(&mut self) {
        self.gate.notified().await;
    }

    #[cast]
    fn crash(&mut self) {
        panic!("crash");
    }

    #[call]
    fn seen(&self) -> Vec<u32> {
        self.seen.clone()
    }
}

/// An actor that is busy with `hold` until the gate is notified.
async fn held() -> (NarrowRef, Arc<Notify>) {
    let gate = Arc::new(Notify::new());
    let narrow = ghostlight::spawn(Narrow { gate: gate.clone(), seen: vec![] }).unwrap();
    narrow.hold().await.unwrap();
    settle().await;
    (narrow, gate)
}

/// Lets every other task run until it waits.
async fn settle() {
    tokio::time::advance(Duration::from_millis(1)).await;
}

#[tokio::test(start_paused = true)]
async fn a_full_mailbox_hands_the_message_back() {
    let (narrow, gate) = held().await;
    narrow.note(1).try_send().unwrap();
    narrow.note(2).try_send().unwrap();
    let full = narrow.note(3).try_send().unwrap_err();
    assert!(matches!(full, CastError::Full(_)));
    assert_eq!(full.to_string(), "the actor's mailbox is full");
    assert_eq!(full.into_message(), NarrowCast::Note { n: 3 });
    gate.notify_one();
    assert_eq!(narrow.seen().await.unwrap(), [1, 2]);
}

#[tokio::test(start_paused = true)]
async fn messages_taken_out_and_not_yet_handled_count_towards_the_capacity() {
    let gate = Arc::new(Notify::new());
    let narrow = ghostlight::spawn(Narrow { gate: gate.clone(), seen: vec![] }).unwrap();
    narrow.hold().try_send().unwrap();
    narrow.note(1).try_send().unwrap();
    settle().await; // both are taken out, the first is being handled
    narrow.note(2).try_send().unwrap();
    assert!(matches!(narrow.note(3).try_send(), Err(CastError::Full(_))));
    gate.notify_one();
    assert_eq!(narrow.seen().await.unwrap(), [1, 2]);
}

#[tokio::test(start_paused = true)]
async fn senders_that_wait_for_room_are_served_in_order() {
    let (narrow, gate) = held().await;
    let mut senders = Vec::new();
    for n in 0..10 {
        senders.push(tokio::spawn(narrow.note(n).owned().into_future()));
        settle().await;
    }
    assert_eq!(senders.iter().filter(|sender| sender.is_finished()).count(), 2);
    assert!(matches!(narrow.note(99).try_send(), Err(CastError::Full(_))), "nobody jumps the line");
    gate.notify_one();
    for sender in senders {
        sender.await.unwrap().unwrap();
    }
    assert_eq!(narrow.seen().await.unwrap(), (0..10).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn a_sender_that_goes_leaves_its_place_to_the_next() {
    let (narrow, gate) = held().await;
    let senders: Vec<_> =
        (0..5).map(|n| tokio::spawn(narrow.note(n).owned().into_future())).collect();
    settle().await;
    senders[2].abort();
    settle().await;
    gate.notify_one();
    for (n, sender) in senders.into_iter().enumerate() {
        assert_eq!(sender.await.is_err(), n == 2);
    }
    assert_eq!(narrow.seen().await.unwrap(), [0, 1, 3, 4]);
}

#[tokio::test(start_paused = true)]
async fn a_call_waits_for_room_within_its_limit() {
    let (narrow, gate) = held().await;
    narrow.note(1).await.unwrap();
    narrow.note(2).await.unwrap();
    let late = narrow.seen().timeout(Duration::from_millis(20)).await;
    assert!(matches!(late, Err(CallError::Timeout)));
    let patient = tokio::spawn(narrow.seen().owned().into_future());
    settle().await;
    gate.notify_one();
    assert_eq!(patient.await.unwrap().unwrap(), [1, 2]);
}

#[tokio::test(start_paused = true)]
async fn those_who_wait_for_room_are_told_when_the_actor_dies() {
    let (narrow, gate) = held().await;
    narrow.crash().await.unwrap();
    narrow.note(1).await.unwrap();
    let cast = tokio::spawn(narrow.note(2).owned().into_future());
    let call = tokio::spawn(narrow.seen().owned().into_future());
    settle().await;
    gate.notify_one();
    let back = cast.await.unwrap().unwrap_err();
    assert!(matches!(back, CastError::NoProc(NarrowCast::Note { n: 2 })));
    assert!(matches!(call.await.unwrap(), Err(CallError::NoProc)));
}

/// Has room for everything.
#[actor(mailbox = unbounded)]
#[derive(Default)]
struct Wide {
    sum: u64,
}

#[handlers]
impl Wide {
    #[cast]
    fn add(&mut self, n: u64) {
        self.sum += n;
    }

    #[call]
    fn sum(&self) -> u64 {
        self.sum
    }
}

#[tokio::test(start_paused = true)]
async fn an_unbounded_mailbox_never_refuses() {
    let wide = ghostlight::spawn(Wide::default()).unwrap();
    for n in 0..10_000 {
        wide.add(n).try_send().unwrap();
    }
    assert_eq!(wide.sum().await.unwrap(), 49_995_000);
}

#[tokio::test(start_paused = true)]
async fn a_task_that_casts_without_end_gives_others_their_turn() {
    let wide = ghostlight::spawn(Wide::default()).unwrap();
    let other = tokio::spawn(async {});
    let mut casts = 0;
    while !other.is_finished() {
        wide.add(1).await.unwrap();
        casts += 1;
        assert!(casts < 10_000);
    }
}

#[test]
fn many_senders_lose_nothing_on_many_threads() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(async {
        let narrow = ghostlight::spawn(Narrow::default()).unwrap();
        let senders = (0..8).map(|sender| {
            let narrow = narrow.clone();
            tokio::spawn(async move {
                for n in 0..2_000 {
                    narrow.note(sender * 2_000 + n).await.unwrap();
                }
            })
        });
        for sender in senders.collect::<Vec<_>>() {
            sender.await.unwrap();
        }
        let seen = narrow.seen().await.unwrap();
        assert_eq!(seen.len(), 16_000);
        for sender in 0..8 {
            let own: Vec<_> = seen.iter().filter(|n| **n / 2_000 == sender).collect();
            assert!(own.is_sorted(), "what one sender sent arrived in order");
        }
    });
}
