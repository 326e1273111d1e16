//! What a role has besides its mailbox that outlives its lives: a name, and the roles of its children.

use super::{Header, Process, core::Fate};
use crate::{ExitReason, registry::Name};
use std::{borrow::Cow, sync::Arc};

#[derive(Default)]
pub(crate) struct RoleInfo {
    /// Registered under this.
    pub(crate) name: Option<Name>,
    /// The children that a supervisor has in each of its lives.
    pub(crate) children: Option<Arc<Vec<ChildRole>>>,
    /// Why the last life ended, in a role that a supervisor keeps.
    ended: Option<ExitReason>,
    /// How many lives have ended, in such a role.
    pub(crate) ended_lives: u64,
    /// Nobody keeps the role of the supervisor any more, nor those of its children.
    is_over: bool,
}

/// The role of a child, by its id in its supervisor.
pub(crate) struct ChildRole {
    pub(crate) id: Cow<'static, str>,
    pub(crate) process: Arc<dyn Process>,
}

impl Header {
    /// The roles of this supervisor's children: made once, and kept across its lives.
    pub(crate) fn children(&self, make: impl FnOnce() -> Vec<ChildRole>) -> Arc<Vec<ChildRole>> {
        let mut role = self.role();
        let info = role.get_or_insert_default();
        let is_over = info.is_over;
        let children = info.children.get_or_insert_with(|| Arc::new(make()));
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
