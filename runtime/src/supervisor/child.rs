//! What a supervisor knows of one child.

use super::{
    ChildInfo,
    backoff::Waits,
    child_spec::Spec,
    plan::{Planned, Siblings, SpecFn},
    restart::Until,
};
use crate::{
    ExitReason, Pid, Restart, Shutdown,
    cell::{Process, shield},
};
use std::{
    borrow::Cow,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// Which child: never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key(u64);

/// A child of one life of a supervisor.
pub(super) struct Child {
    pub(super) key: Key,
    pub(super) id: Cow<'static, str>,
    pub(super) actor: fn() -> &'static str,
    pub(super) is_supervisor: bool,
    pub(super) process: Arc<dyn Process>,
    spec: SpecFn,
    pub(super) restart: Restart,
    pub(super) shutdown: Shutdown,
    pub(super) significant: bool,
    pub(super) state: State,
    /// Its last life.
    pub(super) last: Option<Pid>,
    /// Why its last life ended: what those are told who wait for a next one that does not come.
    pub(super) ended: ExitReason,
    pub(super) restarts: u64,
    pub(super) waits: Waits,
    /// The role of a child that was added at run time ends with it; a planned one's is kept across the supervisor's lives.
    _kept: Option<Kept>,
}

/// What is known of its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// It has ended, or has not been started.
    Stopped,
    Running(Pid),
    /// It is to be restarted, and still known by the pid of its last life.
    Restarting(Until),
}

impl Child {
    /// A child that has not been started.
    pub(super) fn new(planned: Planned, process: Arc<dyn Process>, keeps_role: bool) -> Self {
        static KEYS: AtomicU64 = AtomicU64::new(0);
        let Planned { id, actor, is_supervisor, spec, .. } = planned;
        Self {
            key: Key(KEYS.fetch_add(1, Ordering::Relaxed)),
            id,
            actor,
            is_supervisor,
            _kept: keeps_role.then(|| Kept(Arc::clone(&process))),
            process,
            spec,
            restart: Restart::Permanent,
            shutdown: Shutdown::Infinity,
            significant: false,
            state: State::Stopped,
            last: None,
            ended: ExitReason::Shutdown,
            restarts: 0,
            waits: Waits::default(),
        }
    }

    /// Describes one more life of it.
    pub(super) fn describe(&mut self, siblings: &Siblings) -> Result<Spec, ExitReason> {
        let spec =
            catch_unwind(AssertUnwindSafe(|| self.spec.call(siblings))).map_err(shield::reason)?;
        (self.restart, self.shutdown) = (spec.restart, spec.shutdown);
        self.significant = spec.significant;
        Ok(spec)
    }

    /// A temporary child has one life: what described it is not kept while it lives.
    pub(super) fn forget_spec(&mut self) {
        if self.restart == Restart::Temporary {
            self.spec = SpecFn::default();
        }
    }

    /// Whether it lives again after such an end.
    pub(super) fn is_restarted_after(&self, reason: &ExitReason) -> bool {
        match self.restart {
            Restart::Permanent => true,
            Restart::Transient => !reason.is_orderly(),
            Restart::Temporary => false,
        }
    }

    /// Whether this is how it ends when its supervisor ends it.
    pub(super) fn may_shut_down_by(&self, reason: &ExitReason) -> bool {
        match reason {
            ExitReason::Shutdown => true,
            ExitReason::Killed => self.shutdown == Shutdown::BrutalKill,
            ExitReason::Normal => self.restart != Restart::Permanent,
            _ => false,
        }
    }

    /// No life follows: what waits for one is told why. Says whether one was to follow.
    pub(super) fn close(&self) -> bool {
        self.process.close(&self.ended)
    }

    /// As `which_children` shows it.
    pub(super) fn info(&self) -> ChildInfo {
        ChildInfo {
            id: self.id.clone(),
            actor: (self.actor)(),
            is_supervisor: self.is_supervisor,
            restart: self.restart,
            shutdown: self.shutdown,
            is_significant: self.significant,
            pid: match self.state {
                State::Running(pid) => Some(pid),
                State::Stopped | State::Restarting(_) => None,
            },
            is_restarting: matches!(self.state, State::Restarting(_)),
            restarts: self.restarts,
        }
    }
}

/// Keeps a role.
struct Kept(Arc<dyn Process>);

impl Drop for Kept {
    fn drop(&mut self) {
        self.0.dismiss(&ExitReason::Shutdown);
    }
}
