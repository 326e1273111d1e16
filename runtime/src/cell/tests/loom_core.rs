//! The state machine, with senders, callers and a driver on threads of their own.
//!
//! The actor of the model notes the numbers that it is sent. Its runner does what `cell/run.rs` does, on the same core.

use super::model;
use crate::{
    cell::{
        core::{Claim, Core, Doomed, Fate, SeesTo, Tell},
        mailbox::{Place, Turn},
        queue::Queue,
    },
    exit::ExitReason,
    sync::{Mutex, lock},
};
use loom::{
    future::block_on,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
};
use std::{
    future::poll_fn,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
};

/// Makes the handler await the event.
const AWAIT: usize = 100;

/// Ends the life.
const CRASH: usize = 101;

struct Body {
    batch: Queue<usize>,
    /// The handler awaits the event.
    awaits: bool,
}

struct Actor {
    core: Mutex<Core<usize, Body>>,
    /// An exit signal has arrived.
    sentenced: AtomicBool,
    noted: AtomicUsize,
    running: AtomicUsize,
    event: AtomicBool,
    capacity: usize,
}

impl Actor {
    fn idle(capacity: usize) -> Arc<Self> {
        let mut core = Core::starting();
        core.serve();
        assert!(core.idle(Body { batch: Queue::new(), awaits: false }).is_ok());
        Arc::new(Self { core: Mutex::new(core), capacity, ..Self::vacant() })
    }

    /// A role without a life.
    fn vacant() -> Self {
        Self {
            core: Mutex::new(Core::vacant()),
            sentenced: AtomicBool::new(false),
            noted: AtomicUsize::new(0),
            running: AtomicUsize::new(0),
            event: AtomicBool::new(false),
            capacity: usize::MAX,
        }
    }

    /// Sends, and does what is to be done then: the thread of the driver, if it is this one that has to start it.
    fn send(self: &Arc<Self>, number: usize) -> Option<thread::JoinHandle<()>> {
        let mut core = lock(&self.core);
        if core.is_done() {
            return None;
        }
        let tell = if core.push(number) { core.tell_driver() } else { Tell::Nothing };
        drop(core);
        self.told(tell)
    }

    fn told(self: &Arc<Self>, tell: Tell) -> Option<thread::JoinHandle<()>> {
        match tell {
            Tell::Nothing => None,
            Tell::Wake(waker) => {
                waker.wake();
                None
            }
            Tell::Start => {
                let actor = Arc::clone(self);
                Some(thread::spawn(move || actor.drive()))
            }
        }
    }

    /// The driver: until the actor is done.
    fn drive(self: Arc<Self>) {
        let mut known = false;
        block_on(poll_fn(|cx| {
            if !std::mem::replace(&mut known, true) {
                lock(&self.core).set_driver(cx.waker());
            }
            if self.run() { Poll::Ready(()) } else { Poll::Pending }
        }));
    }

    /// One run. Says whether the actor is done.
    fn run(self: &Arc<Self>) -> bool {
        let mut body = match lock(&self.core).claim() {
            Claim::Body(body) => body,
            Claim::Nothing => return false,
            Claim::Done => return true,
        };
        assert_eq!(self.running.fetch_add(1, Ordering::Relaxed), 0, "one runner at a time");
        loop {
            if self.sentenced.load(Ordering::Relaxed) {
                assert!(lock(&self.core).take_sentence().is_some());
                return self.end_life(body);
            }
            if body.awaits && self.event.load(Ordering::Acquire) {
                body.awaits = false;
                self.noted.fetch_add(1, Ordering::Relaxed);
            }
            if body.awaits {
                self.running.fetch_sub(1, Ordering::Relaxed);
                let mut core = lock(&self.core);
                match core.suspend(body) {
                    Ok(()) => return false,
                    Err(_) if core.is_doomed() => {
                        drop(core);
                        self.end();
                        return true;
                    }
                    Err(woken) => body = woken,
                }
                drop(core);
                self.running.fetch_add(1, Ordering::Relaxed);
                continue;
            }
            if body.batch.is_empty() {
                let mut core = lock(&self.core);
                core.mailbox.take(&mut body.batch);
                let wakers = core.mailbox.grant(self.capacity);
                drop(core);
                assert!(!wakers.wake());
            }
            match body.batch.pop_front() {
                Some(AWAIT) => body.awaits = true,
                Some(CRASH) => return self.end_life(body),
                Some(_) => {
                    self.noted.fetch_add(1, Ordering::Relaxed);
                }
                None => {
                    self.running.fetch_sub(1, Ordering::Relaxed);
                    let mut core = lock(&self.core);
                    if core.is_doomed() {
                        drop(core);
                        self.end();
                        return true;
                    }
                    match core.idle(body) {
                        Ok(()) => return false,
                        Err(more) => body = more,
                    }
                    drop(core);
                    self.running.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
    }

    /// The life is over; what it had taken out waits for the next. Says whether there is none.
    fn end_life(&self, body: Body) -> bool {
        self.running.fetch_sub(1, Ordering::Relaxed);
        let mut core = lock(&self.core);
        if core.vacate(&ExitReason::Killed) {
            core.mailbox.put_back(body.batch);
            return false;
        }
        drop(core);
        self.end();
        true
    }

    /// The supervisor begins another life, as soon as the last one has ended.
    fn live_again(self: &Arc<Self>) -> Option<thread::JoinHandle<()>> {
        while lock(&self.core).begin().is_err() {
            thread::yield_now();
        }
        self.sentenced.store(false, Ordering::Relaxed);
        let mut core = lock(&self.core);
        core.serve();
        let tell = match core.idle(Body { batch: Queue::new(), awaits: false }) {
            Ok(()) => Tell::Nothing,
            Err(body) => {
                core.requeue(body);
                core.tell_driver()
            }
        };
        drop(core);
        self.told(tell)
    }

    /// An exit signal that acts on arrival.
    fn sentence(self: &Arc<Self>) -> Option<thread::JoinHandle<()>> {
        let mut core = lock(&self.core);
        self.sentenced.store(true, Ordering::Relaxed);
        let tell = match core.sentence(ExitReason::Killed) {
            SeesTo::Nobody => Tell::Nothing,
            SeesTo::Runner => core.tell_driver(),
            SeesTo::Starter(waker) => Tell::Wake(waker),
        };
        drop(core);
        self.told(tell)
    }

    fn end(&self) {
        let left = lock(&self.core).end();
        left.wakers.into_iter().for_each(Waker::wake);
    }

    /// Ends the actor from outside, as the end of the runtime does.
    fn doom(&self) {
        let doomed = lock(&self.core).doom();
        if !matches!(doomed, Doomed::Nothing) {
            self.end();
        }
    }

    fn noted(&self) -> usize {
        self.noted.load(Ordering::Relaxed)
    }

    /// Ends an actor that has nothing left to do, and its driver with it.
    fn finish(self: &Arc<Self>, expected: usize) {
        // All senders are through; whoever has work was told. So it gets done, or this never returns and loom says so.
        while self.noted() < expected {
            thread::yield_now();
        }
        self.doom();
    }
}

impl Wake for Actor {
    fn wake(self: Arc<Self>) {
        let mut core = lock(&self.core);
        let tell = if core.wake() { core.tell_driver() } else { Tell::Nothing };
        drop(core);
        assert!(self.told(tell).is_none(), "an actor that awaits has a driver");
    }
}

fn join(threads: impl IntoIterator<Item = Option<thread::JoinHandle<()>>>) {
    threads.into_iter().flatten().for_each(|thread| thread.join().unwrap());
}

#[test]
fn loom_what_two_senders_send_is_handled() {
    model(|| {
        let actor = Actor::idle(usize::MAX);
        let other = Arc::clone(&actor);
        let sends = thread::spawn(move || other.send(1));
        let mine = actor.send(2);
        let theirs = sends.join().unwrap();
        assert!(mine.is_some() != theirs.is_some(), "one driver");
        actor.finish(2);
        join([mine, theirs]);
    });
}

#[test]
fn loom_a_driver_that_goes_to_rest_misses_nothing() {
    model(|| {
        let actor = Actor::idle(usize::MAX);
        let driver = actor.send(1);
        assert!(actor.send(2).is_none());
        actor.finish(2);
        join([driver]);
    });
}

#[test]
fn loom_an_inline_call_and_a_send_exclude_each_other() {
    model(|| {
        let actor = Actor::idle(usize::MAX);
        let other = Arc::clone(&actor);
        let calls = thread::spawn(move || {
            let claimed = lock(&other.core).claim_idle(|_| true);
            let Some(body) = claimed else {
                return (0, None);
            };
            assert_eq!(other.running.fetch_add(1, Ordering::Relaxed), 0, "one runner at a time");
            other.noted.fetch_add(1, Ordering::Relaxed);
            other.running.fetch_sub(1, Ordering::Relaxed);
            let mut core = lock(&other.core);
            let tell = match core.idle(body) {
                Ok(()) => Tell::Nothing,
                Err(body) => {
                    core.requeue(body);
                    core.tell_driver()
                }
            };
            drop(core);
            (1, other.told(tell))
        });
        let mine = actor.send(1);
        let (called, theirs) = calls.join().unwrap();
        actor.finish(1 + called);
        join([mine, theirs]);
    });
}

#[test]
fn loom_a_waker_that_fires_while_the_handler_suspends_is_heard() {
    model(|| {
        let actor = Actor::idle(usize::MAX);
        let driver = actor.send(AWAIT);
        // The event happens once, and the waker fires once: before, while, or after the handler suspends.
        actor.event.store(true, Ordering::Release);
        Waker::from(Arc::clone(&actor)).wake();
        actor.finish(1);
        join([driver]);
    });
}

/// Sends to a bounded mailbox: waits for room.
async fn send_bounded(actor: &Arc<Actor>, number: usize) -> Option<thread::JoinHandle<()>> {
    let mut place: Option<Place> = None;
    poll_fn(|cx| {
        let mut core = lock(&actor.core);
        let turn = match place {
            None if core.mailbox.has_room(actor.capacity) => Turn::Granted,
            None => {
                place = Some(core.mailbox.join(cx.waker()));
                Turn::NotYet
            }
            Some(place) => core.mailbox.turn(place, cx.waker()),
        };
        match turn {
            Turn::Granted => {}
            Turn::NotYet => return Poll::Pending,
            Turn::Closed => panic!("nobody closes it"),
        }
        let tell = if core.push(number) { core.tell_driver() } else { Tell::Nothing };
        drop(core);
        Poll::Ready(actor.told(tell))
    })
    .await
}

#[test]
fn loom_senders_that_wait_for_room_all_get_it() {
    model(|| {
        let actor = Actor::idle(1);
        let other = Arc::clone(&actor);
        let sends = thread::spawn(move || {
            let first = block_on(send_bounded(&other, 1));
            let second = block_on(send_bounded(&other, 2));
            [first, second]
        });
        let mine = block_on(send_bounded(&actor, 3));
        let theirs = sends.join().unwrap();
        actor.finish(3);
        join(theirs.into_iter().chain([mine]));
    });
}

#[test]
fn loom_room_granted_to_one_who_leaves_goes_to_the_next() {
    model(|| {
        let actor = Actor::idle(1);
        let driver = actor.send(1);
        // Joins the line, if there is one, and leaves it.
        let other = Arc::clone(&actor);
        let leaves = thread::spawn(move || {
            let mut core = lock(&other.core);
            if core.mailbox.has_room(1) {
                return;
            }
            let place = core.mailbox.join(Waker::noop());
            drop(core);
            let mut core = lock(&other.core);
            if core.mailbox.leave(place) {
                let wakers = core.mailbox.grant(1);
                drop(core);
                wakers.wake();
            }
        });
        let mine = block_on(send_bounded(&actor, 2));
        leaves.join().unwrap();
        actor.finish(2);
        join([driver, mine]);
    });
}

#[test]
fn loom_an_actor_that_is_handed_on_runs_once() {
    model(|| {
        // One driver activates the actor and runs it next; meanwhile another sender finds it queued.
        let actor = Actor::idle(usize::MAX);
        let other = Arc::clone(&actor);
        let chain = thread::spawn(move || {
            if lock(&other.core).push(1) {
                other.run();
            }
        });
        let mine = actor.send(2);
        chain.join().unwrap();
        actor.finish(2);
        join([mine]);
    });
}

#[test]
fn loom_an_actor_that_is_handed_on_and_displaced_is_woken() {
    model(|| {
        let actor = Actor::idle(usize::MAX);
        let other = Arc::clone(&actor);
        let chain = thread::spawn(move || {
            // Activated, but another actor took its place: it is given to its driver.
            let activated = lock(&other.core).push(1);
            if !activated {
                return None;
            }
            let tell = lock(&other.core).tell_driver();
            other.told(tell)
        });
        let mine = actor.send(2);
        let theirs = chain.join().unwrap();
        actor.finish(2);
        join([mine, theirs]);
    });
}

#[test]
fn loom_an_end_from_outside_reaches_whoever_runs() {
    model(|| {
        let actor = Actor::idle(usize::MAX);
        let driver = actor.send(1);
        let other = Arc::clone(&actor);
        let dooms = thread::spawn(move || other.doom());
        let late = actor.send(2);
        dooms.join().unwrap();
        join([driver, late]);
        assert!(lock(&actor.core).is_done());
    });
}

#[test]
fn loom_one_who_waits_for_room_is_woken_by_the_end() {
    model(|| {
        let actor = Actor::idle(1);
        assert!(lock(&actor.core).push(1));
        let other = Arc::clone(&actor);
        let waits = thread::spawn(move || {
            let mut place = None;
            block_on(poll_fn(|cx: &mut Context<'_>| {
                let mut core = lock(&other.core);
                let turn = match place {
                    None if core.is_done() => Turn::Closed,
                    None => {
                        place = Some(core.mailbox.join(cx.waker()));
                        Turn::NotYet
                    }
                    Some(place) => core.mailbox.turn(place, cx.waker()),
                };
                if turn == Turn::Closed { Poll::Ready(()) } else { Poll::Pending }
            }));
        });
        actor.doom();
        waits.join().unwrap();
    });
}

/// An actor whose supervisor restarts it.
fn kept() -> Arc<Actor> {
    let actor = Actor::idle(usize::MAX);
    lock(&actor.core).set_fate(Fate::Vacates);
    actor
}

#[test]
fn loom_what_is_sent_around_a_crash_is_handled_by_the_next_life() {
    model(|| {
        let actor = kept();
        let other = Arc::clone(&actor);
        let sends = thread::spawn(move || other.send(1));
        let mine = actor.send(CRASH);
        let again = actor.live_again();
        let theirs = sends.join().unwrap();
        actor.finish(1);
        join([mine, theirs, again]);
    });
}

#[test]
fn loom_what_a_life_had_taken_out_is_handled_by_the_next() {
    model(|| {
        let actor = kept();
        let driver = actor.send(CRASH);
        assert!(actor.send(1).is_none());
        let again = actor.live_again();
        actor.finish(1);
        join([driver, again]);
    });
}

#[test]
fn loom_an_exit_signal_ends_the_life_wherever_it_is() {
    model(|| {
        // It may find the handler about to begin, awaiting, or the actor idle: in any case the life ends, so that the next begins.
        let actor = kept();
        let driver = actor.send(AWAIT);
        let other = Arc::clone(&actor);
        let signals = thread::spawn(move || other.sentence());
        let theirs = signals.join().unwrap();
        let again = actor.live_again();
        actor.doom();
        join([driver, again, theirs]);
    });
}

#[test]
fn loom_an_exit_signal_ends_a_life_that_is_being_built() {
    model(|| {
        let actor = Arc::new(Actor { core: Mutex::new(Core::starting()), ..Actor::vacant() });
        let other = Arc::clone(&actor);
        let signals = thread::spawn(move || other.sentence());
        // An init that would wait for ever.
        let sentence = block_on(poll_fn(|cx| match lock(&actor.core).watch_start(cx.waker()) {
            Some(reason) => Poll::Ready(reason),
            None => Poll::Pending,
        }));
        assert!(matches!(sentence, ExitReason::Killed));
        join([signals.join().unwrap()]);
    });
}

#[test]
fn loom_a_role_that_is_closed_while_somebody_sends_keeps_nothing() {
    model(|| {
        let actor = Arc::new(Actor::vacant());
        let other = Arc::clone(&actor);
        let sends = thread::spawn(move || {
            let mut core = lock(&other.core);
            let is_open = !core.is_done();
            if is_open {
                assert!(!core.push(1), "nobody runs a role without a life");
            }
            is_open
        });
        let left = lock(&actor.core).end().messages.len();
        assert_eq!(sends.join().unwrap(), left == 1, "it is told, or it was refused");
    });
}
