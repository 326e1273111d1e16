//! The children of a supervisor's life, in the order in which they start, found by their ids and pids.

use super::child::{Child, Key, State};
use crate::Pid;
use std::{
    borrow::Cow,
    collections::HashMap,
    ops::{Deref, DerefMut},
};

#[derive(Default)]
pub(super) struct Children {
    /// By their keys, which only grow. Boxed, as those behind one that is taken out move up.
    #[allow(clippy::vec_box, reason = "children are large, and there may be a hundred thousand")]
    list: Vec<Box<Child>>,
    /// The first that has each id.
    by_id: HashMap<Cow<'static, str>, Key>,
    /// Those that live, and those that are being restarted by their last pids.
    by_pid: HashMap<Pid, Key>,
}

impl Children {
    pub(super) fn push(&mut self, child: Child) {
        self.by_id.entry(child.id.clone()).or_insert(child.key);
        self.list.push(Box::new(child));
    }

    pub(super) fn each(&self) -> impl Iterator<Item = &Child> {
        self.list.iter().map(|child| &**child)
    }

    /// Takes a child out.
    pub(super) fn remove(&mut self, at: usize) -> Box<Child> {
        let child = self.list.remove(at);
        if self.by_id.get(&child.id) == Some(&child.key) {
            self.by_id.remove(&child.id);
        }
        if let Some(last) = child.last {
            self.by_pid.remove(&last);
        }
        child
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// A life of a child has begun.
    pub(super) fn set_running(&mut self, at: usize, pid: Pid) {
        let child = &mut self.list[at];
        child.state = State::Running(pid);
        if let Some(last) = child.last.replace(pid) {
            self.by_pid.remove(&last);
        }
        self.by_pid.insert(pid, child.key);
    }

    pub(super) fn position_by_id(&self, id: &str) -> Option<usize> {
        self.position_by_key(*self.by_id.get(id)?)
    }

    pub(super) fn position_by_key(&self, key: Key) -> Option<usize> {
        self.list.binary_search_by_key(&key, |child| child.key).ok()
    }

    pub(super) fn position_of(&self, pid: Pid) -> Option<usize> {
        let at = self.position_known_by(pid)?;
        (self.list[at].state == State::Running(pid)).then_some(at)
    }

    /// The child that has this life, or had it last and is being restarted.
    pub(super) fn position_known_by(&self, pid: Pid) -> Option<usize> {
        let at = self.position_by_key(*self.by_pid.get(&pid)?)?;
        (self.list[at].state != State::Stopped).then_some(at)
    }
}

impl Deref for Children {
    type Target = [Box<Child>];

    fn deref(&self) -> &[Box<Child>] {
        &self.list
    }
}

impl DerefMut for Children {
    fn deref_mut(&mut self) -> &mut [Box<Child>] {
        &mut self.list
    }
}
