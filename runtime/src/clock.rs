//! The time, at a fifth of its price where a few milliseconds more do not matter.
//!
//! To look at the clock costs as much as a short handler. The kernel also keeps the time of its last tick, which costs little to read. A thread
//! that has looked at the exact clock in the present tick need not look again: what it saw then is less than a tick old.
//!
//! This is done where tokio's clock cannot be paused, and where the kernel's ticks are short.

use std::time::Duration;
use tokio::time::Instant;

/// A time limit that is at least as long as this may end a tick later.
const LONG: Duration = Duration::from_secs(1);

/// So long after now; where that is long, up to a tick later.
pub(crate) fn after(limit: Duration) -> Option<Instant> {
    let now = if limit >= LONG { at_latest() } else { Instant::now() };
    now.checked_add(limit)
}

/// Whether a time is still to come.
#[inline]
pub(crate) fn is_before(time: Instant) -> bool {
    at_latest() <= time || Instant::now() < time
}

/// A time that is not before now, and at most a tick after it.
#[inline]
fn at_latest() -> Instant {
    if PAUSABLE { Instant::now() } else { ticks::at_latest() }
}

/// Whether tokio has been built with its feature `test-util`, by whomever: its clock may be paused then, and be ahead of the kernel's.
const PAUSABLE: bool = {
    #[allow(unused_imports, clippy::wildcard_imports, reason = "its `pause`, if it is there, hides ours")]
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

#[cfg(target_os = "linux")]
mod ticks {
    use nix::{
        sys::time::TimeSpec,
        time::{ClockId, clock_getres, clock_gettime},
    };
    use std::{cell::Cell, time::Duration};
    use tokio::time::Instant;

    /// Longer ticks than this are not relied on: a call is told of its time's end no more than 10 ms late.
    const LONGEST: Duration = Duration::from_millis(5);

    thread_local! {
        static SEEN: Cell<Option<Seen>> = const { Cell::new(None) };
    }

    /// When this thread looked at the exact clock.
    #[derive(Clone, Copy)]
    struct Seen {
        tick: TimeSpec,
        /// When the tick is over at the latest.
        end: Instant,
    }

    #[inline]
    pub(super) fn at_latest() -> Instant {
        let tick = clock_gettime(ClockId::CLOCK_MONOTONIC_COARSE);
        match (tick, SEEN.get()) {
            (Ok(tick), Some(seen)) if seen.tick == tick => seen.end,
            (Ok(tick), _) => look(tick),
            (Err(_), _) => Instant::now(),
        }
    }

    #[cold]
    fn look(tick: TimeSpec) -> Instant {
        let now = Instant::now();
        let length = clock_getres(ClockId::CLOCK_MONOTONIC_COARSE).map(Duration::from);
        let Some(length) = length.ok().filter(|length| *length <= LONGEST) else { return now };
        let end = now + length;
        SEEN.set(Some(Seen { tick, end }));
        end
    }
}

#[cfg(not(target_os = "linux"))]
mod ticks {
    use tokio::time::Instant;

    pub(super) fn at_latest() -> Instant {
        Instant::now()
    }
}

#[cfg(all(test, not(ghostlight_loom)))]
mod tests {
    use super::{LONG, PAUSABLE, after, ticks};
    use std::time::Duration;
    use tokio::time::Instant;

    #[test]
    fn these_tests_may_pause_the_clock() {
        const { assert!(PAUSABLE, "tokio's `pause` is there, so it must be the one that is found") };
    }

    #[test]
    fn at_latest_is_never_before_now_and_less_than_ten_milliseconds_after() {
        for _ in 0..200_000 {
            let before = Instant::now();
            let latest = ticks::at_latest();
            assert!(before <= latest);
            assert!(latest < Instant::now() + Duration::from_millis(10));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_paused_clock_is_looked_at_exactly() {
        assert_eq!(after(LONG), Some(Instant::now() + LONG));
        tokio::time::advance(LONG).await;
        assert_eq!(after(LONG), Some(Instant::now() + LONG));
    }
}
