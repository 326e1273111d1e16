//! A shard holds the counts of the words that belong to it.

use crate::tally::{Part, Tally};
use ghostlight::prelude::*;

/// Holds the counts of its share of the words.
#[actor(mailbox = 256)]
#[derive(Debug, Default)]
pub(crate) struct Shard {
    tally: Tally,
}

#[handlers]
impl Shard {
    #[init]
    pub(crate) fn open() -> Self {
        Self::default()
    }

    /// Adds what a file has of the words of this shard.
    #[cast]
    pub(crate) fn merge(&mut self, part: Part) {
        self.tally.merge(&part);
    }

    /// Gives the counts away.
    #[call(timeout = infinity)]
    pub(crate) fn take(&mut self) -> Tally {
        std::mem::take(&mut self.tally)
    }
}
