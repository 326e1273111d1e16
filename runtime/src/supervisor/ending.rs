//! How a supervisor ends a child: it is told, has its time, and is killed.

use crate::{ExitReason, Pid, Shutdown, cell::Process, link::Signal, monitor::Monitor};
use std::sync::Arc;
use tokio::time::{Instant, timeout_at};

/// Ends a life within its time, and waits until it has ended. Gives the reason.
pub(super) async fn end(
    process: &Arc<dyn Process>,
    pid: Pid,
    shutdown: Shutdown,
    parent: Pid,
) -> ExitReason {
    Ending::begin(process, pid, shutdown, parent).finish().await
}

/// A life that has been told to end.
pub(super) struct Ending {
    process: Arc<dyn Process>,
    pub(super) pid: Pid,
    end: Monitor,
    /// When it is killed.
    pub(super) deadline: Option<Instant>,
}

impl Ending {
    pub(super) fn begin(
        process: &Arc<dyn Process>,
        pid: Pid,
        shutdown: Shutdown,
        parent: Pid,
    ) -> Self {
        let ending = Self::of(process, pid, shutdown);
        let signal = match shutdown {
            Shutdown::BrutalKill => Signal::Kill,
            _ => Signal::Exit(Some(parent), ExitReason::Shutdown),
        };
        Arc::clone(process).signal(pid, signal);
        ending
    }

    /// A life that knows already.
    pub(super) fn of(process: &Arc<dyn Process>, pid: Pid, shutdown: Shutdown) -> Self {
        let end = Monitor::of(Some(Arc::clone(process)));
        let deadline = match shutdown {
            Shutdown::After(time) => Instant::now().checked_add(time),
            Shutdown::BrutalKill | Shutdown::Infinity => None,
        };
        Self { process: Arc::clone(process), pid, end, deadline }
    }

    pub(super) async fn finish(mut self) -> ExitReason {
        if let Some(deadline) = self.deadline {
            if let Ok(down) = timeout_at(deadline, &mut self.end).await {
                return down.reason;
            }
            self.process.signal(self.pid, Signal::Kill);
        }
        self.end.await.reason
    }
}
