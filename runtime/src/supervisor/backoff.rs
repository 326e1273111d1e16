//! How long a supervisor waits before a restart.

use std::{
    fmt,
    hash::{BuildHasher, Hasher, RandomState},
    time::Duration,
};
use tokio::time::Instant;

/// What a wait may be reduced by, in thousandths of it.
const JITTER: u16 = 200;

/// How long a supervisor waits before it restarts a child that has crashed, or could not be restarted. OTP has no such thing: it restarts
/// at once.
///
/// The first wait is the shortest, and each is twice as long as the one before it, up to the longest. Once a whole
/// [`period`](crate::SupervisorOptions::period) has passed since the end of the last wait without another restart, they begin anew.
/// Restarts count for the intensity as they do without: at the crash, before the wait.
///
/// Under `one_for_one` each child has waits of its own. Under the other strategies a group is ended first, then it waits, and then it is
/// started; and the supervisor has one row of waits.
///
/// While children wait the supervisor serves others: it shows them as [`is_restarting`](crate::ChildInfo::is_restarting), `terminate_child`
/// ends the wait, and so does the end of the supervisor. What is sent to them waits for their next life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    min: Duration,
    max: Duration,
    /// In thousandths.
    jitter: u16,
}

impl Backoff {
    /// Waits from `min` (at least 1 ms) to `max` (at least `min`), each up to a fifth shorter at random.
    #[must_use]
    pub const fn exponential(min: Duration, max: Duration) -> Self {
        let least = Duration::from_millis(1);
        let min = if min.as_nanos() < least.as_nanos() { least } else { min };
        let max = if max.as_nanos() < min.as_nanos() { min } else { max };
        Self { min, max, jitter: JITTER }
    }

    /// What part of each wait is left to chance, between 0.0 and 1.0, to a thousandth: with 0.2 it is up to a fifth shorter, with 0.0 it
    /// is what it is. So that children which crashed together are not restarted together.
    #[must_use]
    pub const fn jitter(self, jitter: f64) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a cast takes what is out of range, or no number, to the nearest bound"
        )]
        let thousandths = (jitter * 1_000.0 + 0.5) as u16;
        Self { jitter: if thousandths > 1_000 { 1_000 } else { thousandths }, ..self }
    }

    /// The wait before this attempt, the first being 1, without its jitter.
    fn before(self, attempt: u32) -> Duration {
        let doublings = attempt.saturating_sub(1).min(31);
        self.min.saturating_mul(1 << doublings).min(self.max)
    }

    fn shortened(self, wait: Duration) -> Duration {
        if self.jitter == 0 {
            return wait;
        }
        // The standard library's source of chance: good enough to part two children, and no dependency.
        let chance = RandomState::new().build_hasher().finish() % 1_001;
        let millionths = u64::from(self.jitter) * chance;
        let less = wait.as_nanos() * u128::from(millionths) / 1_000_000;
        wait.saturating_sub(Duration::from_nanos(u64::try_from(less).unwrap_or(u64::MAX)))
    }
}

impl fmt::Display for Backoff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} to {:?}", self.min, self.max)
    }
}

/// A row of waits.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Waits {
    attempts: u32,
    /// A restart from then on begins a new row.
    until: Option<Instant>,
}

impl Waits {
    /// The wait before one more restart.
    pub(super) fn next(&mut self, backoff: Backoff, period: Duration) -> Duration {
        let now = Instant::now();
        let goes_on = self.until.is_some_and(|until| now < until);
        self.attempts = if goes_on { self.attempts.saturating_add(1) } else { 1 };
        let wait = backoff.shortened(backoff.before(self.attempts));
        self.until = wait.checked_add(period).and_then(|time| now.checked_add(time));
        wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_shortened_by_its_jitter_at_most() {
        let second = Duration::from_secs(1);
        for (jitter, least) in [(0.0, 1_000), (0.2, 800), (1.0, 0), (7.0, 0), (-1.0, 1_000)] {
            let backoff = Backoff::exponential(second, second).jitter(jitter);
            for _ in 0..100 {
                let wait = backoff.shortened(backoff.before(1));
                assert!(wait <= second && wait >= Duration::from_millis(least), "{jitter}");
            }
        }
        assert_eq!(Backoff::exponential(second, second).jitter(f64::NAN).jitter, 0);
    }

    #[test]
    fn two_waits_are_rarely_the_same() {
        let backoff = Backoff::exponential(Duration::from_secs(1), Duration::from_secs(1));
        let waits: std::collections::HashSet<_> =
            (0..100).map(|_| backoff.shortened(backoff.before(1))).collect();
        assert!(waits.len() > 10);
    }
}
