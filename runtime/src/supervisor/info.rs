//! What a supervisor says about its children.

use crate::{Pid, Restart, Shutdown};
use std::borrow::Cow;

/// A child of a supervisor, as it is at a moment. OTP's `which_children`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChildInfo {
    /// The name of its `#[child]` method, or what the builder was given; empty in a
    /// [`DynamicSupervisor`](crate::DynamicSupervisor).
    pub id: Cow<'static, str>,
    /// The type of the actor, or of the supervisor.
    pub actor: &'static str,
    /// It is a supervisor itself.
    pub is_supervisor: bool,
    /// When it is restarted, as its last description says.
    pub restart: Restart,
    /// How long it may take to end.
    pub shutdown: Shutdown,
    /// Its end may end the supervisor.
    pub is_significant: bool,
    /// Its present life.
    pub pid: Option<Pid>,
    /// It waits to be restarted, or could not be and is tried again.
    pub is_restarting: bool,
    /// How often this life of the supervisor has restarted it.
    pub restarts: u64,
}

/// How many children a supervisor has. OTP's `count_children`, and what has happened to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// All, whether they live or not.
    pub specs: usize,
    /// Those that live.
    pub active: usize,
    /// Those that are supervisors, whether they live or not.
    pub supervisors: usize,
    /// The others, whether they live or not.
    pub workers: usize,
    /// How many lives of children have crashed in this life of the supervisor.
    pub crashes: u64,
    /// How many it has begun again.
    pub restarts: u64,
}
