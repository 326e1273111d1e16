//! Who lives in a tree, to be looked at once it was to end.

use crate::{
    Pid, SupervisorRef, Unstopped,
    cell::Process,
    link::{Peer, Signal},
};
use std::sync::Arc;

/// An actor of a tree, by the life that it had.
pub(crate) struct Living {
    path: String,
    actor: &'static str,
    pid: Pid,
    process: Arc<dyn Process>,
}

impl Living {
    fn new(above: &str, pid: Pid, process: Arc<dyn Process>) -> Self {
        let (id, actor) =
            process.header().known_as().unwrap_or_else(|| ("".into(), process.actor()));
        let path = match (above, &*id) {
            ("", id) => id.to_owned(),
            (above, "") => above.to_owned(),
            (above, id) => format!("{above}/{id}"),
        };
        Self { path, actor, pid, process }
    }

    pub(crate) fn pid(&self) -> Pid {
        self.pid
    }

    /// Kills it, if it lives still.
    pub(crate) fn kill(self) -> Option<Unstopped> {
        let Self { path, actor, pid, process } = self;
        (process.header().ties.pid() == Some(pid)).then(|| {
            process.signal(pid, Signal::Kill);
            Unstopped { path, actor, pid }
        })
    }
}

impl SupervisorRef {
    /// All that live in the tree below the root, parents before their children. Nobody is asked: an actor is found by its parent's link.
    pub(crate) fn living(&self) -> Vec<Living> {
        let mut living = Vec::new();
        let mut next = self.process().map_or_else(Vec::new, |root| children("", &*root));
        while let Some(child) = next.pop() {
            next.extend(children(&child.path, &*child.process));
            living.push(child);
        }
        living
    }
}

/// Those that an actor has started and is linked to, the youngest first.
fn children(path: &str, parent: &dyn Process) -> Vec<Living> {
    let ties = &parent.header().ties;
    let Some(parent) = ties.pid() else { return Vec::new() };
    let child = |(pid, peer): (Pid, Peer)| {
        let child = peer.upgrade()?;
        let ties = &child.header().ties;
        let is_child = ties.is_parent(parent) && ties.pid() == Some(pid);
        is_child.then(|| Living::new(path, pid, child))
    };
    ties.links().into_iter().rev().filter_map(child).collect()
}
