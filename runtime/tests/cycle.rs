//! A ring of actors that wait for each other is an error, not a hang; and nothing else is.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

use ghostlight::prelude::*;
use std::{sync::Arc, time::Duration};
use tokio::{sync::Notify, time::Instant};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Passes questions on, along a way that it is given.
#[actor(mailbox = 1)]
#[derive(Default)]
struct Node {
    kept: Vec<ReplyTo<u8>>,
    gate: Arc<Notify>,
}

/// Where a question goes, the last first.
type Way = Vec<NodeRef>;

/// What a question that went its way comes back with.
type Answer = Result<usize, CallError>;

#[handlers]
impl Node {
    /// How many nodes are on the way.
    #[call]
    async fn pass(&mut self, mut way: Way) -> Answer {
        match way.pop() {
            Some(next) => next.pass(way).await?.map(|steps| steps + 1),
            None => Ok(0),
        }
    }

    /// As `pass`, once the gate is opened.
    #[call]
    async fn pass_later(&mut self, mut way: Way) -> Answer {
        self.gate.notified().await;
        match way.pop() {
            Some(next) => next.pass(way).await?.map(|steps| steps + 1),
            None => Ok(0),
        }
    }

    /// As `pass`, from a handler that is a plain `fn`.
    #[call]
    fn pass_blocking(&mut self, mut way: Way) -> Answer {
        match way.pop() {
            Some(next) => next.pass_blocking(way).blocking()?.map(|steps| steps + 1),
            None => Ok(0),
        }
    }

    /// Asks two at once.
    #[call]
    async fn fork(&mut self, left: Way, right: Way) -> (Answer, Answer) {
        let ask = async |mut way: Way| match way.pop() {
            Some(next) => next.pass(way).await?,
            None => Ok(0),
        };
        tokio::join!(ask(left), ask(right))
    }

    /// Answers by way of a task.
    #[call]
    fn detach(&mut self, mut way: Way, reply: ReplyTo<Answer>) {
        tokio::spawn(async move {
            let next = way.pop().unwrap();
            reply.send(next.pass(way).await.unwrap_or_else(Err));
        });
    }

    /// Keeps the reply, and then asks.
    #[call]
    async fn keep_and_pass(&mut self, mut way: Way, reply: ReplyTo<u8>) {
        self.kept.push(reply);
        let next = way.pop().unwrap();
        let answer = next.pass(way).await;
        assert!(matches!(answer, Err(CallError::WouldDeadlock { .. })), "{answer:?}");
        self.answer_kept();
    }

    /// Answers once the gate is opened, and serves others meanwhile.
    #[call]
    fn answer_later(&mut self, reply: ReplyTo<u8>) {
        let gate = self.gate.clone();
        tokio::spawn(async move {
            gate.notified().await;
            reply.send(7);
        });
    }

    #[call]
    async fn ask_for_later(&mut self, other: NodeRef) -> Result<u8, CallError> {
        other.answer_later().await
    }

    #[call]
    async fn ask_to_keep_and_pass(&mut self, keeper: NodeRef, way: Way) -> Result<u8, CallError> {
        keeper.keep_and_pass(way).await
    }

    #[cast]
    fn answer_kept(&mut self) {
        for reply in self.kept.drain(..) {
            reply.send(7);
        }
    }

    /// Waits for room at `other`.
    #[call]
    async fn cast_to(&mut self, other: NodeRef) -> Result<(), String> {
        self.gate.notified().await;
        other.answer_kept().await.map_err(|error| error.to_string())
    }

    #[call]
    async fn ask_then_ask(&mut self, first: NodeRef, second: NodeRef, way: Way) -> Answer {
        first.pass(vec![]).await??;
        second.pass(way).await?
    }
}

/// So many nodes, and the gate that all of them share.
fn nodes<const N: usize>() -> ([NodeRef; N], Arc<Notify>) {
    let gate = Arc::new(Notify::new());
    let node = |_| ghostlight::spawn(Node { gate: gate.clone(), ..Node::default() }).unwrap();
    (std::array::from_fn(node), gate)
}

fn is_ring(answer: &Answer, lives: &[&NodeRef]) {
    let expected: Vec<_> = lives.iter().map(|node| node.pid().unwrap()).collect();
    assert!(
        matches!(answer, Err(CallError::WouldDeadlock { path }) if *path == expected),
        "{answer:?}, expected {expected:?}"
    );
}

/// OTP: `gen_server_SUITE/calling_self`, `gen_server_test/call/3 exit messages`
#[tokio::test(start_paused = true)]
async fn a_ring_of_any_length_is_told_who_waits_for_whom() {
    let ([a, b, c], _) = nodes();
    let began = Instant::now();
    is_ring(&a.pass(vec![a.clone()]).await.unwrap(), &[&a, &a]);
    is_ring(&a.pass(vec![a.clone(), b.clone()]).await.unwrap(), &[&b, &a, &b]);
    is_ring(&a.pass(vec![a.clone(), c.clone(), b.clone()]).await.unwrap(), &[&c, &a, &b, &c]);
    is_ring(&a.pass(vec![b.clone(), c.clone(), b.clone()]).await.unwrap(), &[&c, &b, &c]);
    assert!(began.elapsed() < ms(10), "at once");
    assert_eq!(a.pass(vec![c.clone(), b.clone()]).await.unwrap().unwrap(), 2, "nobody is harmed");
    assert_eq!(c.pass(vec![b, a]).await.unwrap().unwrap(), 2);
}

#[tokio::test(start_paused = true)]
async fn actors_that_run_inside_each_other_are_part_of_a_ring() {
    let ([a, b], _) = nodes();
    is_ring(&a.pass_blocking(vec![a.clone()]).await.unwrap(), &[&a, &a]);
    let answer = a.pass_blocking(vec![a.clone(), b.clone()]).await.unwrap();
    assert!(matches!(answer, Err(CallError::WouldDeadlock { .. })), "{answer:?}");
    assert_eq!(a.pass_blocking(vec![b]).await.unwrap().unwrap(), 1);
}

#[tokio::test(start_paused = true)]
async fn two_that_ask_each_other_at_once_do_not_hang() {
    let ([a, b], gate) = nodes();
    let began = Instant::now();
    let from_a = tokio::spawn(a.pass_later(vec![b.clone()]).owned().into_future());
    let from_b = tokio::spawn(b.pass_later(vec![a.clone()]).owned().into_future());
    tokio::time::advance(ms(1)).await;
    gate.notify_waiters();
    let answers = [from_a.await.unwrap().unwrap(), from_b.await.unwrap().unwrap()];
    assert!(
        answers.iter().any(|answer| matches!(answer, Err(CallError::WouldDeadlock { .. }))),
        "{answers:?}"
    );
    assert!(began.elapsed() < ms(20));
}

#[tokio::test(start_paused = true)]
async fn each_of_several_replies_that_a_handler_waits_for_counts() {
    let ([a, b, c], _) = nodes();
    let (left, right) = a.fork(vec![b.clone()], vec![a.clone(), c.clone()]).await.unwrap();
    assert_eq!(left.unwrap(), 0);
    is_ring(&right, &[&c, &a, &c]);
    let (left, right) = a.fork(vec![a.clone(), b.clone()], vec![c.clone()]).await.unwrap();
    is_ring(&left, &[&b, &a, &b]);
    assert_eq!(right.unwrap(), 0);
    let (left, right) = a.fork(vec![b.clone(), c.clone()], vec![c, b]).await.unwrap();
    assert!(
        left.is_ok() || right.is_ok(),
        "one of two that cross may close a ring, and not both: {left:?} {right:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn who_answers_later_is_not_waited_for_by_its_actor() {
    let ([a, b], gate) = nodes();
    let waits = tokio::spawn(a.ask_for_later(b.clone()).owned().into_future());
    tokio::time::advance(ms(1)).await;
    // `a` waits for an answer that does not need `b` any more, which is free to ask `a`.
    let asks = tokio::spawn(b.pass(vec![a.clone()]).owned().into_future());
    tokio::time::advance(ms(1)).await;
    assert!(!asks.is_finished(), "its turn comes");
    gate.notify_one();
    assert_eq!(waits.await.unwrap().unwrap().unwrap(), 7);
    assert_eq!(asks.await.unwrap().unwrap().unwrap(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_will_answer_later_is_waited_for_until_it_returns() {
    let ([a, b], _) = nodes();
    // `b` keeps the reply, and asks `a` within the same handler: `a` waits for that handler.
    let answer = a.ask_to_keep_and_pass(b, vec![a.clone()]).await.unwrap();
    assert_eq!(answer.unwrap(), 7);
}

#[tokio::test(start_paused = true)]
async fn a_task_that_a_handler_spawned_waits_for_itself_only() {
    let ([a, b], _) = nodes();
    assert_eq!(a.detach(vec![a.clone()]).await.unwrap().unwrap(), 0);
    assert_eq!(a.detach(vec![a.clone(), b]).await.unwrap().unwrap(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_waits_for_room_waits() {
    let ([a, b], gate) = nodes();
    // Both mailboxes are full, and each handler wants to cast to the other.
    let from_a = tokio::spawn(a.cast_to(b.clone()).owned().into_future());
    let from_b = tokio::spawn(b.cast_to(a.clone()).owned().into_future());
    tokio::time::advance(ms(1)).await;
    a.answer_kept().try_send().unwrap();
    b.answer_kept().try_send().unwrap();
    gate.notify_waiters();
    let sent = [from_a.await.unwrap().unwrap(), from_b.await.unwrap().unwrap()];
    assert!(sent.contains(&Err("the sender would wait for itself".to_owned())), "{sent:?}");
}

#[tokio::test(start_paused = true)]
async fn what_was_waited_for_before_is_forgotten() {
    let ([a, b, c], _) = nodes();
    for _ in 0..100 {
        let answer = a.ask_then_ask(b.clone(), c.clone(), vec![b.clone()]).await.unwrap();
        assert_eq!(answer.unwrap(), 1);
        let answer = b.ask_then_ask(a.clone(), c.clone(), vec![a.clone()]).await.unwrap();
        assert_eq!(answer.unwrap(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_timed_out_is_waited_for_no_more() {
    let ([a, b], gate) = nodes();
    let stuck = tokio::spawn(b.pass_later(vec![]).owned().into_future());
    tokio::time::advance(ms(1)).await;
    let late = a.pass(vec![b.clone()]).timeout(ms(50)).await;
    assert!(matches!(late, Err(CallError::Timeout) | Ok(Err(CallError::Timeout))), "{late:?}");
    gate.notify_one();
    stuck.await.unwrap().unwrap().unwrap();
    assert_eq!(b.pass(vec![a]).await.unwrap().unwrap(), 1);
}

/// A question that goes along a random way among busy actors, on several threads, is answered if no actor is on it twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ways_without_a_ring_give_no_false_alarm_and_rings_never_hang() {
    const NODES: usize = 12;
    // A million of each in the long run.
    let is_long = std::env::var("GHOSTLIGHT_SOAK").is_ok_and(|soak| soak == "full");
    let (ways, rings) = if is_long { (125_000, 1_000_000) } else { (2_000, 2_000) };
    let nodes: Vec<NodeRef> =
        (0..NODES).map(|_| ghostlight::spawn(Node::default()).unwrap()).collect();
    // Questions go upwards only, so that no two of them can wait for each other; those that go round close a ring by themselves.
    let mut askers = Vec::new();
    for asker in 0..8_u64 {
        let nodes = nodes.clone();
        askers.push(tokio::spawn(async move {
            let mut random = asker.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
            for _ in 0..ways {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                let way: Vec<usize> = (0..NODES).filter(|at| random >> at & 1 == 1).collect();
                let Some((first, rest)) = way.split_first() else { continue };
                let upwards: Way = rest.iter().rev().map(|at| nodes[*at].clone()).collect();
                let answer = nodes[*first].pass(upwards).timeout(Duration::MAX).await.unwrap();
                assert_eq!(answer.unwrap(), rest.len());
            }
        }));
    }
    for asker in askers {
        asker.await.unwrap();
    }
    let mut askers = Vec::new();
    for asker in 0..8 {
        let nodes = nodes.clone();
        askers.push(tokio::spawn(async move {
            for ring in (asker..rings).step_by(8) {
                let (length, first) = (1 + ring % 5, ring % NODES);
                let at = |step: usize| nodes[(first + step % length) % NODES].clone();
                let mut round: Way = (0..=length).rev().map(at).collect();
                let first = round.pop().unwrap();
                let answer = first.pass(round).timeout(Duration::MAX).await.unwrap();
                assert!(matches!(answer, Err(CallError::WouldDeadlock { .. })), "{answer:?}");
            }
        }));
    }
    for asker in askers {
        asker.await.unwrap();
    }
}
