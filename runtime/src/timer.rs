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
pub struct TimerRef {
    id: u64,
    /// When it is due; not known of one that is due again and again.
    due: Option<Instant>,
}

/// The timers of a life, and one tokio timer for the earliest.
pub(crate) struct Timers<M> {
    by_time: BTreeMap<(Instant, u64), Timer<M>>,
    made: u64,
    sleep: Option<Pin<Box<Sleep>>>,
    /// The earliest timer is earlier than what `sleep` is set to.
    pub(crate) unset: bool,
    /// What was handled last is a timer's message: the mailbox has its turn.
    pub(crate) was_last: bool,
    /// What is to be handled if nothing else comes first.
    idle: Option<Idle<M>>,
    /// How many of the timers keep nobody alive.
    quiet: usize,
}

enum Idle<M> {
    /// Asked for by the handler that ran last: the time runs from when the actor has nothing to do.
    Asked(Duration, M),
    /// The time runs.
    Set(TimerRef),
}

enum Timer<M> {
    Once(M),
    /// As `Once`, for one that keeps nobody alive.
    Quiet(M),
    Every {
        period: Duration,
        make: Box<dyn FnMut() -> M + Send>,
    },
}

impl<M> Timers<M> {
    pub(crate) fn new() -> Self {
        Self {
            by_time: BTreeMap::new(),
            made: 0,
            sleep: None,
            unset: false,
            was_last: false,
            idle: None,
            quiet: 0,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.by_time.is_empty() && self.idle.is_none()
    }

    /// Whether an actor without handles lives on for the sake of a timer.
    pub(crate) fn keep_alive(&self) -> bool {
        self.by_time.len() > self.quiet || self.idle.is_some()
    }

    /// Whether there is nothing to do before the next message or the next timer that is due.
    pub(crate) fn is_settled(&self) -> bool {
        !self.unset && !matches!(self.idle, Some(Idle::Asked(..)))
    }

    /// `message` is to be handled after `delay`, unless something else is before.
    pub(crate) fn when_idle(&mut self, delay: Duration, message: M) {
        self.disturb();
        self.idle = Some(Idle::Asked(delay, message));
    }

    /// A message is going to be handled: the actor was not idle for long enough.
    pub(crate) fn disturb(&mut self) {
        if let Some(Idle::Set(timer)) = self.idle.take() {
            self.cancel(timer);
        }
    }

    /// The message that is to be handled without any delay, before those that wait.
    pub(crate) fn idle_at_once(&mut self) -> Option<M> {
        match self.idle.take() {
            Some(Idle::Asked(Duration::ZERO, message)) => Some(message),
            other => {
                self.idle = other;
                None
            }
        }
    }

    /// The actor has nothing to do. Says whether there is a timer more than before.
    pub(crate) fn set_idle(&mut self) -> bool {
        match self.idle.take() {
            Some(Idle::Asked(delay, message)) => {
                self.idle = Some(Idle::Set(self.after(delay, message)));
                true
            }
            other => {
                self.idle = other;
                false
            }
        }
    }

    pub(crate) fn after(&mut self, delay: Duration, message: M) -> TimerRef {
        self.add(Instant::now() + delay.min(NEVER), Timer::Once(message))
    }

    /// As [`after`](Self::after); but it keeps nobody alive.
    pub(crate) fn after_quietly(&mut self, delay: Duration, message: M) {
        self.quiet += 1;
        self.add(Instant::now() + delay.min(NEVER), Timer::Quiet(message));
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
        let once = matches!(timer, Timer::Once(_));
        self.put(due, self.made, timer);
        TimerRef { id: self.made, due: once.then_some(due) }
    }

    fn put(&mut self, due: Instant, id: u64, timer: Timer<M>) {
        self.unset |= self.by_time.first_key_value().is_none_or(|((first, _), _)| due < *first);
        self.by_time.insert((due, id), timer);
    }

    /// Takes a timer out. Says how long it still had to go; `None` where it has fired.
    pub(crate) fn cancel(&mut self, timer: TimerRef) -> Option<Duration> {
        let key = match timer.due {
            Some(due) => (due, timer.id),
            None => *self.by_time.keys().find(|(_, id)| *id == timer.id)?,
        };
        self.by_time.remove(&key)?;
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

    /// A timer's message is going to be handled.
    fn disturb_unless_by(&mut self, id: u64) {
        match &self.idle {
            Some(Idle::Set(timer)) if timer.id == id => self.idle = None,
            _ => self.disturb(),
        }
    }

    fn fire(&mut self) -> Option<M> {
        let ((due, id), timer) = self.by_time.pop_first()?;
        self.disturb_unless_by(id);
        // The next one may be later than what `sleep` is set to, or due already: look again before resting.
        self.unset = !self.by_time.is_empty();
        match timer {
            Timer::Once(message) => Some(message),
            Timer::Quiet(message) => {
                self.quiet -= 1;
                Some(message)
            }
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
