//! What is measured.

mod actors;
mod bank;
mod big;
mod callers;
pub(crate) mod crash;
mod facts;
mod fork_join;
mod messages;
mod overload;
mod ring;
mod shut_down;

use crate::{contender::Contender, runtime::Runtime};
use actors::Life;
use callers::Actors;
pub(crate) use facts::{Facts, Of};
use messages::{BulkCall, BulkCast, Burst, Call, CallWithin, Cast, CastFour, QueuedCall};
use overload::Service;
use std::time::Duration;

/// Something to be done by each contender in a process of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    Cast,
    CastFour,
    Burst,
    Call,
    CallP50,
    CallP99,
    QueuedCall,
    CallWithin,
    BulkCast,
    BulkCall,
    CallersOne,
    CallersMany,
    Ring,
    Big,
    Bank,
    ForkJoin,
    Spawn,
    SpawnStop,
    Crash,
    ShutDown,
    OverloadFixed,
    OverloadExponential,
    IdleBytes,
    CalledBytes,
    CastBytes,
    CastAllocations,
    CallAllocations,
    QueuedCallAllocations,
    SpawnAllocations,
}

/// What a figure says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Nanoseconds,
    Bytes,
    Allocations,
    /// Of what could have been done.
    Percent,
    /// As long as something else that the contender does.
    Times,
}

impl Unit {
    /// Whether it is counted, and so the same each time.
    pub(crate) fn is_exact(self) -> bool {
        matches!(self, Self::Bytes | Self::Allocations)
    }

    /// How the tables write it, after the title.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Nanoseconds => "ns",
            Self::Bytes => "bytes",
            Self::Allocations => "allocations",
            Self::Percent => "%",
            Self::Times => "times",
        }
    }

    /// Whether the figure `reached` is as good as the figure `target`.
    pub(crate) fn meets(self, reached: f64, target: f64) -> bool {
        if self == Self::Percent { reached >= target } else { reached <= target }
    }
}

impl Work {
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        facts::FACTS.iter().map(|facts| facts.work)
    }

    pub(crate) fn facts(self) -> &'static Facts {
        &facts::FACTS[self as usize]
    }

    /// Whether the counting allocator must be active.
    pub(crate) fn counts(self) -> bool {
        matches!(self.facts().unit, Unit::Bytes | Unit::Allocations)
    }

    /// Does this work. `None` where the contender cannot.
    pub(crate) fn measure<C: Contender>(self, runtime: Runtime, n: u64) -> Option<Measured> {
        let measured = match self {
            Self::Cast => C::run(runtime, messages::time::<C, Cast>(n)),
            Self::CastFour => C::run(runtime, messages::time::<C, CastFour>(n)),
            Self::Burst => C::run(runtime, messages::time::<C, Burst>(n)),
            Self::Call => C::run(runtime, messages::time::<C, Call>(n)),
            Self::CallP50 => C::run(runtime, messages::percentile::<C>(n, 50)),
            Self::CallP99 => C::run(runtime, messages::percentile::<C>(n, 99)),
            Self::QueuedCall => C::run(runtime, messages::time::<C, QueuedCall>(n)),
            Self::CallWithin => C::run(runtime, messages::time::<C, CallWithin>(n)),
            Self::BulkCast => C::run(runtime, messages::time::<C, BulkCast>(n)),
            Self::BulkCall => C::run(runtime, messages::time::<C, BulkCall>(n)),
            Self::CallersOne => C::run(runtime, callers::time::<C>(n, Actors::One)),
            Self::CallersMany => C::run(runtime, callers::time::<C>(n, Actors::OneEach)),
            Self::Ring => C::run(runtime, ring::time::<C>(n)),
            Self::Big => C::run(runtime, big::time::<C>(n)),
            Self::Bank => C::run(runtime, bank::time::<C>(n)),
            Self::ForkJoin => C::run(runtime, fork_join::time::<C>(n)),
            Self::Spawn => C::run(runtime, actors::time_to_spawn::<C>(n)),
            Self::SpawnStop => C::run(runtime, actors::time_to_spawn_and_stop::<C>(n)),
            Self::Crash => return C::run(runtime, crash::time::<C>(n)),
            Self::ShutDown => return C::run(runtime, shut_down::time::<C>(n)),
            Self::OverloadFixed => C::run(runtime, overload::in_time::<C>(n, Service::Fixed)),
            Self::OverloadExponential => {
                C::run(runtime, overload::in_time::<C>(n, Service::Exponential))
            }
            Self::IdleBytes => C::run(runtime, actors::bytes::<C>(n, Life::Spawned)),
            Self::CalledBytes => C::run(runtime, actors::bytes::<C>(n, Life::Called)),
            Self::CastBytes => C::run(runtime, actors::bytes::<C>(n, Life::Cast)),
            Self::CastAllocations => C::run(runtime, messages::allocations::<C, Cast>(n)),
            Self::CallAllocations => C::run(runtime, messages::allocations::<C, Call>(n)),
            Self::QueuedCallAllocations => {
                C::run(runtime, messages::allocations::<C, QueuedCall>(n))
            }
            Self::SpawnAllocations => C::run(runtime, actors::allocations::<C>(n)),
        };
        Some(measured)
    }
}

/// What one child found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    /// Per operation, in the unit of the work.
    pub(crate) figure: f64,
    /// What the actors themselves have counted, and what they should have: nothing was lost, nothing done twice.
    pub(crate) seen: u64,
    pub(crate) expected: u64,
}

/// Nanoseconds per operation.
pub(crate) fn nanoseconds(elapsed: Duration, operations: u64) -> f64 {
    elapsed.as_secs_f64() * 1e9 / precise(operations)
}

fn per_operation(count: u64, operations: u64) -> f64 {
    precise(count) / precise(operations)
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn precise(count: u64) -> f64 {
    count as f64
}

fn room(n: u64) -> usize {
    usize::try_from(n).expect("so many fit into memory")
}
