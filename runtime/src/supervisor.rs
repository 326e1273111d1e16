//! Supervisors: actors that start others, and restart them.
//!
//! * `plan`: what a supervisor is to do
//! * `child_spec`: how a child is started, restarted and stopped
//! * `family`: the children of one life of a supervisor; `child`: one of them; `ending`: how it is ended
//! * `report`: what is logged; `drained`: what is said of its end
//! * `builder`: trees made at run time
//! * `info`: what can be asked about children
//! * `restart`: what is done when one has ended
//! * `intensity`: when it gives up; `auto_shutdown`: when it ends with a child; `backoff`: how long a restart waits
//! * `dynamic`: children that come and go; `partition`: children that share the work; `routing`: which of them has a key
//! * `supervisor_ref`: what one can ask of it
//! * `living`: who lives in a tree that is to end
//! * `tree`: a tree to be looked at

mod auto_shutdown;
mod backoff;
mod builder;
mod child;
mod child_spec;
mod children;
mod drained;
mod dynamic;
mod ending;
mod error;
mod family;
mod info;
mod intensity;
mod living;
mod partition;
mod plan;
mod report;
mod restart;
mod routing;
mod supervisor_ref;
mod tree;

pub(crate) use self::living::Living;
pub use self::{
    auto_shutdown::{AutoShutdown, may_be_significant},
    backoff::Backoff,
    builder::SupervisorBuilder,
    child_spec::ChildSpec,
    drained::{Drained, DrainedChild},
    dynamic::{DynamicSupervisor, DynamicSupervisorRef},
    error::{BadCombination, ChildError, ChildNotStarted, DuplicateChild},
    info::{ChildInfo, Counts},
    partition::{PartitionSupervisor, PartitionSupervisorRef},
    plan::{Plan, Planned, Siblings, Strategy, Supervise, SupervisorOptions},
    tree::Tree,
};

use self::{
    child::{Child, Key, State},
    family::Family,
    restart::{Next, Turn},
};
use crate::{
    Ctx, Exit, ExitReason, Pid, Start,
    cell::{Process, core::Fate},
};
use ghostlight_macros::{actor, handlers};
use std::{fmt, sync::Arc};

/// The actor behind every supervisor: one with a `#[supervisor]` impl block, one that a [builder](Self::builder) describes at run
/// time, and a [`DynamicSupervisor`].
///
/// It starts its children one after the other, is linked to each, and ends them in reverse order when it ends itself. When one
/// ends, its restart type says whether it lives again, and the [`Strategy`] which others live again with it; with too many restarts in
/// too short a time the supervisor gives up: it ends as [`Shutdown`](ExitReason::Shutdown), and its own supervisor has its turn.
///
/// While it starts or ends a child it does nothing else. As OTP's `supervisor`.
///
/// # What it logs
/// OTP's reports, each a `tracing` event. Those at level error have the fields `supervisor`, `context`, `reason`, `child` (its id), `actor`,
/// `pid` (of its last life), `restart`, `shutdown` and `restarts`:
///
/// | `context` | |
/// |---|---|
/// | `child_terminated` | a child ended, in any way if it is permanent, and in a crash if it is not |
/// | `start_error` | a child did not start: with its supervisor, or when it was to be restarted |
/// | `shutdown_error` | a child that its supervisor ended did not end as `shutdown`, or not in time |
/// | `shutdown` | the supervisor gives up; the reason is `reached_max_restart_intensity` |
///
/// At its end it says how many children it has ended and how many messages nobody will handle, at level info if there are any, else at
/// level debug; [`shutdown`](SupervisorRef::shutdown) gives the details.
///
/// Whoever asks for a child to be started is told why it did not: that is not logged. A restart is at level info, the first life of a child
/// at level debug.
#[actor(shutdown = infinity)]
pub struct Supervisor {
    family: Family,
    /// How its children ended, once they have.
    drained: Option<Drained>,
}

impl fmt::Debug for Supervisor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Supervisor").finish_non_exhaustive()
    }
}

/// Sent to itself by a supervisor that could not restart a child.
struct TryAgain(Key);

/// Sent to itself by a supervisor when a restart has waited.
struct GoOn(Turn);

#[handlers]
impl Supervisor {
    #[init]
    async fn open(plan: Plan, ctx: &mut Ctx<Self>) -> Result<Self, ExitReason> {
        let process = ctx.process();
        let mut family = Family::new(plan, (ctx.pid(), Arc::downgrade(&process)), &process);
        if let Some(id) = family.duplicate() {
            return Err(DuplicateChild { id }.into());
        }
        let kept = process.fate() != Fate::Ends;
        family.start_all(if kept { Fate::Vacates } else { Fate::Closes }).await?;
        Ok(Self { family, drained: None })
    }

    #[call(timeout = infinity)]
    fn members(&self) -> Vec<Member> {
        let member = |child: &Child| Member {
            child: child.info(),
            options: tree::said(child.restart, child.shutdown),
            process: Arc::clone(&child.process),
        };
        self.family.children.each().map(member).collect()
    }

    #[call(timeout = infinity)]
    fn shown(&self, id: String) -> Option<ChildInfo> {
        self.family.position(&id).map(|at| self.family.children[at].info())
    }

    #[call(timeout = infinity)]
    fn count(&self) -> Counts {
        let Family { children, crashes, restarts, .. } = &self.family;
        let is_active = |child: &&Child| matches!(child.state, State::Running(_));
        let supervisors = children.iter().filter(|child| child.is_supervisor).count();
        Counts {
            specs: children.len(),
            active: children.each().filter(is_active).count(),
            supervisors,
            workers: children.len() - supervisors,
            crashes: *crashes,
            restarts: *restarts,
        }
    }

    #[call(timeout = infinity)]
    fn describe(&self) -> Tree {
        self.family.describe()
    }

    #[call(timeout = infinity)]
    async fn start_planned(&mut self, planned: Planned) -> Result<Arc<dyn Process>, ChildError> {
        let family = &mut self.family;
        if family.is_full() {
            return Err(ChildError::MaxChildren);
        }
        if let Some(at) = family.position(&planned.id) {
            return Err(match family.children[at].state {
                State::Running(pid) => ChildError::AlreadyStarted(pid),
                State::Stopped | State::Restarting(_) => ChildError::AlreadyPresent,
            });
        }
        Ok(family.start_new(planned).await?)
    }

    #[call(timeout = infinity)]
    async fn end_child(&mut self, id: String) -> Result<(), ChildError> {
        let at = self.family.position(&id).ok_or(ChildError::NotFound)?;
        self.family.terminate(at).await;
        Ok(())
    }

    #[call(timeout = infinity)]
    async fn end_life(&mut self, pid: Pid) -> Result<(), ChildError> {
        let at = self.family.children.position_known_by(pid).ok_or(ChildError::NotFound)?;
        self.family.terminate(at).await;
        Ok(())
    }

    #[call(timeout = infinity)]
    async fn start_again(&mut self, id: String) -> Result<Pid, ChildError> {
        let at = self.family.at_rest(&id)?;
        Ok(self.family.start_again(at).await?)
    }

    #[call(timeout = infinity)]
    fn forget(&mut self, id: String) -> Result<(), ChildError> {
        let at = self.family.at_rest(&id)?;
        self.family.remove(at);
        Ok(())
    }

    #[call(timeout = infinity)]
    async fn use_first(&mut self, partitions: usize) -> Result<usize, ChildError> {
        self.family.use_first(partitions).await
    }

    #[info]
    async fn child_ended(&mut self, exit: Exit, ctx: &mut Ctx<Self>) {
        // Exits of those that are no child of this life, or not any more, are nothing to it.
        if let Some(pid) = exit.from {
            let next = self.family.ended(pid, &exit.reason).await;
            heed(next, ctx);
        }
    }

    #[info]
    async fn try_again(&mut self, again: TryAgain, ctx: &mut Ctx<Self>) {
        let next = self.family.try_again(again.0).await;
        heed(next, ctx);
    }

    #[info]
    async fn go_on(&mut self, waited: GoOn, ctx: &mut Ctx<Self>) {
        let next = self.family.go_on(waited.0).await;
        heed(next, ctx);
    }

    #[call(timeout = infinity)]
    async fn drain(&mut self, ctx: &mut Ctx<Self>) -> Drained {
        let drained = self.family.drain(fate_of_children(ctx, &ExitReason::Shutdown)).await;
        self.drained = Some(drained.clone());
        ctx.stop(ExitReason::Shutdown);
        drained
    }

    #[terminate]
    async fn end_children(&mut self, reason: &ExitReason, ctx: &mut Ctx<Self>) {
        let drained = match self.drained.take() {
            Some(drained) => drained,
            None => self.family.drain(fate_of_children(ctx, reason)).await,
        };
        let process = ctx.process();
        if process.fate() != Fate::Ends {
            process.header().leave(Box::new(drained)); // to the supervisor above
        }
    }
}

/// A supervisor that lives again keeps what waits for its children, unless it has given up, or was to shut down.
fn fate_of_children(ctx: &Ctx<Supervisor>, reason: &ExitReason) -> Fate {
    match ctx.process().fate() {
        Fate::Vacates => Fate::Vacates,
        Fate::Restarts(_) if matches!(reason, ExitReason::Shutdown) => Fate::Closes,
        fate if fate.has_next_life(reason) => Fate::Vacates,
        _ => Fate::Closes,
    }
}

fn heed(next: Next, ctx: &mut Ctx<Supervisor>) {
    match next {
        Next::Nothing => {}
        // Nobody is left to be served by it.
        Next::TryAgain(_) | Next::GoOn(..) if is_unwanted(ctx) => ctx.stop(ExitReason::Normal),
        // By way of the mailbox, so that others are served between two attempts.
        Next::TryAgain(key) => ctx.tell_me(TryAgain(key)),
        Next::GoOn(turn, wait) => ctx.send_after_quietly(wait, GoOn(turn)),
        Next::End => ctx.stop(ExitReason::Shutdown),
    }
}

/// Whether nobody has a handle, and no supervisor above: what is tried again does not keep it alive.
fn is_unwanted(ctx: &Ctx<Supervisor>) -> bool {
    let process = ctx.process();
    process.fate() == Fate::Ends && process.header().is_unreferenced()
}

/// A child, and what is behind it.
struct Member {
    child: ChildInfo,
    options: String,
    process: Arc<dyn Process>,
}

/// Starts a tree: what the generated `start` does.
#[doc(hidden)]
pub fn start_tree<S: Supervise>(supervisor: S) -> Start<S, (Plan,)> {
    Start::__new((Plan::of(supervisor),))
}

/// A tree as the child of another: what the generated `child_spec` does.
#[doc(hidden)]
pub fn tree_spec<S: Supervise>(supervisor: S) -> ChildSpec<S> {
    ChildSpec::with_args((Plan::of(supervisor),))
}
