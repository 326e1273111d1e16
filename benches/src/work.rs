//! What is measured.

mod actors;
mod messages;
mod overload;
mod ring;

use crate::{contender::Contender, runtime::Runtime};
use actors::Life;
use messages::{Call, Cast, QueuedCall};
use overload::Times;
use std::time::Duration;

/// Something to be done by each contender in a process of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    Cast,
    Call,
    QueuedCall,
    Ring,
    Spawn,
    IdleBytes,
    CalledBytes,
    CastBytes,
    CastAllocations,
    CallAllocations,
    QueuedCallAllocations,
    SpawnAllocations,
    OverloadFixed,
    OverloadExponential,
}

/// What a figure says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Nanoseconds,
    Bytes,
    Allocations,
    Percent,
}

/// What Ghostlight is to reach.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target {
    /// At most this many times what the first contender needs, on two workers.
    Ratio(f64),
    /// At most this figure, on each runtime.
    Figure(f64),
    /// At least this figure, on each runtime.
    AtLeast(f64),
}

impl Work {
    pub(crate) const ALL: [Self; 14] = [
        Self::Cast,
        Self::Call,
        Self::QueuedCall,
        Self::Ring,
        Self::Spawn,
        Self::IdleBytes,
        Self::CalledBytes,
        Self::CastBytes,
        Self::CastAllocations,
        Self::CallAllocations,
        Self::QueuedCallAllocations,
        Self::SpawnAllocations,
        Self::OverloadFixed,
        Self::OverloadExponential,
    ];

    /// What the command line calls it.
    pub(crate) fn name(self) -> &'static str {
        self.names().0
    }

    /// What the tables call it.
    pub(crate) fn title(self) -> &'static str {
        self.names().1
    }

    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Cast => ("cast", "cast, one producer"),
            Self::Call => ("call", "call to an idle actor"),
            Self::QueuedCall => ("queued-call", "call that is queued"),
            Self::Ring => ("ring", "ring of 503, per hop"),
            Self::Spawn => ("spawn", "spawn to first reply"),
            Self::IdleBytes => ("idle-bytes", "idle actor"),
            Self::CalledBytes => ("called-bytes", "idle actor, once called"),
            Self::CastBytes => ("cast-bytes", "idle actor, once cast to"),
            Self::CastAllocations => ("cast-allocations", "cast"),
            Self::CallAllocations => ("call-allocations", "call to an idle actor"),
            Self::QueuedCallAllocations => ("queued-call-allocations", "call that is queued"),
            Self::SpawnAllocations => ("spawn-allocations", "spawn"),
            Self::OverloadFixed => ("overload-fixed", "overload, fixed times"),
            Self::OverloadExponential => ("overload-exponential", "overload, exponential times"),
        }
    }

    pub(crate) fn unit(self) -> Unit {
        match self {
            Self::Cast | Self::Call | Self::QueuedCall | Self::Ring | Self::Spawn => {
                Unit::Nanoseconds
            }
            Self::IdleBytes | Self::CalledBytes | Self::CastBytes => Unit::Bytes,
            Self::CastAllocations
            | Self::CallAllocations
            | Self::QueuedCallAllocations
            | Self::SpawnAllocations => Unit::Allocations,
            Self::OverloadFixed | Self::OverloadExponential => Unit::Percent,
        }
    }

    /// How many operations are measured, so that a child takes between 0.1 and 0.5 s or so.
    pub(crate) fn size(self) -> u64 {
        match self {
            Self::Cast | Self::Call | Self::Ring => 2_000_000,
            Self::QueuedCall | Self::CastAllocations => 500_000,
            Self::CallAllocations | Self::QueuedCallAllocations => 200_000,
            Self::Spawn | Self::IdleBytes | Self::CalledBytes | Self::CastBytes => 100_000,
            Self::SpawnAllocations => 50_000,
            Self::OverloadFixed | Self::OverloadExponential => 1_000,
        }
    }

    pub(crate) fn target(self) -> Option<Target> {
        match self {
            Self::Cast => Some(Target::Ratio(0.65)),
            Self::Call => Some(Target::Ratio(0.45)),
            Self::Ring => Some(Target::Ratio(0.95)),
            Self::Spawn => Some(Target::Ratio(0.25)),
            Self::IdleBytes => Some(Target::Figure(450.0)),
            Self::CastAllocations | Self::CallAllocations | Self::QueuedCallAllocations => {
                Some(Target::Figure(0.0))
            }
            Self::OverloadFixed | Self::OverloadExponential => Some(Target::AtLeast(90.0)),
            _ => None,
        }
    }

    /// Whether the counting allocator must be active.
    pub(crate) fn counts(self) -> bool {
        matches!(self.unit(), Unit::Bytes | Unit::Allocations)
    }

    /// Does this work.
    pub(crate) fn measure<C: Contender>(self, runtime: Runtime, size: u64) -> Measured {
        match self {
            Self::Cast => C::run(runtime, messages::time::<C, Cast>(size)),
            Self::Call => C::run(runtime, messages::time::<C, Call>(size)),
            Self::QueuedCall => C::run(runtime, messages::time::<C, QueuedCall>(size)),
            Self::Ring => C::run(runtime, ring::time::<C>(size)),
            Self::Spawn => C::run(runtime, actors::time::<C>(size)),
            Self::IdleBytes => C::run(runtime, actors::bytes::<C>(size, Life::Spawned)),
            Self::CalledBytes => C::run(runtime, actors::bytes::<C>(size, Life::Called)),
            Self::CastBytes => C::run(runtime, actors::bytes::<C>(size, Life::Cast)),
            Self::CastAllocations => C::run(runtime, messages::allocations::<C, Cast>(size)),
            Self::CallAllocations => C::run(runtime, messages::allocations::<C, Call>(size)),
            Self::QueuedCallAllocations => {
                C::run(runtime, messages::allocations::<C, QueuedCall>(size))
            }
            Self::SpawnAllocations => C::run(runtime, actors::allocations::<C>(size)),
            Self::OverloadFixed => C::run(runtime, overload::answered::<C>(size, Times::Fixed)),
            Self::OverloadExponential => {
                C::run(runtime, overload::answered::<C>(size, Times::Exponential))
            }
        }
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

impl Measured {
    fn time(elapsed: Duration, operations: u64) -> f64 {
        elapsed.as_secs_f64() * 1e9 / precise(operations)
    }

    fn per_operation(count: u64, operations: u64) -> f64 {
        precise(count) / precise(operations)
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn precise(count: u64) -> f64 {
    count as f64
}
