//! What a role has besides its mailbox that outlives its lives: a name, and the roles of its children.

use super::{Header, Process, core::Fate};
use crate::{ExitReason, registry::Name};
use std::{any::Any, borrow::Cow, mem, sync::Arc};

#[derive(Default)]
pub(crate) struct RoleInfo {
    /// Registered under this.
    pub(crate) name: Option<Name>,
    /// The children that a supervisor has in each of its lives.
    pub(crate) children: Option<Arc<Vec<ChildRole>>>,
    /// Nobody keeps the role of the supervisor any more, nor those of its children.
    is_over: bool,
    /// For the supervisor of this role, which has asked for the end of its life.
    remains: Option<Box<Remains>>,
}

/// What a life has left behind, for the report of whoever ended it.
#[derive(Default)]
pub(crate) struct Remains {
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

    /// So many more messages will not be handled.
    pub(crate) fn note_dropped(&self, dropped: usize) {
        self.role().get_or_insert_default().remains.get_or_insert_default().dropped += dropped;
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
