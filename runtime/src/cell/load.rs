//! Which calls an actor still has the time for.
//!
//! A call that cannot be answered in time is work for nobody, and under load such work crowds out the calls that could be: an actor that is
//! asked for twice what it can do would answer next to none in time. So a call is refused whose time is less than its handler is likely to
//! need. How long handlers take is seen only while calls queue, from the times at which they begin, which are known anyway.

use std::{mem::Discriminant, time::Duration};
use tokio::time::Instant;

/// A call.
pub(crate) enum Which<M> {
    /// A variant of the actor's own.
    Own(Discriminant<M>),
    /// One of a protocol, by its name.
    Errand(&'static str),
}

impl<M> Clone for Which<M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for Which<M> {}

impl<M> PartialEq for Which<M> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Own(one), Self::Own(other)) => one == other,
            (Self::Errand(one), Self::Errand(other)) => one == other,
            _ => false,
        }
    }
}

/// A call has time enough if it has this many times the mean.
const ENOUGH: u32 = 2;

/// How much one more time counts, as a part of the mean.
const WEIGHT: u32 = 8;

/// A mean is believed for so many times itself after the last time that it was made of. Then a call is let through, to see whether its
/// handler still takes so long.
const RECENT: u32 = 16;

/// What is known of the handlers of an actor whose calls have queued; `M` is its calls.
pub(crate) struct Load<M> {
    means: Vec<Mean<M>>,
    /// When the call that runs began.
    began: Option<(Which<M>, Instant)>,
}

/// How long the handler of one call takes, as far as is known.
struct Mean<M> {
    call: Which<M>,
    time: Duration,
    /// When it was last added to.
    seen: Instant,
}

impl<M> Load<M> {
    pub(crate) fn new() -> Self {
        Self { means: Vec::new(), began: None }
    }

    /// The next call is about to begin, directly after the last one. Says whether what is `left` of its time is enough.
    pub(crate) fn admits(&mut self, call: Which<M>, now: Instant, left: Duration) -> bool {
        if let Some((last, began)) = self.began.take() {
            self.note(last, now - began, now);
        }
        let admitted = self.has_time(call, now, left);
        if admitted {
            self.began = Some((call, now));
        }
        admitted
    }

    /// Something else than a call begins, or nothing does: how long the last call took is not known.
    pub(crate) fn pause(&mut self) {
        self.began = None;
    }

    fn note(&mut self, call: Which<M>, time: Duration, now: Instant) {
        match self.means.iter_mut().find(|mean| mean.call == call) {
            Some(mean) if mean.is_recent(now - time) => {
                mean.time = (mean.time * (WEIGHT - 1) + time) / WEIGHT;
                mean.seen = now;
            }
            Some(mean) => (mean.time, mean.seen) = (time, now),
            None => self.means.push(Mean { call, time, seen: now }),
        }
    }

    fn has_time(&self, call: Which<M>, now: Instant, left: Duration) -> bool {
        let mean = self.means.iter().find(|mean| mean.call == call && mean.is_recent(now));
        mean.is_none_or(|mean| left >= mean.time * ENOUGH)
    }
}

impl<M> Mean<M> {
    fn is_recent(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.seen) <= self.time * RECENT
    }
}
