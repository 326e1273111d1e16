//! A shard merges the counts of the words that belong to it.

use crate::{
    crash,
    job::Parts,
    keeper::{Borrowed, KeeperRef},
};
use ghostlight::prelude::*;
use std::num::NonZero;

/// Merges its share of the words into a table. It may crash at any time, in the middle of a part: the table is the keeper's, and
/// knows how far it is.
#[actor]
#[derive(Debug)]
pub(crate) struct Shard {
    number: usize,
    table: Borrowed,
    /// Crash over every so-manieth part, once.
    crash_every: Option<NonZero<u64>>,
}

#[handlers]
impl Shard {
    #[init]
    pub(crate) async fn open(
        number: usize,
        crash_every: Option<NonZero<u64>>,
        keeper: KeeperRef,
    ) -> Result<Self, ExitReason> {
        let table = keeper.borrow(number).await?;
        let table = table.ok_or_else(|| ExitReason::crash("somebody else has the table"))?;
        Ok(Self { number, table, crash_every })
    }

    /// Adds what a file has of the words of this shard. To send the same again does no harm.
    #[call(timeout = infinity)]
    pub(crate) fn merge(&mut self, parts: Parts) {
        let Parts { number, settled, each } = parts;
        let Some(part) = each.get(self.number) else { return };
        self.table.forget_before(settled);
        if let Some(nth) = self.table.begin(number)
            && crash::is_due(self.crash_every, nth)
        {
            self.table.merge(number, part, part.len() / 2);
            crash::now(format_args!("shard {} crashes over part {nth}", self.number));
        }
        self.table.merge(number, part, part.len());
    }

    /// What a shard is called.
    pub(crate) fn id(number: usize) -> String {
        format!("shard {number}")
    }
}
