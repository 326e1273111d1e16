//! A shard adds up the counts of the words that belong to it.

use crate::{
    injected,
    keeper::{KeeperRef, Lent},
    table::Table,
    tally::{Part, Tally},
};
use ghostlight::prelude::*;
use std::num::NonZero;

/// Which shard, and what is asked of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Share {
    pub(crate) number: usize,
    /// Crash in the middle of every so-manieth part.
    pub(crate) crash_every: Option<NonZero<u64>>,
}

/// Adds what the files have of its share of the words. It may crash at any time: its counts go home to the keeper, and what waits in
/// its mailbox waits for its next life.
#[actor(mailbox = 256)]
pub(crate) struct Shard {
    share: Share,
    lent: Lent,
}

#[handlers]
impl Shard {
    #[init]
    pub(crate) async fn open(share: Share, keeper: KeeperRef) -> Result<Self, ExitReason> {
        let table = keeper.lend(share.number).await?;
        let table = table.ok_or_else(|| ExitReason::crash("the keeper has no table for it"))?;
        let mut lent = Lent::new(table, share.number, keeper);
        lent.table.finish(); // what the last life was in the middle of
        Ok(Self { share, lent })
    }

    /// Adds what a file has of the words of this shard.
    #[cast]
    pub(crate) fn merge(&mut self, part: Part) {
        let table = &mut self.lent.table;
        table.take_in(part);
        if self.share.crash_every.is_some_and(|every| table.parts().is_multiple_of(every.get())) {
            table.add_half();
            injected::crash(format_args!("shard {} in part {}", self.share.number, table.parts()));
        }
        table.finish();
    }

    /// Gives the counts away.
    #[call(timeout = infinity)]
    pub(crate) fn take(&mut self) -> Tally {
        std::mem::take::<Table>(&mut self.lent.table).into_tally()
    }
}
