//! The tokio runtimes that everything is measured on.

use std::time::Duration;
use tokio::{runtime::Builder, time::timeout};

/// A child that takes longer than this hangs: a message was lost.
pub(crate) const LONGEST: Duration = Duration::from_secs(120);

/// A kind of tokio runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Runtime {
    /// Multi-thread, with two workers.
    Two,
    /// Current-thread.
    One,
}

impl Runtime {
    pub(crate) const ALL: [Self; 2] = [Self::Two, Self::One];

    /// What the command line calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Two => "two",
            Self::One => "one",
        }
    }

    /// What the tables call it.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Two => "two workers",
            Self::One => "one thread",
        }
    }

    /// Runs `work` in a task of a new runtime of this kind: `block_on`'s own future is no task, and is scheduled differently.
    pub(crate) fn run<T: Send + 'static>(
        self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> T {
        let mut builder = match self {
            Self::Two => Builder::new_multi_thread(),
            Self::One => Builder::new_current_thread(),
        };
        let runtime = builder.worker_threads(2).enable_time().build().expect("a runtime can start");
        let done = runtime.block_on(async { timeout(LONGEST, tokio::spawn(work)).await });
        done.expect("the work ends in time").expect("the work does not panic")
    }
}
