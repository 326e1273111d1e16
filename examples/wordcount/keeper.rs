//! The keeper has what must outlive the shards.
//!
//! It is OTP's error kernel: it does nothing that could go wrong, so that those who do may crash.

use crate::table::Table;
use ghostlight::prelude::*;

/// Keeps the table of each shard while the shard is not there.
///
/// Nothing restarts it: what it has would be gone. Its mailbox has room for every table that comes home.
#[actor(restart = temporary, mailbox = unbounded)]
pub(crate) struct Keeper {
    /// By the number of their shard; `None` while it has them.
    tables: Vec<Option<Table>>,
}

#[handlers]
impl Keeper {
    #[init]
    pub(crate) fn open(shards: usize) -> Self {
        Self { tables: (0..shards).map(|_| Some(Table::default())).collect() }
    }

    /// Lends a shard its table.
    #[call(timeout = infinity)]
    pub(crate) fn lend(&mut self, shard: usize) -> Option<Table> {
        self.tables.get_mut(shard)?.take()
    }

    /// From a shard that ends.
    #[cast]
    pub(crate) fn give_back(&mut self, shard: usize, table: Table) {
        if let Some(place) = self.tables.get_mut(shard) {
            *place = Some(table);
        }
    }
}

/// A table that goes home when its shard ends, whatever ends it: a panic in the middle of its work drops it, too.
#[derive(Debug)]
pub(crate) struct Lent {
    pub(crate) table: Table,
    shard: usize,
    keeper: KeeperRef,
}

impl Lent {
    pub(crate) fn new(table: Table, shard: usize, keeper: KeeperRef) -> Self {
        Self { table, shard, keeper }
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let table = std::mem::take(&mut self.table);
        // Without a keeper the run is over, and nobody asks for the table any more.
        drop(self.keeper.give_back(self.shard, table).try_send());
    }
}
