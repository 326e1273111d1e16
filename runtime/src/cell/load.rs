//! Which calls an actor still has the time for.
//!
//! A call that cannot be answered in time is work for nobody, and under load such work crowds out the calls that could be: an actor that is
//! asked for twice what it can do would answer next to none in time. So a call is refused whose time is less than its handler is likely to
//! need. How long handlers take is seen only while calls queue, from the times at which they begin, which are known anyway.

use std::{mem::Discriminant, time::Duration};
use tokio::time::Instant;

/// A call has time enough if it has this many times the mean.
const ENOUGH: u32 = 2;

/// How much one more time counts, as a part of the mean.
const WEIGHT: u32 = 8;

/// After so many refusals in a row a call is let through, to see whether its handler still takes so long.
const PROBE: u32 = 64;

/// What is known of the handlers of an actor whose calls have queued; `M` is its calls.
pub(crate) struct Load<M> {
    means: Vec<(Discriminant<M>, Duration)>,
    /// When the call that runs began.
    began: Option<(Discriminant<M>, Instant)>,
    /// How many calls have been refused since the last time was taken.
    refused: u32,
}

impl<M> Load<M> {
    pub(crate) fn new() -> Self {
        Self { means: Vec::new(), began: None, refused: 0 }
    }

    /// The next call is about to begin, directly after the last one. Says whether what is `left` of its time is enough.
    pub(crate) fn admits(&mut self, call: Discriminant<M>, now: Instant, left: Duration) -> bool {
        if let Some((last, began)) = self.began.take() {
            self.note(last, now - began);
        }
        let admitted = self.has_time(call, left);
        if admitted {
            self.began = Some((call, now));
        }
        admitted
    }

    /// Something else than a call begins, or nothing does: how long the last call took is not known.
    pub(crate) fn pause(&mut self) {
        self.began = None;
    }

    fn note(&mut self, call: Discriminant<M>, time: Duration) {
        match self.means.iter_mut().find(|(known, _)| *known == call) {
            // The one that was let through shows that times have changed.
            Some((_, mean)) if self.refused >= PROBE => *mean = time,
            Some((_, mean)) => *mean = (*mean * (WEIGHT - 1) + time) / WEIGHT,
            None => self.means.push((call, time)),
        }
        self.refused = 0;
    }

    fn has_time(&mut self, call: Discriminant<M>, left: Duration) -> bool {
        let mean = self.means.iter().find(|(known, _)| *known == call);
        if mean.is_none_or(|(_, mean)| left >= *mean * ENOUGH) || self.refused >= PROBE {
            return true;
        }
        self.refused += 1;
        false
    }
}
