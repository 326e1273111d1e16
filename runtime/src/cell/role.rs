//! What a role has besides its mailbox that outlives its lives: a name, and the roles of its children.

use super::{Header, Process, core::Fate};
use crate::{ExitReason, link::Peer, registry::Name};
use std::{
    any::Any,
    borrow::Cow,
    collections::HashMap,
    mem,
    ops::Deref,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

#[derive(Default)]
pub(crate) struct RoleInfo {
    /// Registered under this.
    pub(crate) name: Option<Name>,
    /// The id of a child, and what its supervisor knows it as.
    pub(crate) known_as: Option<(Cow<'static, str>, &'static str)>,
    /// Its supervisor, which begins its lives.
    pub(crate) keeper: Option<Peer>,
    /// The children of a supervisor's present life, or its last.
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
    /// How many messages the life handled after it had been asked to end.
    pub(crate) handled: usize,
    /// The messages that nobody will handle.
    pub(crate) dropped: usize,
    /// What a supervisor has to say of its own children.
    pub(crate) report: Option<Box<dyn Any + Send>>,
}

/// The role of a child, by its id in its supervisor.
#[derive(Clone)]
pub(crate) struct ChildRole {
    pub(crate) id: Cow<'static, str>,
    pub(crate) process: Arc<dyn Process>,
}

/// The roles of a supervisor's children, in the order in which they start.
///
/// A supervisor whose next life plans the same children keeps them; one that plans others makes new ones, which have what fits of the old.
#[derive(Default)]
pub(crate) struct ChildRoles {
    roles: Vec<ChildRole>,
    by_id: HashMap<Cow<'static, str>, usize>,
    /// Those of earlier lives' children that this one has none for. A later life may have them again.
    retired: Vec<ChildRole>,
    /// How many of them, from the first on, keys are spread over, where they are partitions. Written by the supervisor's life, read by
    /// anybody: whoever reads an old number finds a partition that has ended, or misses one that has begun.
    in_use: AtomicUsize,
    /// Those of a later life.
    later: OnceLock<Arc<Self>>,
}

impl ChildRoles {
    pub(crate) fn new(roles: Vec<ChildRole>, retired: Vec<ChildRole>) -> Self {
        let ids = roles.iter().enumerate().rev(); // of several the first counts
        let by_id = ids.map(|(at, role)| (role.id.clone(), at)).collect();
        let in_use = AtomicUsize::new(roles.len());
        Self { in_use, by_id, roles, retired, later: OnceLock::new() }
    }

    pub(crate) fn by_id(&self, id: &str) -> Option<&ChildRole> {
        self.roles.get(*self.by_id.get(id)?)
    }

    /// Those of the supervisor's latest life that planned others, if one did.
    #[inline]
    pub(crate) fn later(&self) -> Option<&Arc<Self>> {
        let mut later = self.later.get()?;
        while let Some(still_later) = later.later.get() {
            later = still_later;
        }
        Some(later)
    }

    pub(crate) fn in_use(&self) -> usize {
        self.in_use.load(Ordering::Relaxed)
    }

    /// Only the first so many are used; all, if there are not so many.
    pub(crate) fn use_first(&self, roles: usize) {
        self.in_use.store(roles.min(self.roles.len()), Ordering::Relaxed);
    }

    pub(crate) fn retired(&self) -> &[ChildRole] {
        &self.retired
    }

    /// All that the supervisor keeps.
    pub(crate) fn kept(&self) -> impl DoubleEndedIterator<Item = &ChildRole> {
        self.retired.iter().chain(&self.roles)
    }
}

impl Deref for ChildRoles {
    type Target = [ChildRole];

    fn deref(&self) -> &[ChildRole] {
        &self.roles
    }
}

impl Header {
    /// The roles of the children of a life of this supervisor that begins: `make` makes them, unless they are those of its last life.
    pub(crate) fn children(
        &self,
        make: impl FnOnce(Option<&ChildRoles>) -> Option<ChildRoles>,
    ) -> Arc<ChildRoles> {
        let mut info = self.role_or_new();
        let is_over = info.is_over;
        if let Some(children) = make(info.children.as_deref()) {
            let children = Arc::new(children);
            if let Some(last) = info.children.replace(Arc::clone(&children)) {
                let _ = last.later.set(children); // once: only the last has no later ones
            }
        }
        let children = Arc::clone(info.children.get_or_insert_with(Arc::default));
        drop(info);
        if is_over {
            dismiss(&children, &ExitReason::Shutdown);
        }
        children
    }

    /// Its children are to live again with it.
    pub(crate) fn reopen_children(&self) {
        for child in self.known_children().iter().flat_map(|children| children.iter()) {
            child.process.reopen();
        }
    }

    /// A life has ended, and the role is kept.
    pub(super) fn set_ended(&self, reason: &ExitReason) {
        let parent = self.ties.parent();
        let mut info = self.role_or_new();
        info.keeper = parent.or(info.keeper.take());
        info.ended = Some(reason.clone());
        info.ended_lives += 1;
    }

    /// Why the last life ended.
    pub(crate) fn ended(&self) -> Option<ExitReason> {
        self.role()?.ended.clone()
    }

    /// The roles of this supervisor's children, once it has been started.
    pub(crate) fn known_children(&self) -> Option<Arc<ChildRoles>> {
        self.role()?.children.clone()
    }

    /// The id of a child, and what its supervisor knows it as: its own type, or that of its plan. Not of those that have no id.
    pub(crate) fn known_as(&self) -> Option<(Cow<'static, str>, &'static str)> {
        self.role()?.known_as.clone()
    }

    /// One more message is handled that waited when the life was asked to end.
    pub(super) fn note_handled(&self) {
        self.role_or_new().remains.get_or_insert_default().handled += 1;
    }

    /// So many more messages will not be handled.
    pub(super) fn note_dropped(&self, dropped: usize) {
        self.role_or_new().remains.get_or_insert_default().dropped += dropped;
    }

    /// Leaves a report to whoever ends this life.
    pub(crate) fn leave(&self, report: Box<dyn Any + Send>) {
        self.role_or_new().remains.get_or_insert_default().report = Some(report);
    }

    /// What was left behind since this was asked for the last time.
    pub(crate) fn take_remains(&self) -> Remains {
        let mut role = self.role();
        let remains = role.as_mut().and_then(|info| info.remains.as_mut());
        remains.map(|remains| mem::take(&mut **remains)).unwrap_or_default()
    }

    /// Gives the name back.
    pub(super) fn free_name(&self) {
        let name = self.role().and_then(|mut info| info.name.take());
        if let Some(name) = name {
            self.node.names.remove(&name);
        }
    }

    /// No life follows, for now: the role gives its name back, and its children's roles have no life either.
    pub(crate) fn close_role(&self, reason: &ExitReason) {
        self.free_name();
        let children = self.role().and_then(|info| info.children.clone());
        for child in children.iter().flat_map(|children| children.kept().rev()) {
            child.process.set_fate(Fate::Closes);
            child.process.close(reason);
        }
    }

    /// The role is over: it gives its name back, and its children's roles are over, too.
    pub(crate) fn end_role(&self, reason: &ExitReason) {
        self.free_name();
        let children = self.role().and_then(|mut info| {
            info.is_over = true;
            info.children.clone()
        });
        if let Some(children) = children {
            dismiss(&children, reason);
        }
    }
}

fn dismiss(children: &ChildRoles, reason: &ExitReason) {
    for child in children.kept().rev() {
        child.process.dismiss(reason);
    }
}
