//! What a supervisor logs: OTP's supervisor and progress reports, each an event with the same fields.

use super::{child::Child, family::Family, tree};
use crate::{Pid, Shutdown, cell::shield::shielded};
use std::fmt;

/// What an event at level error is about.
#[derive(Clone, Copy, Debug)]
pub(super) enum Context {
    /// A child ended, and not as it should.
    ChildTerminated,
    /// A child did not start: with its supervisor, or when it was to be restarted.
    StartError,
    /// A child that its supervisor ended did not end in order, or in time.
    ShutdownError,
    /// There were too many restarts: the supervisor gives up.
    Shutdown,
}

impl Context {
    const fn name(self) -> &'static str {
        match self {
            Self::ChildTerminated => "child_terminated",
            Self::StartError => "start_error",
            Self::ShutdownError => "shutdown_error",
            Self::Shutdown => "shutdown",
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::ChildTerminated => "child ended",
            Self::StartError => "child did not start",
            Self::ShutdownError => "child did not shut down in order",
            Self::Shutdown => "too many restarts: the supervisor gives up",
        }
    }
}

/// Why a supervisor gives up, as OTP calls it.
pub(super) const TOO_MANY: &str = "reached_max_restart_intensity";

impl Family {
    /// Something is wrong with a child. `pid` is its last life, if it had one.
    pub(super) fn report(
        &self,
        context: Context,
        child: &Child,
        pid: Option<Pid>,
        reason: &dyn fmt::Display,
    ) {
        // How a reason is written is the user's code.
        shielded(|| {
            tracing::error!(
                supervisor = self.supervisor,
                context = context.name(),
                %reason,
                child = %child.id,
                actor = (child.actor)(),
                pid = pid.map(tracing::field::display),
                restart = tree::restart_type(child.restart),
                shutdown = %Time(child.shutdown),
                restarts = child.restarts,
                "{}",
                context.text()
            );
        });
    }

    /// A child was started because somebody asked for it, or with its supervisor.
    pub(super) fn report_start(&self, child: &Child, pid: Pid) {
        tracing::debug!(
            supervisor = self.supervisor,
            child = %child.id,
            actor = (child.actor)(),
            %pid,
            "child started"
        );
    }

    /// A child lives again.
    pub(super) fn report_restart(&self, child: &Child, pid: Pid) {
        tracing::info!(
            supervisor = self.supervisor,
            child = %child.id,
            actor = (child.actor)(),
            %pid,
            restarts = child.restarts,
            "child restarted"
        );
    }
}

/// A shutdown time, as `#[actor(..)]` writes it.
struct Time(Shutdown);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Shutdown::After(time) => write!(f, "{time:?}"),
            Shutdown::BrutalKill => f.write_str("brutal_kill"),
            Shutdown::Infinity => f.write_str("infinity"),
        }
    }
}
