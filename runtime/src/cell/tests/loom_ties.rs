//! Links and monitors, made and undone while one side dies.
//!
//! An actor of the model is its ties and what it has been told. It ends as `cell/run.rs` ends a life, and is told as `link.rs` tells.

use super::model;
use crate::{
    cell::ties::{self, Ties},
    monitor::MonitorRef,
    pid::Pid,
};
use loom::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};
use std::sync::Arc;

struct Actor {
    ties: Ties<Arc<Actor>, Arc<AtomicUsize>>,
    /// How often an exit signal came through a link that was there.
    exits: AtomicUsize,
}

impl Actor {
    fn new() -> Arc<Self> {
        Arc::new(Self { ties: Ties::new(Some(Pid::next())), exits: AtomicUsize::new(0) })
    }

    fn link(self: &Arc<Self>, other: &Arc<Self>) -> bool {
        let to = |actor: &Arc<Self>| Arc::clone(actor);
        ties::link((&self.ties, to(self)), (&other.ties, to(other))).is_ok()
    }

    fn unlink(&self, other: &Self, (own, others): (Pid, Pid)) -> bool {
        let was_linked = self.ties.unlink(others).is_some();
        drop(other.ties.unlink(own));
        was_linked
    }

    fn watch(&self, told: &Arc<AtomicUsize>) -> Result<Pid, Arc<AtomicUsize>> {
        self.ties.watch(MonitorRef::next(), Arc::clone(told), |_| false)
    }

    /// The life ends, and those tied to it are told.
    fn end(&self) {
        let pid = self.pid();
        let Some(bonds) = self.ties.end() else { return };
        bonds.links.drain(|_, actor| {
            if actor.ties.unlink(pid).is_some() {
                actor.exits.fetch_add(1, Ordering::Relaxed);
            }
        });
        bonds.watches.drain(|_, told| _ = told.fetch_add(1, Ordering::Relaxed));
    }

    fn pid(&self) -> Pid {
        self.ties.pid().expect("it lives")
    }

    fn exits(&self) -> usize {
        self.exits.load(Ordering::Relaxed)
    }
}

fn dies(actor: &Arc<Actor>) -> thread::JoinHandle<()> {
    let actor = Arc::clone(actor);
    thread::spawn(move || actor.end())
}

#[test]
fn loom_a_monitor_of_a_dying_actor_is_told_once() {
    model(|| {
        let actor = Actor::new();
        let told = Arc::new(AtomicUsize::new(0));
        let end = dies(&actor);
        if let Err(told) = actor.watch(&told) {
            told.fetch_add(1, Ordering::Relaxed); // no such actor
        }
        end.join().unwrap();
        assert_eq!(told.load(Ordering::Relaxed), 1);
    });
}

#[test]
fn loom_a_monitor_that_is_undone_in_time_is_not_told() {
    model(|| {
        let actor = Actor::new();
        let told = Arc::new(AtomicUsize::new(0));
        let monitor = MonitorRef::next();
        assert!(actor.ties.watch(monitor, Arc::clone(&told), |_| false).is_ok());
        let end = dies(&actor);
        let was_undone = actor.ties.unwatch(monitor).is_some();
        end.join().unwrap();
        assert_eq!(told.load(Ordering::Relaxed), usize::from(!was_undone));
    });
}

#[test]
fn loom_who_links_to_a_dying_actor_is_told_either_way() {
    model(|| {
        let (actor, other) = (Actor::new(), Actor::new());
        let end = dies(&other);
        let is_linked = actor.link(&other);
        end.join().unwrap();
        // Told by the link, or by what `link` said; not by both.
        assert_eq!(actor.exits(), usize::from(is_linked));
        if let Some(bonds) = actor.ties.end() {
            bonds.links.drain(|_, _| panic!("it is linked to nobody"));
        }
    });
}

#[test]
fn loom_two_that_link_to_each_other_while_one_dies_are_told_once() {
    model(|| {
        let (actor, other) = (Actor::new(), Actor::new());
        let pids = (actor.pid(), other.pid());
        let (one, two) = (Arc::clone(&actor), Arc::clone(&other));
        let links = thread::spawn(move || {
            let is_linked = two.link(&one);
            two.end();
            is_linked
        });
        let is_linked = actor.link(&other);
        let was_linked = links.join().unwrap();
        assert!(was_linked, "the first one lives all the time");
        assert!(actor.exits() <= 1);
        assert!(actor.exits() == 1 || !is_linked, "who is linked is told");
        assert!(actor.ties.unlink(pids.1).is_none());
    });
}

#[test]
fn loom_a_link_that_is_undone_in_time_tells_nobody() {
    model(|| {
        let (actor, other) = (Actor::new(), Actor::new());
        let pids = (actor.pid(), other.pid());
        assert!(actor.link(&other));
        let end = dies(&other);
        let was_linked = actor.unlink(&other, pids);
        end.join().unwrap();
        assert_eq!(actor.exits(), usize::from(!was_linked));
    });
}

#[test]
fn loom_two_that_die_together_are_both_told_or_gone() {
    model(|| {
        let (actor, other) = (Actor::new(), Actor::new());
        assert!(actor.link(&other));
        let end = dies(&other);
        actor.end();
        end.join().unwrap();
        assert!(actor.exits() + other.exits() <= 1, "the first to go had nobody to hear from");
    });
}
