//! Random trees and what may befall them, against a small model of OTP's rules.
//!
//! `plan` is what is played; `model` says what comes of it; `stage` is the library. After each step both are at rest, and all that can be
//! seen is compared.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod model;
mod plan;
mod stage;

use model::{Answer, Event, Model, What};
use plan::{Also, Deed, Kind, Step, Tree, Why, steps, trees};
use proptest::prelude::*;
use stage::{Sight, Stage, settle};
use std::{fmt, time::Duration};
use tokio::time::Instant;

/// A step, and the node that it falls on.
#[derive(Clone, Copy)]
struct Done {
    deed: Deed,
    at: usize,
}

impl fmt::Debug for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {}", self.deed, self.at)
    }
}

/// What is compared, and how it differs.
struct Difference(String);

impl Difference {
    fn of<T: PartialEq + fmt::Debug>(
        what: impl fmt::Display,
        model: &T,
        seen: &T,
    ) -> Result<(), Self> {
        if model == seen {
            return Ok(());
        }
        Err(Self(format!("{what}\n  by the model: {model:?}\n          seen: {seen:?}")))
    }
}

struct Play {
    model: Model,
    stage: Stage,
    began: Instant,
    /// How many lives of each node have been compared.
    lives: Vec<usize>,
}

impl Play {
    async fn open(tree: &Tree) -> Self {
        let began = Instant::now();
        let stage = Stage::open(tree).await;
        Self { model: Model::new(tree), stage, began, lives: vec![] }
    }

    /// The node that a step falls on, if there is one for it.
    fn target(&self, Step { at, deed }: Step) -> Option<Done> {
        let nodes = &self.model.nodes;
        let is_worker = |at: usize| nodes[at].kind == Kind::Worker;
        let fits = |&at: &usize| match deed {
            Deed::Wait(_) | Deed::KillRoot => at == 0,
            Deed::End(_) | Deed::Fail(_) => is_worker(at),
            // Left out where a start is to fail: the library tries again before what waits in the mailbox, and OTP after it; and when
            // the child is terminated meanwhile, what is sent to those that start after it waits for lives that do not come.
            Deed::KillAnd(..) => {
                is_worker(at) && self.model.is_child(at) && !self.model.may_fail(at)
            }
            Deed::Kill | Deed::Terminate | Deed::Restart | Deed::Delete => at > 0,
            Deed::Add(..) => !is_worker(at),
            Deed::AddTwin => nodes[at].parent.is_some_and(|parent| !self.model.is_dynamic(parent)),
        };
        let count = (0..nodes.len()).filter(fits).count();
        let at = (0..nodes.len()).filter(fits).nth(usize::from(at) % count.max(1))?;
        Some(Done { deed, at })
    }

    async fn play(&mut self, Done { deed, at }: Done) -> Result<(), Difference> {
        self.model.begin(self.began.elapsed());
        let node = &self.model.nodes[at];
        let (parent, id, lived) = (node.parent.unwrap_or_default(), node.id, node.lives);
        let was_a_supervisor = lived && node.kind != Kind::Worker;
        let (model, stage) = (&mut self.model, &mut self.stage);
        let mut killed = None;
        match deed {
            Deed::Wait(ms) => tokio::time::sleep(Duration::from_millis(ms)).await,
            Deed::End(why) => {
                model.end(at, why);
                Difference::of("whether the worker can be told", &lived, &stage.end(at, why))?;
            }
            Deed::Kill | Deed::KillRoot => {
                model.end(at, Why::Killed);
                stage.kill(at);
                killed = was_a_supervisor.then_some(at);
            }
            Deed::Fail(times) => {
                model.nodes[at].failing = times;
                stage.fail(at, times);
            }
            Deed::Terminate => {
                let answer = model.terminate_child(at);
                answers(answer, stage.ask(parent, Also::Terminate, at, id).await)?;
            }
            Deed::Restart => {
                let answer = model.restart_child(at);
                answers(answer, stage.ask(parent, Also::Restart, at, id).await)?;
            }
            Deed::Delete => {
                let answer = model.delete_child(at);
                answers(answer, stage.ask(parent, Also::Delete, at, id).await)?;
            }
            Deed::Add(restart, fails) => {
                let id = model.nodes.len();
                let answer = model.start_child(at, restart, fails);
                answers(answer, stage.start_child(at, id, restart, fails).await)?;
            }
            Deed::KillAnd(also, other) => {
                let siblings = &model.nodes[parent].children;
                let fits = |child: &&usize| {
                    also != Also::Kill || model.nodes[**child].kind == Kind::Worker
                };
                let siblings: Vec<_> = siblings.iter().filter(fits).copied().collect();
                let other = siblings[usize::from(other) % siblings.len()];
                let other = (other, model.nodes[other].id);
                let busy = stage.keep_busy(parent).await;
                model.begin(self.began.elapsed() + Duration::from_millis(2));
                let answer = model.kill_and(at, also, other.0);
                let seen = stage.kill_and(busy, (parent, at), also, other).await;
                Difference::of("the answer", &answer, &seen)?;
            }
            Deed::AddTwin => {
                let answer = model.start_twin(at);
                answers(answer, stage.start_child(parent, id, PERMANENT, false).await)?;
            }
        }
        self.compare(killed).await
    }

    /// Compares all that can be seen, once nothing moves any more.
    async fn compare(&mut self, killed: Option<usize>) -> Result<(), Difference> {
        settle().await;
        self.compare_logs(killed)?;
        for at in 0..self.model.nodes.len() {
            let node = &self.model.nodes[at];
            if self.lives.len() <= at {
                self.lives.push(0);
            }
            let before = self.lives[at];
            let lives = node.ends.len() + usize::from(node.lives);
            let sight = Sight {
                lives: node.lives,
                is_open: node.lives,
                is_new: node.lives && lives > before,
                ended: before.checked_sub(1).and_then(|last| node.ends.get(last)).copied(),
            };
            self.lives[at] = if node.lives { lives } else { 0 };
            Difference::of(format_args!("the life of {at}"), &sight, &self.stage.look(at).await)?;
        }
        for (at, node) in self.model.nodes.iter().enumerate() {
            if node.kind == Kind::Worker || !node.lives {
                continue;
            }
            let of = |child: &usize| &self.model.nodes[*child];
            let supervisors =
                node.children.iter().filter(|child| of(child).kind != Kind::Worker).count();
            let counts = [
                node.children.len(),
                node.children.iter().filter(|child| of(child).lives).count(),
                supervisors,
                node.children.len() - supervisors,
                usize::try_from(node.crashes).unwrap(),
                usize::try_from(node.restarts).unwrap(),
            ];
            let seen = self.stage.count(at).await.map(|seen| {
                let [crashes, restarts] =
                    [seen.crashes, seen.restarts].map(|count| usize::try_from(count).unwrap());
                [seen.specs, seen.active, seen.supervisors, seen.workers, crashes, restarts]
            });
            let what = "specs, active, supervisors, workers, crashes, restarts of";
            Difference::of(format_args!("{what} {at}"), &Some(counts), &seen)?;
            let shown = |&child: &usize| {
                let id = if self.model.is_dynamic(at) {
                    String::new()
                } else {
                    of(&child).id.to_string()
                };
                (id, of(&child).lives.then_some(child))
            };
            let children = node.children.iter().map(shown).collect();
            let seen = self.stage.children(at).await;
            Difference::of(format_args!("the children of {at}"), &Some(children), &seen)?;
        }
        Ok(())
    }

    /// Compares what the workers told. The workers under a supervisor that was killed end in no certain order, but before they start.
    fn compare_logs(&mut self, killed: Option<usize>) -> Result<(), Difference> {
        let mut model = std::mem::take(&mut self.model.log);
        let mut seen = self.stage.log.take();
        if let Some(killed) = killed {
            for at in 0..self.model.nodes.len() {
                let of = |log: &[Event]| -> Vec<_> {
                    log.iter().filter(|event| event.node == at).copied().collect()
                };
                Difference::of(format_args!("what {at} tells"), &of(&model), &of(&seen))?;
            }
            let is_certain = |event: &Event| match event.what {
                What::Ends(_) => !self.is_under(event.node, killed),
                What::Starts | What::Fails => true,
            };
            model.retain(is_certain);
            seen.retain(is_certain);
        }
        self.sort(&mut model);
        self.sort(&mut seen);
        Difference::of("what is told", &model, &seen)
    }

    fn is_under(&self, at: usize, killed: usize) -> bool {
        let parent = self.model.nodes[at].parent;
        parent.is_some_and(|parent| parent == killed || self.is_under(parent, killed))
    }

    /// The children of a dynamic supervisor that end together do so in no certain order.
    fn sort(&self, log: &mut [Event]) {
        let together = |one: &Event, two: &Event| {
            let parent = self.model.nodes[one.node].parent;
            let ends = |event: &Event| event.what == What::Ends(Why::Shutdown);
            ends(one)
                && ends(two)
                && parent == self.model.nodes[two.node].parent
                && parent.is_some_and(|parent| self.model.is_dynamic(parent))
        };
        for events in log.chunk_by_mut(together) {
            events.sort_by_key(|event| event.node);
        }
    }
}

const PERMANENT: ghostlight::Restart = ghostlight::Restart::Permanent;

fn answers(model: Answer, seen: Answer) -> Result<(), Difference> {
    Difference::of("the answer", &model, &seen)
}

/// Plays until the root has ended. Gives what was done, and the difference if there is one.
async fn play(tree: &Tree, steps: &[Step]) -> (Vec<Done>, Result<(), Difference>) {
    let mut play = Play::open(tree).await;
    let mut done = vec![];
    if let Err(difference) = play.compare(None).await {
        return (done, Err(difference));
    }
    for &step in steps {
        let Some(target) = play.target(step) else { continue };
        done.push(target);
        if let Err(difference) = play.play(target).await {
            return (done, Err(difference));
        }
        if !play.model.nodes[0].lives {
            return (done, Ok(()));
        }
    }
    play.model.shutdown();
    play.stage.shutdown().await;
    (done, play.compare(None).await)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn trees_do_as_the_model_says(tree in trees(), steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        let (done, played) = runtime.block_on(play(&tree, &steps));
        if let Err(Difference(difference)) = played {
            prop_assert!(false, "after {done:?}: {difference}");
        }
    }
}
