//! Random children, strategies and ends, against a small model of who lives and how often each was started.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod worker;

use ghostlight::{Strategy, SupervisorRef, prelude::*};
use proptest::{collection::vec, prelude::*, sample::Index, test_runner::TestCaseError};
use std::sync::Arc;
use worker::{Log, Script, Worker, settle};

#[derive(Clone, Copy, Debug)]
enum Deed {
    Normal,
    Shutdown,
    Crash,
    Kill,
    Terminate,
    Restart,
    Delete,
}

const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];

/// A child, as the model sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Child {
    name: &'static str,
    restart: Restart,
    starts: u32,
    lives: bool,
}

struct Model {
    strategy: Strategy,
    intensity: usize,
    restarts: usize,
    children: Vec<Child>,
    gave_up: bool,
}

impl Model {
    /// A life has ended.
    fn ended(&mut self, at: usize, is_orderly: bool) {
        self.children[at].lives = false;
        match self.children[at].restart {
            Restart::Temporary => _ = self.children.remove(at),
            Restart::Transient if is_orderly => {}
            _ => self.restart(at),
        }
    }

    fn restart(&mut self, at: usize) {
        self.restarts += 1;
        if self.restarts > self.intensity {
            self.gave_up = true;
            return;
        }
        let first = match self.strategy {
            Strategy::OneForOne => return self.start(at),
            Strategy::OneForAll => 0,
            Strategy::RestForOne => at,
        };
        let mut n = 0;
        self.children.retain(|child| {
            n += 1;
            n <= first || child.restart != Restart::Temporary
        });
        for at in first..self.children.len() {
            self.start(at);
        }
    }

    fn start(&mut self, at: usize) {
        let child = &mut self.children[at];
        child.starts += 1;
        child.lives = true;
    }
}

fn restarts() -> impl proptest::strategy::Strategy<Value = Restart> {
    prop_oneof![
        3 => Just(Restart::Permanent),
        2 => Just(Restart::Transient),
        1 => Just(Restart::Temporary),
    ]
}

fn deeds() -> impl proptest::strategy::Strategy<Value = Deed> {
    prop_oneof![
        2 => Just(Deed::Normal),
        1 => Just(Deed::Shutdown),
        3 => Just(Deed::Crash),
        3 => Just(Deed::Kill),
        2 => Just(Deed::Terminate),
        2 => Just(Deed::Restart),
        1 => Just(Deed::Delete),
    ]
}

fn strategies() -> impl proptest::strategy::Strategy<Value = Strategy> {
    prop_oneof![Just(Strategy::OneForOne), Just(Strategy::OneForAll), Just(Strategy::RestForOne),]
}

/// Does it, to the child at a place among those that are left.
async fn act(
    troupe: &SupervisorRef,
    model: &mut Model,
    at: usize,
    deed: Deed,
) -> Result<(), TestCaseError> {
    let Child { name, lives, restart, .. } = model.children[at];
    let worker = troupe.child::<Worker>(name).unwrap();
    let reason = match deed {
        Deed::Normal => ExitReason::Normal,
        Deed::Shutdown => ExitReason::Shutdown,
        Deed::Crash => ExitReason::crash("crash"),
        Deed::Kill => {
            worker.kill();
            if lives {
                model.ended(at, false);
            }
            return Ok(());
        }
        Deed::Terminate => {
            prop_assert!(troupe.terminate_child(name).await.is_ok());
            model.children[at].lives = false;
            if restart == Restart::Temporary {
                model.children.remove(at);
            }
            return Ok(());
        }
        Deed::Restart => {
            prop_assert_eq!(troupe.restart_child(name).await.is_ok(), !lives);
            if !lives {
                model.start(at);
            }
            return Ok(());
        }
        Deed::Delete => {
            prop_assert_eq!(troupe.delete_child(name).await.is_ok(), !lives);
            if !lives {
                model.children.remove(at);
            }
            return Ok(());
        }
    };
    prop_assert_eq!(worker.end(reason.clone()).try_send().is_ok(), lives);
    if lives {
        model.ended(at, reason.is_orderly());
    }
    Ok(())
}

async fn play(
    strategy: Strategy,
    intensity: usize,
    restarts: Vec<Restart>,
    deeds: Vec<(Index, Deed)>,
) -> Result<(), TestCaseError> {
    let log = Log::default();
    let scripts: Vec<Arc<Script>> = NAMES.map(|name| Script::new(name, &log)).into();
    let mut builder = Supervisor::builder(strategy).intensity(u32::try_from(intensity).unwrap());
    let mut children = vec![];
    for ((name, script), &restart) in NAMES.into_iter().zip(&scripts).zip(&restarts) {
        let script = script.clone();
        builder = builder.child(name, move |_| script.spec().restart(restart));
        children.push(Child { name, restart, starts: 1, lives: true });
    }
    let troupe = builder.period(std::time::Duration::from_secs(3_600)).start().await.unwrap();
    let mut model = Model { strategy, intensity, restarts: 0, children, gave_up: false };
    for (place, deed) in deeds {
        if model.children.is_empty() {
            break;
        }
        let at = place.index(model.children.len());
        act(&troupe, &mut model, at, deed).await?;
        settle().await;
        prop_assert_eq!(troupe.is_alive(), !model.gave_up);
        if model.gave_up {
            for name in &NAMES[..restarts.len()] {
                prop_assert!(!troupe.child::<Worker>(name).unwrap().is_alive());
            }
            break;
        }
        let mut seen = vec![];
        for info in troupe.which_children().await.unwrap() {
            let at = NAMES.iter().position(|name| *name == info.id).unwrap();
            let worker = troupe.child::<Worker>(&info.id).unwrap();
            prop_assert_eq!(worker.pid(), info.pid);
            prop_assert_eq!(worker.life().await.ok(), info.pid.map(|_| scripts[at].starts()));
            seen.push(Child {
                name: NAMES[at],
                restart: restarts[at],
                starts: scripts[at].starts(),
                lives: info.pid.is_some(),
            });
        }
        prop_assert_eq!(&seen, &model.children);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_supervisor_does_as_the_model_says(
        strategy in strategies(),
        intensity in 0_usize..12,
        restarts in vec(restarts(), 1..=NAMES.len()),
        deeds in vec((any::<Index>(), deeds()), 1..20),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(play(strategy, intensity, restarts, deeds))?;
    }
}
