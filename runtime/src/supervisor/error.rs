//! What can go wrong when a supervisor is asked for something.

use crate::{CallError, Pid, StartError};
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

/// A child cannot be significant: OTP's `bad_combination`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BadCombination {
    /// It is `permanent`: it is restarted however it ends, so that its end is never the last.
    SignificantAndPermanent,
    /// Its supervisor has no [`AutoShutdown`](crate::AutoShutdown): it goes on whoever ends.
    SignificantAndNever,
    /// It is one of a [`DynamicSupervisor`](crate::DynamicSupervisor)'s, whose children come and go.
    SignificantAndDynamic,
}

impl fmt::Display for BadCombination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SignificantAndPermanent => {
                "a significant child is `transient` or `temporary`: a permanent one is always restarted"
            }
            Self::SignificantAndNever => {
                "a child is significant under a supervisor with `auto_shutdown` only"
            }
            Self::SignificantAndDynamic => {
                "a child of a dynamic supervisor cannot be significant"
            }
        })
    }
}

impl Error for BadCombination {}

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
    /// There is a child with this id already, and it lives.
    AlreadyStarted(Pid),
    /// There is a child with this id already, which has ended or is being restarted.
    AlreadyPresent,
    /// There are as many children as there may be.
    MaxChildren,
    /// The child cannot be what its spec says.
    BadCombination(BadCombination),
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
            Self::AlreadyStarted(pid) => {
                write!(f, "there is a child with this id already: {pid}")
            }
            Self::AlreadyPresent => f.write_str("there is a child with this id already"),
            Self::MaxChildren => f.write_str("there are as many children as there may be"),
            Self::BadCombination(error) => fmt::Display::fmt(error, f),
            Self::Start(error) => write!(f, "the child did not start: {error}"),
            Self::Supervisor(error) => write!(f, "the supervisor could not be asked: {error}"),
        }
    }
}

impl Error for ChildError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::BadCombination(error) => Some(error),
            Self::Start(error) => Some(error),
            Self::Supervisor(error) => Some(error),
            _ => None,
        }
    }
}

impl From<StartError> for ChildError {
    fn from(error: StartError) -> Self {
        let StartError::Init(reason) = &error else { return Self::Start(error) };
        match reason.error().and_then(|error| error.downcast_ref()) {
            Some(combination) => Self::BadCombination(*combination),
            None => Self::Start(error),
        }
    }
}

impl From<CallError> for ChildError {
    fn from(error: CallError) -> Self {
        Self::Supervisor(error)
    }
}
