//! What a role has besides its mailbox that outlives its lives: a name, and the roles of its children.

use super::{Header, Process, core::Fate};
use crate::{ExitReason, registry::Name};
use std::{
    any::Any,
    borrow::Cow,
    collections::HashMap,
    mem,
    ops::Deref,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

#[derive(Default)]
pub(crate) struct RoleInfo {
    /// Registered under this.
    pub(crate) name: Option<Name>,
    /// The children that a supervisor has in each of its lives.
    pub(crate) children: Option<Arc<ChildRoles>>,
    /// Why the last life ended, in a role that a supervisor keeps.
    ended: Option<ExitReason>,
    /// How many lives have ended, in such a role.
    pub(crate) ended_lives: u64,
    /// Nobody keeps the role of the supervisor any more, nor those of its children.
    is_over: bool,
    /// For the supervisor of this role, which has asked for the end of its life.
    remains: Option<Box<Remains>>,
}

/// What a life has left behind, for the report of whoever ended it.
#[derive(Default)]
pub(crate) struct Remains {
    /// How many messages waited when the life was asked to end.
    pub(crate) waited: usize,
    /// How many of them it did not come to.
    pub(crate) unhandled: usize,
    /// The messages that nobody will handle.
    pub(crate) dropped: usize,
    /// What a supervisor has to say of its own children.
    pub(crate) report: Option<Box<dyn Any + Send>>,
}

/// The role of a child, by its id in its supervisor.
pub(crate) struct ChildRole {
    pub(crate) id: Cow<'static, str>,
    pub(crate) process: Arc<dyn Process>,
}

/// The roles of a supervisor's children, in the order in which they start.
pub(crate) struct ChildRoles {
    roles: Vec<ChildRole>,
    by_id: HashMap<Cow<'static, str>, usize>,
    /// How many of them, from the first on, keys are spread over, where they are partitions. Written by the supervisor's life, read by
    /// anybody: whoever reads an old number finds a partition that has ended, or misses one that has begun.
    in_use: AtomicUsize,
}

impl ChildRoles {
    fn new(roles: Vec<ChildRole>) -> Self {
        let ids = roles.iter().enumerate().rev(); // of several the first counts
        let by_id = ids.map(|(at, role)| (role.id.clone(), at)).collect();
        Self { in_use: AtomicUsize::new(roles.len()), by_id, roles }
    }

    pub(crate) fn by_id(&self, id: &str) -> Option<&ChildRole> {
        self.roles.get(*self.by_id.get(id)?)
    }

    pub(crate) fn in_use(&self) -> usize {
        self.in_use.load(Ordering::Relaxed)
    }

    /// Only the first so many are used; all, if there are not so many.
    pub(crate) fn use_first(&self, roles: usize) {
        self.in_use.store(roles.min(self.roles.len()), Ordering::Relaxed);
    }
}

impl Deref for ChildRoles {
    type Target = [ChildRole];

    fn deref(&self) -> &[ChildRole] {
        &self.roles
    }
}

impl Header {
    /// The roles of this supervisor's children: made once, and kept across its lives.
    pub(crate) fn children(&self, make: impl FnOnce() -> Vec<ChildRole>) -> Arc<ChildRoles> {
        let mut role = self.role();
        let info = role.get_or_insert_default();
        let is_over = info.is_over;
        let children = info.children.get_or_insert_with(|| Arc::new(ChildRoles::new(make())));
        let children = Arc::clone(children);
        drop(role);
        if is_over {
            dismiss(&children, &ExitReason::Shutdown);
        }
        children
    }

    /// A life has ended, and the role is kept.
    pub(super) fn set_ended(&self, reason: &ExitReason) {
        let mut role = self.role();
        let info = role.get_or_insert_default();
        info.ended = Some(reason.clone());
        info.ended_lives += 1;
    }

    /// Why the last life ended.
    pub(crate) fn ended(&self) -> Option<ExitReason> {
        self.role().as_ref()?.ended.clone()
    }

    /// The roles of this supervisor's children, once it has been started.
    pub(crate) fn known_children(&self) -> Option<Arc<ChildRoles>> {
        self.role().as_ref()?.children.clone()
    }

    /// The life is asked to end, behind so many messages.
    pub(crate) fn note_waiting(&self, waited: usize) {
        self.role().get_or_insert_default().remains.get_or_insert_default().waited = waited;
    }

    /// So many more messages will not be handled, and so many of those that waited when the life was asked to end.
    pub(crate) fn note_dropped(&self, dropped: usize, unhandled: usize) {
        let mut role = self.role();
        let remains = role.get_or_insert_default().remains.get_or_insert_default();
        remains.dropped += dropped;
        remains.unhandled += unhandled;
    }

    /// Leaves a report to whoever ends this life.
    pub(crate) fn leave(&self, report: Box<dyn Any + Send>) {
        let mut role = self.role();
        role.get_or_insert_default().remains.get_or_insert_default().report = Some(report);
    }

    /// What was left behind since this was asked for the last time.
    pub(crate) fn take_remains(&self) -> Remains {
        let mut role = self.role();
        let remains = role.as_mut().and_then(|info| info.remains.as_mut());
        remains.map(|remains| mem::take(&mut **remains)).unwrap_or_default()
    }

    /// No life follows, for now: the role gives its name back, and its children's roles have no life either.
    pub(crate) fn close_role(&self, reason: &ExitReason) {
        let Some((name, children)) =
            self.role().as_mut().map(|info| (info.name.take(), info.children.clone()))
        else {
            return;
        };
        if let Some(name) = name {
            self.node.names.remove(&name);
        }
        for child in children.iter().flat_map(|children| children.iter().rev()) {
            child.process.set_fate(Fate::Closes);
            child.process.close(reason);
        }
    }

    /// The role is over: it gives its name back, and its children's roles are over, too.
    pub(crate) fn end_role(&self, reason: &ExitReason) {
        let Some((name, children)) = self.role().as_mut().map(|info| {
            info.is_over = true;
            (info.name.take(), info.children.clone())
        }) else {
            return;
        };
        if let Some(name) = name {
            self.node.names.remove(&name);
        }
        if let Some(children) = children {
            dismiss(&children, reason);
        }
    }
}

fn dismiss(children: &[ChildRole], reason: &ExitReason) {
    for child in children.iter().rev() {
        child.process.dismiss(reason);
    }
}
