//! Edges between actors that wait, against each other and against answers.

use super::model;
use crate::{
    cell::{
        ring::{self, Search},
        slot::{self, Receiver, Request},
        waits::{self, Vertex},
    },
    pid::Pid,
};
use loom::thread;

/// Waits for `target`. Says whether that closes a ring.
fn closes_a_ring(receiver: &Receiver<u32>, (me, pid): (Vertex, Pid), target: Vertex) -> bool {
    waits::add(receiver.slot().unwrap(), (me, Some(pid)), target);
    ring::find(&Search::of(me, target, &[me])).is_some()
}

fn actor() -> (Vertex, Pid) {
    (Vertex::take(), Pid::next())
}

#[test]
fn loom_of_two_that_wait_for_each_other_at_once_one_is_told() {
    model(|| {
        let (a, b) = (actor(), actor());
        let other = thread::spawn(move || {
            let (sender, receiver) = slot::pair::<u32>(Request::NONE);
            (closes_a_ring(&receiver, b, a.0), sender, receiver)
        });
        let (sender, receiver) = slot::pair::<u32>(Request::NONE);
        let mine = closes_a_ring(&receiver, a, b.0);
        let (theirs, other_sender, other_receiver) = other.join().unwrap();
        assert!(mine || theirs, "neither sees the ring");
        for (sender, receiver) in [(sender, receiver), (other_sender, other_receiver)] {
            sender.send(1);
            drop(receiver);
        }
    });
}

#[test]
fn loom_who_has_answered_may_ask() {
    model(|| {
        let (a, b) = (actor(), actor());
        let (sender, receiver) = slot::pair::<u32>(Request::NONE);
        assert!(!closes_a_ring(&receiver, a, b.0));
        // `b` answers, and asks `a`, which may not have looked at the answer yet, or wait for somebody else already.
        let other = thread::spawn(move || {
            sender.send(1);
            let (sender, receiver) = slot::pair::<u32>(Request::NONE);
            let is_ring = closes_a_ring(&receiver, b, a.0);
            sender.send(2);
            drop(receiver);
            is_ring
        });
        let answer = loom::future::block_on({
            let mut receiver = receiver;
            std::future::poll_fn(move |cx| receiver.poll(cx))
        });
        assert_eq!(answer, 1);
        let c = actor();
        let (sender, receiver) = slot::pair::<u32>(Request::NONE);
        assert!(!closes_a_ring(&receiver, a, c.0));
        sender.send(3);
        drop(receiver);
        assert!(!other.join().unwrap(), "a false alarm");
    });
}

#[test]
fn loom_who_gave_up_is_not_waited_for() {
    model(|| {
        let (a, b) = (actor(), actor());
        let (sender, receiver) = slot::pair::<u32>(Request::NONE);
        assert!(!closes_a_ring(&receiver, a, b.0));
        drop(receiver); // its time was up
        let other = thread::spawn(move || {
            let (sender, receiver) = slot::pair::<u32>(Request::NONE);
            let is_ring = closes_a_ring(&receiver, b, a.0);
            sender.send(2);
            drop(receiver);
            is_ring
        });
        sender.send(1);
        assert!(!other.join().unwrap(), "a false alarm");
    });
}
