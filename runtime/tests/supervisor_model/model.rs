//! OTP's rules of supervision, written down once more: who lives, who was started and ended in which order, and what is answered.
//!
//! From `otp.md`, sections 3.2 to 3.8, and knowing nothing of the library but the names of its options.

mod admin;

use super::plan::{Also, Kind, Limit, Tree, Why};
use ghostlight::{Restart, Strategy};
use std::{collections::VecDeque, fmt, time::Duration};

/// What came of a restart.
enum Restarted {
    Done,
    /// This one did not start.
    NotYet(usize),
    TooOften,
}

/// A tree at rest: what a step leads to happens at once.
pub(crate) struct Model {
    pub(crate) nodes: Vec<Node>,
    /// What the workers tell, in order.
    pub(crate) log: Vec<Event>,
    /// Since the tree was started.
    now: Duration,
    /// How many supervisors have given up.
    given_up: u32,
}

pub(crate) struct Node {
    pub(crate) kind: Kind,
    pub(crate) restart: Restart,
    pub(crate) parent: Option<usize>,
    /// The node whose number it has for an id: itself, unless it is a twin.
    pub(crate) id: usize,
    planned: Vec<usize>,
    /// How many of its next starts fail.
    pub(crate) failing: u32,
    pub(crate) lives: bool,
    /// It has been killed, and its supervisor has not seen it yet.
    unseen: bool,
    /// It did not start, and its supervisor is to try again.
    restarting: bool,
    /// Why its lives have ended, but for the present one.
    pub(crate) ends: Vec<Why>,
    /// How many of them before the step.
    ended_before: usize,
    /// Of a supervisor: those that have a spec, in the order in which they start.
    pub(crate) children: Vec<usize>,
    pub(crate) crashes: u64,
    pub(crate) restarts: u64,
    began: Duration,
    /// The seconds of its restarts.
    attempts: Vec<u64>,
}

/// What a worker tells of itself.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) node: usize,
    pub(crate) what: What,
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.node, self.what)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Starts,
    Fails,
    Ends(Why),
}

/// What a supervisor sees to, one after the other.
#[derive(Clone, Copy)]
enum Job {
    /// A child was killed.
    Ended(usize),
    /// A child could not be restarted.
    TryAgain(usize),
    /// It is asked for something.
    Asked(Also, usize),
}

/// What a supervisor answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Done,
    NotFound,
    Running,
    Restarting,
    /// By this node.
    AlreadyStarted(Option<usize>),
    AlreadyPresent,
    NotStarted,
    NoSupervisor,
    /// Anything else, which is wrong.
    Other,
}

impl Model {
    /// A tree that has been started, with nothing in its way.
    pub(crate) fn new(tree: &Tree) -> Self {
        let node = |(id, node): (usize, &super::plan::Node)| Node {
            planned: node.children.clone(),
            ..Node::new(node.kind, node.restart, node.parent, id)
        };
        let nodes = tree.nodes.iter().enumerate().map(node).collect();
        let mut model = Self { nodes, log: vec![], now: Duration::ZERO, given_up: 0 };
        model.start(0);
        model
    }

    /// A step begins.
    pub(crate) fn begin(&mut self, now: Duration) {
        self.now = now;
        for node in &mut self.nodes {
            node.ended_before = node.ends.len();
        }
    }

    /// A life of a worker or a supervisor ends by itself, or is killed.
    pub(crate) fn end(&mut self, at: usize, why: Why) {
        if !self.nodes[at].lives {
            return;
        }
        // Whoever is killed does not come to say so.
        if self.nodes[at].kind == Kind::Worker && why != Why::Killed {
            self.note(at, What::Ends(why));
        }
        for child in self.nodes[at].children.clone() {
            self.orphan(child);
        }
        self.ended(at, why);
    }

    /// The supervisor was killed: its children are told by their links.
    fn orphan(&mut self, at: usize) {
        if !self.nodes[at].lives {
            return;
        }
        match self.nodes[at].kind {
            Kind::Worker => self.note(at, What::Ends(Why::Killed)),
            Kind::Static(..) | Kind::Dynamic(_) => self.stop_children(at),
        }
        self.is_over(at, Why::Killed);
    }

    /// A life is over, and its supervisor sees it at once.
    fn ended(&mut self, at: usize, why: Why) {
        self.is_over(at, why);
        if let Some(parent) = self.nodes[at].parent {
            self.nodes[at].unseen = true;
            self.attend(parent, [Job::Ended(at)].into());
        }
    }

    /// The supervisor sees that a child has ended.
    fn seen(&mut self, at: usize) -> Restarted {
        self.nodes[at].unseen = false;
        let why = self.nodes[at].ends[self.nodes[at].ends.len() - 1];
        let parent = self.nodes[at].parent.unwrap_or_default();
        self.nodes[parent].crashes += u64::from(!why.is_orderly());
        let lives_again = match self.nodes[at].restart {
            Restart::Permanent => true,
            Restart::Transient => !why.is_orderly(),
            Restart::Temporary => false,
        };
        if lives_again {
            return self.restart(parent, at);
        }
        if self.nodes[at].restart == Restart::Temporary || self.is_dynamic(parent) {
            self.nodes[parent].children.retain(|&child| child != at);
        }
        Restarted::Done
    }

    /// What a supervisor does, job by job, until there is nothing more to do, or it has given up. Gives the answer to what it was asked.
    fn attend(&mut self, at: usize, mut jobs: VecDeque<Job>) -> Option<Answer> {
        let mut answer = None;
        while let Some(job) = jobs.pop_front() {
            let restarted = match job {
                Job::Ended(child) if self.nodes[child].unseen => self.seen(child),
                Job::TryAgain(child) if self.nodes[child].restarting => self.restart(at, child),
                // It was ended, or started, meanwhile.
                Job::Ended(_) | Job::TryAgain(_) => Restarted::Done,
                Job::Asked(also, child) => {
                    answer = Some(match also {
                        Also::Terminate => self.terminate_child(child),
                        Also::Restart => self.restart_child(child),
                        Also::Delete => self.delete_child(child),
                        Also::Kill => unreachable!("nobody is asked"),
                    });
                    Restarted::Done
                }
            };
            match restarted {
                Restarted::Done => {}
                Restarted::NotYet(child) => jobs.push_back(Job::TryAgain(child)),
                Restarted::TooOften => {
                    self.stop_children(at);
                    self.given_up += 1;
                    let before = self.given_up;
                    self.ended(at, Why::Shutdown);
                    // What it was asked waits for its next life, to which the others are nothing; but not when one above gives up, too.
                    jobs.retain(|job| matches!(job, Job::Asked(..)));
                    if self.given_up > before && jobs.pop_front().is_some() {
                        answer = Some(Answer::NoSupervisor);
                    }
                }
            }
        }
        answer
    }

    /// Restarts a child and those that go with it.
    fn restart(&mut self, parent: usize, at: usize) -> Restarted {
        if self.is_one_too_many(parent) {
            return Restarted::TooOften;
        }
        let group = match self.nodes[parent].kind {
            Kind::Static(Strategy::OneForAll, _) => self.nodes[parent].children.clone(),
            Kind::Static(Strategy::RestForOne, _) => {
                let children = &self.nodes[parent].children;
                children.iter().copied().skip_while(|&child| child != at).collect()
            }
            _ => vec![at],
        };
        for &child in group.iter().rev().filter(|&&child| child != at) {
            self.stop(child);
            if self.nodes[child].restart == Restart::Temporary {
                self.nodes[parent].children.retain(|&left| left != child);
            }
        }
        for child in group {
            if !self.nodes[parent].children.contains(&child) {
                continue;
            }
            if !self.start(child) {
                self.nodes[child].restarting = true;
                return Restarted::NotYet(child);
            }
            self.nodes[parent].restarts += 1;
        }
        Restarted::Done
    }

    /// Notes a restart.
    fn is_one_too_many(&mut self, at: usize) -> bool {
        let second = self.now.saturating_sub(self.nodes[at].began).as_secs();
        let (Kind::Static(_, limit) | Kind::Dynamic(limit)) = self.nodes[at].kind else {
            unreachable!("a worker has no children")
        };
        let Limit { intensity, period } = limit;
        let attempts = &mut self.nodes[at].attempts;
        attempts.push(second);
        let counted = attempts.iter().filter(|&&attempt| attempt + period >= second).count();
        counted > intensity as usize
    }

    /// Says whether it did.
    fn start(&mut self, at: usize) -> bool {
        (self.nodes[at].unseen, self.nodes[at].restarting) = (false, false);
        if self.nodes[at].kind == Kind::Worker {
            let fails = self.nodes[at].failing > 0;
            self.nodes[at].failing -= u32::from(fails);
            self.note(at, if fails { What::Fails } else { What::Starts });
            self.nodes[at].lives = !fails;
            return !fails;
        }
        let node = &mut self.nodes[at];
        node.children = node.planned.clone();
        (node.crashes, node.restarts) = (0, 0);
        node.began = self.now;
        node.attempts.clear();
        let children = self.nodes[at].children.clone();
        for (place, &child) in children.iter().enumerate() {
            if !self.start(child) {
                for &before in children[..place].iter().rev() {
                    self.stop(before);
                }
                return false;
            }
        }
        self.nodes[at].lives = true;
        true
    }

    /// The supervisor of this one ends it, if it lives.
    fn stop(&mut self, at: usize) {
        (self.nodes[at].unseen, self.nodes[at].restarting) = (false, false);
        if !self.nodes[at].lives {
            return;
        }
        match self.nodes[at].kind {
            Kind::Worker => self.note(at, What::Ends(Why::Shutdown)),
            Kind::Static(..) | Kind::Dynamic(_) => self.stop_children(at),
        }
        self.is_over(at, Why::Shutdown);
    }

    fn stop_children(&mut self, at: usize) {
        for child in self.nodes[at].children.clone().into_iter().rev() {
            self.stop(child);
        }
    }

    fn is_over(&mut self, at: usize, why: Why) {
        self.nodes[at].lives = false;
        self.nodes[at].ends.push(why);
    }

    fn note(&mut self, node: usize, what: What) {
        self.log.push(Event { node, what });
    }

    /// Whether it has a spec, and a supervisor that lives.
    pub(crate) fn is_child(&self, at: usize) -> bool {
        let parent = self.nodes[at].parent.map(|parent| &self.nodes[parent]);
        parent.is_some_and(|parent| parent.lives && parent.children.contains(&at))
    }

    /// Whether some worker is not to start.
    pub(crate) fn may_fail(&self, at: usize) -> bool {
        let parent = self.nodes[at].parent.unwrap_or_default();
        let ends_for_good = parent == 0;
        self.nodes
            .iter()
            .any(|node| node.failing > 0 && !(ends_for_good && node.parent == Some(parent)))
    }

    pub(crate) fn is_dynamic(&self, at: usize) -> bool {
        matches!(self.nodes[at].kind, Kind::Dynamic(_))
    }

    /// The end of the root, in order.
    pub(crate) fn shutdown(&mut self) {
        self.stop(0);
    }
}

impl Node {
    fn new(kind: Kind, restart: Restart, parent: Option<usize>, id: usize) -> Self {
        Self {
            kind,
            restart,
            parent,
            id,
            planned: vec![],
            failing: 0,
            lives: false,
            unseen: false,
            restarting: false,
            ends: vec![],
            ended_before: 0,
            children: vec![],
            crashes: 0,
            restarts: 0,
            began: Duration::ZERO,
            attempts: vec![],
        }
    }
}
