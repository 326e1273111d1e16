//! What can go wrong when a supervisor is asked for something.

use crate::{CallError, StartError};
use std::{borrow::Cow, error::Error, fmt};

/// A supervisor did not start, because a child did not: those before it have been ended again. OTP's `failed_to_start_child`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ChildNotStarted {
    /// Which child.
    pub child: Cow<'static, str>,
    /// Why.
    pub error: StartError,
}

impl fmt::Display for ChildNotStarted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the child `{}` did not start: {}", self.child, self.error)
    }
}

impl Error for ChildNotStarted {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.error)
    }
}

/// A supervisor did not start, because two of its children have the same id. OTP's `duplicate_child_name`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DuplicateChild {
    /// The id.
    pub id: Cow<'static, str>,
}

impl fmt::Display for DuplicateChild {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "two children have the id `{}`: give one another", self.id)
    }
}

impl Error for DuplicateChild {}

/// Why a supervisor did not do with a child what it was asked to.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ChildError {
    /// It has no such child.
    NotFound,
    /// The child runs: end it first.
    Running,
    /// The child is being restarted.
    Restarting,
    /// There is a child with this id already.
    AlreadyPresent,
    /// There are as many children as there may be.
    MaxChildren,
    /// The child did not start.
    Start(StartError),
    /// The supervisor could not be asked.
    Supervisor(CallError),
}

impl fmt::Display for ChildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("the supervisor has no such child"),
            Self::Running => f.write_str("the child runs: end it first, with `terminate_child`"),
            Self::Restarting => f.write_str("the child is being restarted"),
            Self::AlreadyPresent => f.write_str("there is a child with this id already"),
            Self::MaxChildren => f.write_str("there are as many children as there may be"),
            Self::Start(error) => write!(f, "the child did not start: {error}"),
            Self::Supervisor(error) => write!(f, "the supervisor could not be asked: {error}"),
        }
    }
}

impl Error for ChildError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Start(error) => Some(error),
            Self::Supervisor(error) => Some(error),
            _ => None,
        }
    }
}

impl From<CallError> for ChildError {
    fn from(error: CallError) -> Self {
        Self::Supervisor(error)
    }
}
