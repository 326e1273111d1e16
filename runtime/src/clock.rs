//! The time, at a third of its price where two milliseconds more do not matter.
//!
//! To look at the clock costs as much as a short handler, and a call that waits does so twice. A thread that has looked less than so many cycles
//! of its processor ago need not look again.
//!
//! This is done where the kernel itself tells the time by that counter, and where tokio's clock cannot be paused.

use std::time::Duration;
use tokio::time::Instant;

/// A time limit that is at least as long as this may end 2 ms later.
const LONG: Duration = Duration::from_secs(1);

/// So long after now; where that is long, up to 2 ms later.
pub(crate) fn after(limit: Duration) -> Option<Instant> {
    let now = if limit >= LONG { at_latest() } else { Instant::now() };
    now.checked_add(limit)
}

/// Whether a time is still to come.
#[inline]
pub(crate) fn is_before(time: Instant) -> bool {
    at_latest() <= time || Instant::now() < time
}

/// A time that is not before now, and at most 2 ms after it.
#[inline]
fn at_latest() -> Instant {
    if PAUSABLE { Instant::now() } else { counter::at_latest() }
}

/// Whether tokio has been built with its feature `test-util`, by whomever: its clock may be paused then, and be ahead of the kernel's.
const PAUSABLE: bool = {
    #[allow(
        unused_imports,
        clippy::wildcard_imports,
        reason = "its `pause`, if it is there, hides ours"
    )]
    use tokio::time::*;
    returns_nothing(pause)
};

/// Stands for tokio's, where that is not there.
#[allow(dead_code, reason = "tokio's may be there")]
fn pause() -> Missing {
    Missing
}

struct Missing;

trait Returned {
    const IS_NOTHING: bool;
}

impl Returned for () {
    const IS_NOTHING: bool = true;
}

impl Returned for Missing {
    const IS_NOTHING: bool = false;
}

const fn returns_nothing<T: Returned>(_: fn() -> T) -> bool {
    T::IS_NOTHING
}

/// The exact time that this thread saw last, counted on by the processor's own counter.
#[cfg(all(target_os = "linux", target_arch = "x86_64", not(miri)))]
mod counter {
    use crate::cell::cycles;
    use std::{cell::Cell, fs, sync::OnceLock, time::Duration};
    use tokio::time::Instant;

    /// So many cycles are no longer than [`SOON`]: a counter that keeps the time makes more than 500 in a microsecond.
    const FEW: u64 = 1_000_000;
    const SOON: Duration = Duration::from_millis(2);

    thread_local! {
        static SEEN: Cell<Option<Seen>> = const { Cell::new(None) };
    }

    /// When this thread looked at the clock.
    #[derive(Clone, Copy)]
    struct Seen {
        cycles: u64,
        soon: Instant,
    }

    #[inline]
    pub(super) fn at_latest() -> Instant {
        let cycles = cycles::count();
        match SEEN.get() {
            Some(seen) if cycles.wrapping_sub(seen.cycles) < FEW => seen.soon,
            _ => look(cycles),
        }
    }

    #[cold]
    fn look(cycles: u64) -> Instant {
        let now = Instant::now();
        if !keeps_time() {
            return now;
        }
        let soon = now + SOON;
        SEEN.set(Some(Seen { cycles, soon }));
        soon
    }

    /// Whether the kernel itself tells the time by it: then it runs evenly, and is the same on all processors.
    fn keeps_time() -> bool {
        static KEEPS_TIME: OnceLock<bool> = OnceLock::new();
        const SOURCE: &str = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
        let is_source = || fs::read_to_string(SOURCE).is_ok_and(|source| source.trim() == "tsc");
        *KEEPS_TIME.get_or_init(is_source)
    }
}

#[cfg(not(all(target_os = "linux", target_arch = "x86_64", not(miri))))]
mod counter {
    use tokio::time::Instant;

    pub(super) fn at_latest() -> Instant {
        Instant::now()
    }
}

#[cfg(all(test, not(ghostlight_loom)))]
mod tests {
    use super::{LONG, PAUSABLE, after, counter};
    use std::time::Duration;
    use tokio::time::Instant;

    #[test]
    fn these_tests_may_pause_the_clock() {
        const { assert!(PAUSABLE, "tokio's `pause` is there, so it must be the one that is found") };
    }

    #[test]
    fn at_latest_is_never_before_now_and_at_most_two_milliseconds_after() {
        for _ in 0..200_000 {
            let before = Instant::now();
            let latest = counter::at_latest();
            assert!(before <= latest);
            assert!(latest <= Instant::now() + Duration::from_millis(2));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_paused_clock_is_looked_at_exactly() {
        assert_eq!(after(LONG), Some(Instant::now() + LONG));
        tokio::time::advance(LONG).await;
        assert_eq!(after(LONG), Some(Instant::now() + LONG));
    }
}
