//! A reply slot, with its ends on two threads.

use super::model;
use crate::{
    cell::{
        slot::{Request, Slot, pair, pool},
        waits::{Edge, Vertex},
    },
    sync::Ordering,
};
use loom::{future::block_on, sync::Arc, thread};
use std::{
    future::poll_fn,
    pin::pin,
    sync::atomic::AtomicUsize,
    task::{Context, Poll, Wake, Waker},
};

const REQUEST: Request = Request::NONE;

/// A value that loom would see leaked or dropped twice.
type Value = Arc<u32>;

fn edge_in(slot: &'static Slot) -> Edge {
    let (target, generation) = (Vertex::take(), slot.generation());
    Edge { target, generation, for_end: false, is_certain: false }
}

fn nothing_is_in_use() {
    assert_eq!(pool::IN_USE.load(Ordering::Relaxed), 0, "every slot has gone back to the pool");
}

#[test]
fn loom_an_answer_reaches_the_one_who_waits() {
    model(|| {
        let (sender, mut receiver) = pair::<Value>(REQUEST);
        let sends = thread::spawn(move || sender.send(Arc::new(7)));
        assert_eq!(*block_on(poll_fn(|cx| receiver.poll(cx))), 7);
        drop(receiver);
        sends.join().unwrap();
        nothing_is_in_use();
    });
}

#[test]
fn loom_an_answer_wakes_one_who_prepared_to_wait_before_the_sender_was_given_away() {
    model(|| {
        let (sender, mut receiver) = pair::<Value>(REQUEST);
        let mut sender = Some(sender);
        let mut sends = None;
        let answer = block_on(poll_fn(|cx| {
            let Some(sender) = sender.take() else { return receiver.poll(cx) };
            receiver.prepare(cx.waker());
            sends = Some(thread::spawn(move || sender.send(Arc::new(7))));
            Poll::Pending
        }));
        assert_eq!(*answer, 7);
        sends.unwrap().join().unwrap();
        nothing_is_in_use();
    });
}

#[test]
fn loom_one_who_prepared_to_wait_may_go() {
    model(|| {
        let (sender, receiver) = pair::<Value>(REQUEST);
        receiver.prepare(Waker::noop());
        let sends = thread::spawn(move || sender.send(Arc::new(7)));
        drop(receiver);
        sends.join().unwrap();
        nothing_is_in_use();
    });
}

#[test]
fn loom_a_large_answer_reaches_the_one_who_waits() {
    model(|| {
        let (sender, mut receiver) = pair::<[Value; 9]>(REQUEST);
        let value = Arc::new(7);
        let values = std::array::from_fn(|_| value.clone());
        let sends = thread::spawn(move || sender.send(values));
        let got = block_on(poll_fn(|cx| receiver.poll(cx)));
        assert_eq!(Arc::strong_count(&value), 10);
        drop((got, value));
        sends.join().unwrap();
        nothing_is_in_use();
    });
}

#[test]
fn loom_an_answer_to_one_who_has_gone_is_dropped_once() {
    model(|| {
        let (sender, receiver) = pair::<Value>(REQUEST);
        let sends = thread::spawn(move || sender.send(Arc::new(7)));
        drop(receiver);
        sends.join().unwrap();
        nothing_is_in_use();
    });
}

#[test]
fn loom_one_who_waited_may_go_while_the_answer_comes() {
    model(|| {
        let (sender, mut receiver) = pair::<Value>(REQUEST);
        let sends = thread::spawn(move || {
            let _ = sender.is_abandoned();
            sender.send(Arc::new(7));
        });
        let first = receiver.poll(&mut Context::from_waker(Waker::noop()));
        drop(first);
        drop(receiver);
        sends.join().unwrap();
        nothing_is_in_use();
    });
}

#[test]
fn loom_the_one_who_waits_may_move_to_another_task() {
    model(|| {
        let (sender, mut receiver) = pair::<Value>(REQUEST);
        let sends = thread::spawn(move || sender.send(Arc::new(7)));
        let first = receiver.poll(&mut Context::from_waker(Waker::noop()));
        let value = match first {
            Poll::Ready(value) => value,
            Poll::Pending => block_on(pin!(poll_fn(|cx| receiver.poll(cx)))),
        };
        assert_eq!(*value, 7);
        drop((receiver, value));
        sends.join().unwrap();
        nothing_is_in_use();
    });
}

/// Somebody else wakes the one who waits, while the answer comes and while that one looks or goes.
#[test]
fn loom_one_who_is_woken_by_a_third_has_the_answer_all_the_same() {
    model(|| {
        let (sender, mut receiver) = pair::<Value>(REQUEST);
        let slot = receiver.slot().unwrap();
        let edge = edge_in(slot);
        receiver.prepare(Waker::noop());
        let sends = thread::spawn(move || sender.send(Arc::new(7)));
        let pokes = thread::spawn(move || slot.poke(edge));
        // Once beside both; then without the third, as two that wait for it in turn would keep it from going on here.
        let first = receiver.poll(&mut Context::from_waker(Waker::noop()));
        pokes.join().unwrap();
        let answer = match first {
            Poll::Ready(answer) => answer,
            Poll::Pending => block_on(poll_fn(|cx| receiver.poll(cx))),
        };
        assert_eq!(*answer, 7);
        drop((answer, receiver));
        sends.join().unwrap();
        nothing_is_in_use();
    });
}

#[test]
fn loom_one_who_goes_while_a_third_would_wake_it_leaves_nothing() {
    model(|| {
        let (sender, receiver) = pair::<Value>(REQUEST);
        let slot = receiver.slot().unwrap();
        let edge = edge_in(slot);
        receiver.prepare(Waker::noop());
        let sends = thread::spawn(move || sender.send(Arc::new(7)));
        let pokes = thread::spawn(move || slot.poke(edge));
        drop(receiver);
        sends.join().unwrap();
        pokes.join().unwrap();
        nothing_is_in_use();
    });
}

struct Woken(AtomicUsize);

impl Wake for Woken {
    fn wake(self: std::sync::Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn loom_one_who_means_an_earlier_use_does_not_keep_another_from_waking() {
    model(|| {
        let (sender, receiver) = pair::<Value>(REQUEST);
        let slot = receiver.slot().unwrap();
        let edge = edge_in(slot);
        let earlier = Edge { generation: edge.generation.wrapping_sub(1), ..edge };
        let woken = std::sync::Arc::new(Woken(AtomicUsize::new(0)));
        receiver.prepare(&Waker::from(std::sync::Arc::clone(&woken)));
        let pokes = thread::spawn(move || slot.poke(earlier));
        slot.poke(edge);
        pokes.join().unwrap();
        assert_eq!(woken.0.load(Ordering::Relaxed), 1);
        drop(receiver);
        sender.send(Arc::new(7));
        nothing_is_in_use();
    });
}
