//! What each work is called, how large it is, and what Ghostlight is to reach in it.

use super::{
    Unit::{self, Allocations, Bytes, Nanoseconds, Percent, Times},
    Work,
};

/// What is known of a work before it is done.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(super) work: Work,
    /// What the command line calls it.
    pub(crate) name: &'static str,
    /// What the tables call it.
    pub(crate) title: &'static str,
    pub(crate) unit: Unit,
    /// How many operations are measured, so that a child takes between 0.1 and 0.5 s or so.
    pub(crate) size: u64,
    pub(crate) target: Option<Target>,
}

/// What Ghostlight is to reach: on two workers, and on one thread.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target {
    pub(crate) of: Of,
    pub(crate) must: [f64; 2],
    pub(crate) goal: [f64; 2],
}

/// What a target is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Of {
    /// How many times what the baseline needs.
    Ratio,
    /// The figure itself.
    Figure,
}

const fn work(work: Work, name: &'static str, title: &'static str, unit: Unit, size: u64) -> Facts {
    Facts { work, name, title, unit, size, target: None }
}

impl Facts {
    const fn ratio(mut self, must: [f64; 2], goal: [f64; 2]) -> Self {
        self.target = Some(Target { of: Of::Ratio, must, goal });
        self
    }

    const fn figure(mut self, must: f64, goal: f64) -> Self {
        self.target = Some(Target { of: Of::Figure, must: [must; 2], goal: [goal; 2] });
        self
    }
}

/// All works, in the order of `Work`.
#[rustfmt::skip]
pub(super) static FACTS: [Facts; 29] = [
    work(Work::Cast, "cast", "cast, one producer", Nanoseconds, 2_000_000).ratio([0.65, 0.75], [0.40, 0.45]),
    work(Work::CastFour, "cast-four", "cast, four producers", Nanoseconds, 2_000_000).ratio([0.70, 0.75], [0.55, 0.45]),
    work(Work::Burst, "burst", "100 casts, then a call", Nanoseconds, 2_000_000).ratio([0.65, 0.70], [0.45, 0.55]),
    work(Work::Call, "call", "call to an idle actor", Nanoseconds, 500_000).ratio([0.45, 0.45], [0.25, 0.30]),
    work(Work::CallP50, "call-p50", "the same, median", Nanoseconds, 300_000),
    work(Work::CallP99, "call-p99", "the same, 99th percentile", Nanoseconds, 300_000).ratio([0.10, 0.50], [0.03, 0.25]),
    work(Work::QueuedCall, "queued-call", "call that is queued", Nanoseconds, 500_000).ratio([1.05, 1.05], [0.90, 0.90]),
    work(Work::CallWithin, "call-within", "the same, from a handler", Nanoseconds, 500_000),
    work(Work::BulkCast, "bulk-cast", "cast of 1 KB", Nanoseconds, 500_000),
    work(Work::BulkCall, "bulk-call", "call with 1 KB", Nanoseconds, 300_000),
    work(Work::CallersOne, "callers-one", "64 callers, one actor", Nanoseconds, 640_000).ratio([1.00, 0.70], [0.80, 0.45]),
    work(Work::CallersMany, "callers-many", "64 callers, 64 actors", Nanoseconds, 640_000).ratio([0.65, 0.45], [0.50, 0.30]),
    work(Work::Ring, "ring", "ring of 503, per hop", Nanoseconds, 1_000_000).ratio([0.90, 0.95], [0.65, 0.75]),
    work(Work::Big, "big", "big: 64 ping each other", Nanoseconds, 500_000).ratio([0.95, 0.95], [0.75, 0.75]),
    work(Work::Bank, "bank", "bank, per transfer", Nanoseconds, 300_000).ratio([0.60, 0.45], [0.35, 0.28]),
    work(Work::ForkJoin, "fork-join", "fork-join, per actor", Nanoseconds, 100_000).ratio([0.55, 0.60], [0.35, 0.40]),
    work(Work::Spawn, "spawn", "spawn to first reply", Nanoseconds, 100_000).ratio([0.20, 0.25], [0.12, 0.17]),
    work(Work::SpawnStop, "spawn-stop", "spawn and stop", Nanoseconds, 100_000).ratio([0.35, 0.45], [0.22, 0.27]),
    work(Work::Crash, "crash", "crash to first answer", Nanoseconds, 20_000).ratio([3.0, 3.0], [2.0, 2.0]),
    work(Work::ShutDown, "shut-down", "shutdown of 100,000, to their spawn", Times, 100_000).figure(2.0, 1.0),
    work(Work::OverloadFixed, "overload-fixed", "twice too much, even work: done in time", Percent, 800).figure(90.0, 90.0),
    work(Work::OverloadExponential, "overload-exponential", "twice too much, uneven work: done in time", Percent, 800).figure(90.0, 90.0),
    work(Work::IdleBytes, "idle-bytes", "idle actor, of a million", Bytes, 1_000_000).figure(400.0, 288.0),
    work(Work::CalledBytes, "called-bytes", "idle actor, once called", Bytes, 100_000),
    work(Work::CastBytes, "cast-bytes", "idle actor, once cast to", Bytes, 100_000),
    work(Work::CastAllocations, "cast-allocations", "cast", Allocations, 500_000).figure(0.0, 0.0),
    work(Work::CallAllocations, "call-allocations", "call to an idle actor", Allocations, 200_000).figure(0.0, 0.0),
    work(Work::QueuedCallAllocations, "queued-call-allocations", "call that is queued", Allocations, 200_000).figure(0.0, 0.0),
    work(Work::SpawnAllocations, "spawn-allocations", "spawn", Allocations, 50_000).figure(3.0, 1.0),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_work_has_its_own_facts() {
        for (at, facts) in FACTS.iter().enumerate() {
            assert_eq!(facts.work as usize, at, "{}", facts.name);
        }
    }
}
