//! Why a task gave no result.

use crate::{ChildError, ExitReason};
use std::{error::Error, fmt};

/// Why a [`Task`](crate::Task) gave no result.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum TaskError {
    /// The task ended before it had a result, for this reason. Elixir's `{:exit, reason}`.
    Died(ExitReason),
    /// There was no result in time, and the task was ended.
    Timeout,
    /// The task of an element of an [`AsyncStream`](crate::AsyncStream) did not start.
    NotStarted(ChildError),
    /// Nobody is there to give one: the runtime ended with the task, or the result has been taken already.
    NoProc,
}

impl TaskError {
    /// Why the task died, if that is what happened.
    #[must_use]
    pub fn reason(&self) -> Option<&ExitReason> {
        match self {
            Self::Died(reason) => Some(reason),
            _ => None,
        }
    }

    /// What its owner is told when a task has ended.
    pub(super) fn from_end(reason: ExitReason) -> Self {
        match reason {
            ExitReason::NoProc => Self::NoProc,
            reason => Self::Died(reason),
        }
    }
}

impl fmt::Display for TaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Died(reason) => write!(f, "the task ended without a result: {reason}"),
            Self::Timeout => f.write_str("the task gave no result in time, and was ended"),
            Self::NotStarted(error) => write!(f, "the task was not started: {error}"),
            Self::NoProc => f.write_str("there is no task to give a result, or not any more"),
        }
    }
}

impl Error for TaskError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Died(reason) => reason.error().map(|error| error as _),
            Self::NotStarted(error) => Some(error),
            Self::Timeout | Self::NoProc => None,
        }
    }
}
