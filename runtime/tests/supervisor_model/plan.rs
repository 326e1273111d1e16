//! What is played: a tree, and what is done to it. Plain data, so that what fails shrinks.

use ghostlight::{Restart, Strategy};
use proptest::{collection::vec, prelude::*, strategy::Strategy as Random};
use std::fmt;

/// The most children that a supervisor is planned with.
const CHILDREN: usize = 5;
/// How deep supervisors are nested.
const LEVELS: usize = 3;

/// A tree of supervisors. The first node is its root.
#[derive(Clone)]
pub(crate) struct Tree {
    pub(crate) nodes: Vec<Node>,
}

/// A place in the tree.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    pub(crate) restart: Restart,
    pub(crate) parent: Option<usize>,
    /// In the order in which they start.
    pub(crate) children: Vec<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Worker,
    Static(Strategy, Limit),
    Dynamic(Limit),
}

/// How many restarts there may be in how many seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limit {
    pub(crate) intensity: u32,
    pub(crate) period: u64,
}

/// A node that is to be, under one of the supervisors before it.
type Gene = (u8, Kind, Restart);

impl Tree {
    fn grow(root: (Strategy, Limit), genes: Vec<Gene>) -> Self {
        let kind = Kind::Static(root.0, root.1);
        let root = Node { kind, restart: Restart::Permanent, parent: None, children: vec![] };
        let mut tree = Self { nodes: vec![root] };
        for (parent, mut kind, restart) in genes {
            let may_have_one = |&at: &usize| {
                let node: &Node = &tree.nodes[at];
                matches!(node.kind, Kind::Static(..)) && node.children.len() < CHILDREN
            };
            let parents: Vec<_> = (0..tree.nodes.len()).filter(may_have_one).collect();
            let Some(&parent) = parents.get(usize::from(parent) % parents.len().max(1)) else {
                continue;
            };
            if tree.level(parent) == LEVELS {
                kind = Kind::Worker;
            }
            let at = tree.nodes.len();
            tree.nodes[parent].children.push(at);
            tree.nodes.push(Node { kind, restart, parent: Some(parent), children: vec![] });
        }
        tree
    }

    /// 1 for the root.
    fn level(&self, at: usize) -> usize {
        1 + self.nodes[at].parent.map_or(0, |parent| self.level(parent))
    }

    fn print(&self, f: &mut fmt::Formatter<'_>, at: usize) -> fmt::Result {
        let Node { kind, restart, parent, children } = &self.nodes[at];
        write!(f, "\n{:1$}{at}: {kind}", "", 4 * self.level(at))?;
        if parent.is_some() {
            write!(f, ", {restart:?}")?;
        }
        children.iter().try_for_each(|&child| self.print(f, child))
    }
}

impl fmt::Debug for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.print(f, 0)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Worker => f.write_str("worker"),
            Self::Static(strategy, limit) => write!(f, "{strategy}, {limit}"),
            Self::Dynamic(limit) => write!(f, "dynamic, {limit}"),
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in {} s", self.intensity, self.period)
    }
}

/// What is done to one of the nodes that it can be done to.
#[derive(Clone, Copy)]
pub(crate) struct Step {
    /// Which of them: counted from the first, and from the first again after the last.
    pub(crate) at: u8,
    pub(crate) deed: Deed,
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // On one line, even where all else is spread out.
        let Self { at, deed } = self;
        f.write_str(&format!("{deed:?} of {at}"))
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Deed {
    /// Time passes: milliseconds.
    Wait(u64),
    /// A worker ends, so.
    End(Why),
    /// A worker or a supervisor is killed.
    Kill,
    /// The root is killed.
    KillRoot,
    /// The next so many starts of a worker fail.
    Fail(u32),
    Terminate,
    Restart,
    Delete,
    /// A supervisor gets one more worker; it may fail to start.
    Add(Restart, bool),
    /// A static supervisor gets a worker under an id that there is, or was.
    AddTwin,
    /// While its supervisor starts one more child a worker is killed, and then this comes, for one of its siblings or itself. So the
    /// supervisor sees to it before it tries again what it could not do at once.
    KillAnd(Also, u8),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Also {
    Kill,
    Terminate,
    Restart,
    Delete,
}

/// Why a life ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    Normal,
    Shutdown,
    Crash,
    Panic,
    Killed,
}

impl Why {
    pub(crate) fn is_orderly(self) -> bool {
        matches!(self, Self::Normal | Self::Shutdown)
    }
}

pub(crate) fn trees() -> impl Random<Value = Tree> {
    let kinds = prop_oneof![
        5 => Just(Kind::Worker),
        3 => (strategies(), limits()).prop_map(|(strategy, limit)| Kind::Static(strategy, limit)),
        1 => limits().prop_map(Kind::Dynamic),
    ];
    let genes = vec((any::<u8>(), kinds, restarts()), 1..=16);
    ((strategies(), limits()), genes).prop_map(|(root, genes)| Tree::grow(root, genes))
}

pub(crate) fn steps() -> impl Random<Value = Vec<Step>> {
    let deeds = prop_oneof![
        3 => prop_oneof![(0..=6_u64).prop_map(|halves| halves * 500), 0..=3_000_u64]
            .prop_map(Deed::Wait),
        8 => prop_oneof![
            Just(Why::Normal), Just(Why::Shutdown), Just(Why::Crash), Just(Why::Panic)
        ].prop_map(Deed::End),
        5 => Just(Deed::Kill),
        5 => (1..=6_u32).prop_map(Deed::Fail),
        3 => Just(Deed::Terminate),
        3 => Just(Deed::Restart),
        3 => Just(Deed::Delete),
        4 => (restarts(), prop::bool::weighted(0.2)).prop_map(|(restart, fails)| Deed::Add(restart, fails)),
        1 => Just(Deed::AddTwin),
        5 => (also(), any::<u8>()).prop_map(|(also, at)| Deed::KillAnd(also, at)),
    ];
    let deeds = prop_oneof![99 => deeds, 1 => Just(Deed::KillRoot)];
    vec((any::<u8>(), deeds).prop_map(|(at, deed)| Step { at, deed }), 0..=25)
}

fn also() -> impl Random<Value = Also> {
    prop_oneof![Just(Also::Kill), Just(Also::Terminate), Just(Also::Restart), Just(Also::Delete)]
}

fn restarts() -> impl Random<Value = Restart> {
    prop_oneof![
        3 => Just(Restart::Permanent),
        2 => Just(Restart::Transient),
        1 => Just(Restart::Temporary),
    ]
}

fn strategies() -> impl Random<Value = Strategy> {
    prop_oneof![Just(Strategy::OneForOne), Just(Strategy::OneForAll), Just(Strategy::RestForOne)]
}

fn limits() -> impl Random<Value = Limit> {
    let intensities = prop_oneof![1 => Just(0_u32), 6 => 1..=4_u32];
    (intensities, 1..=5_u64).prop_map(|(intensity, period)| Limit { intensity, period })
}
