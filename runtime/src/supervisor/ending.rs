//! How a supervisor ends a child: it is told, has its time, and is killed.

use crate::{
    ExitReason, Pid, Shutdown,
    cell::{Process, waits::Wait},
    link::Signal,
    monitor::Monitor,
};
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
    /// Why it has ended, once that is known.
    reason: Option<ExitReason>,
    /// When it is killed.
    pub(super) deadline: Option<Instant>,
    /// What it calls meanwhile cannot wait for the supervisor.
    wait: Option<Wait>,
}

impl Ending {
    pub(super) fn begin(
        process: &Arc<dyn Process>,
        pid: Pid,
        shutdown: Shutdown,
        parent: Pid,
    ) -> Self {
        let mut ending = Self::told(process, pid, shutdown);
        if !process.ends_at_once() {
            ending.wait = Wait::certain(process, true);
        }
        let signal = match shutdown {
            Shutdown::BrutalKill => Signal::Kill,
            _ => Signal::Exit(Some(parent), ExitReason::Shutdown),
        };
        Arc::clone(process).signal(pid, signal);
        ending.wait_if_it_runs();
        ending
    }

    /// A life that has been told already.
    pub(super) fn of(process: &Arc<dyn Process>, pid: Pid, shutdown: Shutdown) -> Self {
        let mut ending = Self::told(process, pid, shutdown);
        ending.wait_if_it_runs();
        ending
    }

    /// One that ends at once where its handler awaits may yet block its thread.
    fn wait_if_it_runs(&mut self) {
        if self.wait.is_none() && (!self.process.ends_at_once() || self.process.is_running()) {
            self.wait = Wait::certain(&self.process, true);
        }
    }

    fn told(process: &Arc<dyn Process>, pid: Pid, shutdown: Shutdown) -> Self {
        let end = Monitor::of(Some(Arc::clone(process)));
        let deadline = match shutdown {
            Shutdown::After(time) => Instant::now().checked_add(time),
            Shutdown::BrutalKill => Some(Instant::now()),
            Shutdown::Infinity => None,
        };
        Self { process: Arc::clone(process), pid, end, reason: None, deadline, wait: None }
    }

    /// Waits until it has ended; kills it when its time is up.
    pub(super) async fn finish(mut self) -> ExitReason {
        self.wait().await;
        self.ended().await
    }

    /// Waits until it has ended, or its time is up: then it is killed.
    pub(super) async fn wait(&mut self) {
        if let Some(deadline) = self.deadline
            && self.reason.is_none()
        {
            match timeout_at(deadline, &mut self.end).await {
                Ok(down) => self.reason = Some(down.reason),
                Err(_) => Arc::clone(&self.process).signal(self.pid, Signal::Kill),
            }
        }
    }

    /// Waits until it has ended. Gives the reason.
    pub(super) async fn ended(self) -> ExitReason {
        let reason = match self.reason {
            Some(reason) => reason,
            None => self.end.await.reason,
        };
        match reason {
            // It had ended before it was told to.
            ExitReason::NoProc => self.process.header().ended().unwrap_or(ExitReason::NoProc),
            reason => reason,
        }
    }
}
