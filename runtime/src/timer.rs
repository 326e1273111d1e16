//! The timers of one life: they live in its context, and end with it.

use std::{
    collections::BTreeMap,
    pin::{Pin, pin},
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    task::coop,
    time::{Instant, Sleep, sleep_until},
};

/// Longer than anybody waits, and short enough to be added to any time.
const NEVER: Duration = Duration::from_secs(60 * 60 * 24 * 365 * 30);

/// Names a timer, to cancel it with [`Ctx::cancel_timer`](crate::Ctx::cancel_timer).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TimerRef(u64);

/// The timers of a life, and one tokio timer for the earliest.
pub(crate) struct Timers<M> {
    by_time: BTreeMap<(Instant, u64), Timer<M>>,
    made: u64,
    sleep: Option<Pin<Box<Sleep>>>,
    /// The earliest timer is earlier than what `sleep` is set to.
    pub(crate) unset: bool,
    /// What was handled last is a timer's message: the mailbox has its turn.
    pub(crate) was_last: bool,
}

enum Timer<M> {
    Once(M),
    Every { period: Duration, make: Box<dyn FnMut() -> M + Send> },
}

impl<M> Timers<M> {
    pub(crate) fn new() -> Self {
        Self { by_time: BTreeMap::new(), made: 0, sleep: None, unset: false, was_last: false }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.by_time.is_empty()
    }

    pub(crate) fn after(&mut self, delay: Duration, message: M) -> TimerRef {
        self.add(Instant::now() + delay.min(NEVER), Timer::Once(message))
    }

    pub(crate) fn every(
        &mut self,
        period: Duration,
        make: Box<dyn FnMut() -> M + Send>,
    ) -> TimerRef {
        let period = period.clamp(Duration::from_millis(1), NEVER);
        self.add(Instant::now() + period, Timer::Every { period, make })
    }

    fn add(&mut self, due: Instant, timer: Timer<M>) -> TimerRef {
        self.made += 1;
        self.put(due, self.made, timer);
        TimerRef(self.made)
    }

    fn put(&mut self, due: Instant, id: u64, timer: Timer<M>) {
        self.unset |= self.by_time.first_key_value().is_none_or(|((first, _), _)| due < *first);
        self.by_time.insert((due, id), timer);
    }

    /// Takes a timer out. Says how long it still had to go; `None` where it has fired.
    pub(crate) fn cancel(&mut self, timer: TimerRef) -> Option<Duration> {
        let key = self.by_time.keys().find(|(_, id)| *id == timer.0).copied()?;
        self.by_time.remove(&key);
        Some(key.0.saturating_duration_since(Instant::now()))
    }

    /// The message of a timer that is due; or a promise to wake `cx` when the next one is.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Option<M> {
        loop {
            let ((due, _), _) = self.by_time.first_key_value()?;
            let due = *due;
            if due <= Instant::now() {
                return self.fire();
            }
            self.unset = false;
            let sleep = self.sleep.get_or_insert_with(|| Box::pin(sleep_until(due)));
            if sleep.deadline() != due {
                sleep.as_mut().reset(due);
            }
            // Not out of the task's budget: without one it would be woken at once, for nothing, again and again.
            match pin!(coop::unconstrained(sleep.as_mut())).poll(cx) {
                Poll::Pending => return None,
                Poll::Ready(()) => self.sleep = None,
            }
        }
    }

    fn fire(&mut self) -> Option<M> {
        let ((due, id), timer) = self.by_time.pop_first()?;
        // The next one may be later than what `sleep` is set to, or due already: look again before resting.
        self.unset = !self.by_time.is_empty();
        match timer {
            Timer::Once(message) => Some(message),
            Timer::Every { period, mut make } => {
                let message = make();
                // In step with the first one, and never in the past: what was missed is not made up for.
                let late =
                    Instant::now().saturating_duration_since(due).as_nanos() / period.as_nanos();
                let periods = u32::try_from(late + 1).unwrap_or(u32::MAX);
                let next = due + period.saturating_mul(periods).min(NEVER);
                self.put(next, id, Timer::Every { period, make });
                Some(message)
            }
        }
    }
}
