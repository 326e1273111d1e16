//! What a supervisor says of its end: how its children ended, and what was left undone.

use super::{child::Child, family::Family};
use crate::{ExitReason, Pid, cell::role::Remains};
use std::{borrow::Cow, time::Duration};
use tokio::time::Instant;

/// How a tree ended: what [`SupervisorRef::shutdown`](crate::SupervisorRef::shutdown) gives.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Drained {
    /// The children that lived, or were being restarted, in the order in which they ended: the last one first.
    pub children: Vec<DrainedChild>,
    /// How long it took to end them all.
    pub took: Duration,
}

/// How a child ended when its supervisor ended it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DrainedChild {
    /// Its id; empty in a [`DynamicSupervisor`](crate::DynamicSupervisor).
    pub id: Cow<'static, str>,
    /// The type of the actor, or of the supervisor.
    pub actor: &'static str,
    /// The life that was ended; `None` if it was being restarted.
    pub pid: Option<Pid>,
    /// Why its life ended: [`Shutdown`](ExitReason::Shutdown), if it ended in order and in time.
    pub reason: ExitReason,
    /// How many messages waited for it when it was asked to end, and were handled before its end. None where it has no `#[terminate]`: then
    /// it ends at once.
    pub handled: usize,
    /// How many messages waited for it that nobody will handle: calls, whose callers were told, and casts and infos. Not those that had no
    /// room in its mailbox: their senders have them back.
    pub dropped: usize,
    /// How long it took to end.
    pub took: Duration,
    /// Its own children, where it is a supervisor that had the time to end them.
    pub children: Vec<DrainedChild>,
}

impl Drained {
    /// How many messages were dropped in the whole tree.
    #[must_use]
    pub fn dropped(&self) -> usize {
        dropped(&self.children)
    }

    /// How many messages were handled in the whole tree by those who had been asked to end.
    #[must_use]
    pub fn handled(&self) -> usize {
        self.iter().map(|child| child.handled).sum()
    }

    /// All that ended, supervisors before their children.
    pub fn iter(&self) -> impl Iterator<Item = &DrainedChild> {
        let mut next: Vec<&DrainedChild> = self.children.iter().rev().collect();
        std::iter::from_fn(move || {
            let child = next.pop()?;
            next.extend(child.children.iter().rev());
            Some(child)
        })
    }
}

impl DrainedChild {
    /// What is known of the end of a child that was begun at `begun`.
    pub(super) fn of(child: &Child, pid: Option<Pid>, begun: Instant) -> Self {
        let Remains { handled, dropped, report } = child.process.header().take_remains();
        let below = report.and_then(|report| report.downcast().ok());
        Self {
            id: child.id.clone(),
            actor: (child.actor)(),
            pid,
            reason: child.ended.clone(),
            handled,
            dropped,
            took: begun.elapsed(),
            children: below.map_or_else(Vec::new, |below: Box<Drained>| below.children),
        }
    }
}

fn dropped(children: &[DrainedChild]) -> usize {
    children.iter().map(|child| child.dropped + dropped(&child.children)).sum()
}

impl Family {
    /// Says how the children ended.
    pub(super) fn report_drained(&self, drained: &Drained) {
        let Drained { children, took } = drained;
        let (children, handled, dropped) = (children.len(), drained.handled(), drained.dropped());
        if dropped > 0 {
            tracing::info!(
                supervisor = self.supervisor,
                children,
                handled,
                dropped,
                ?took,
                "supervisor has ended its children, with messages that nobody will handle"
            );
        } else {
            tracing::debug!(
                supervisor = self.supervisor,
                children,
                handled,
                dropped,
                ?took,
                "supervisor has ended its children"
            );
        }
    }

    /// Says what was left undone by a child that was to be ended.
    pub(super) fn report_dropped(&self, child: &DrainedChild) {
        let dropped = child.dropped + dropped(&child.children);
        if dropped > 0 {
            tracing::info!(
                supervisor = self.supervisor,
                child = %child.id,
                actor = child.actor,
                pid = child.pid.map(tracing::field::display),
                dropped,
                took = ?child.took,
                "child has ended, with messages that nobody will handle"
            );
        }
    }
}
