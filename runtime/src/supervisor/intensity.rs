//! How often a supervisor restarts before it gives up.

use std::{collections::VecDeque, time::Duration};
use tokio::time::Instant;

/// OTP's algorithm, to the second: each attempt is noted at the whole second it falls in, and those within the period, its first second
/// included, are counted. So the window is between one period and one period and a second long.
#[derive(Debug)]
pub(super) struct Intensity {
    most: u32,
    period: u64,
    /// Where the seconds are counted from.
    start: Instant,
    /// The seconds of the attempts that may still count, the oldest first.
    attempts: VecDeque<u64>,
}

impl Intensity {
    pub(super) fn new(most: u32, period: Duration) -> Self {
        Self { most, period: period.as_secs(), start: Instant::now(), attempts: VecDeque::new() }
    }

    /// Notes an attempt. Says whether it is one too many.
    pub(super) fn is_exceeded(&mut self) -> bool {
        let now = self.start.elapsed().as_secs();
        self.attempts.push_back(now);
        while self.attempts.front().is_some_and(|attempt| now - attempt > self.period) {
            self.attempts.pop_front();
        }
        self.attempts.len() > self.most as usize
    }
}
