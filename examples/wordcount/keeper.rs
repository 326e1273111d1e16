//! The keeper has the tables while no shard has them.

use crate::table::Table;
use ghostlight::prelude::*;
use std::ops::{Deref, DerefMut};

/// Keeps each shard's table while no life of that shard has it: OTP's error kernel. It does nothing that could go wrong.
///
/// Its mailbox is unbounded, so that a table that comes home is never refused; each is there or on its way once at most.
#[actor(mailbox = unbounded, restart = temporary)]
#[derive(Debug)]
pub(crate) struct Keeper {
    tables: Vec<Option<Table>>,
}

#[handlers]
impl Keeper {
    #[init]
    pub(crate) fn open(shards: usize) -> Self {
        Self { tables: (0..shards).map(|_| Some(Table::default())).collect() }
    }

    /// Lends a table, if it is here.
    #[call]
    pub(crate) fn borrow(&mut self, number: usize, ctx: &mut Ctx<Self>) -> Option<Borrowed> {
        let table = self.tables.get_mut(number)?.take()?;
        Some(Borrowed { number, table, keeper: ctx.me() })
    }

    /// Takes a table home.
    #[cast]
    pub(crate) fn give_back(&mut self, number: usize, table: Table) {
        if let Some(place) = self.tables.get_mut(number) {
            *place = Some(table);
        }
    }

    /// Gives all the tables away that are here.
    #[call(timeout = infinity)]
    pub(crate) fn give_up(&mut self) -> Vec<Table> {
        self.tables.drain(..).flatten().collect()
    }
}

/// A table that is lent. Whatever becomes of who has it, even a reply that nobody takes, the table goes home.
#[derive(Debug)]
pub(crate) struct Borrowed {
    number: usize,
    table: Table,
    keeper: KeeperRef,
}

impl Deref for Borrowed {
    type Target = Table;

    fn deref(&self) -> &Table {
        &self.table
    }
}

impl DerefMut for Borrowed {
    fn deref_mut(&mut self) -> &mut Table {
        &mut self.table
    }
}

impl Drop for Borrowed {
    /// A life's state is dropped before anybody is told of its end: so the table is in the keeper's mailbox before the next life asks
    /// for it.
    fn drop(&mut self) {
        let table = std::mem::take(&mut self.table);
        // Without a keeper the counts are lost, and the closing line says so.
        drop(self.keeper.give_back(self.number, table).try_send());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_table_is_lent_once_and_comes_home_by_itself() {
        let keeper = Keeper::start(1).await.unwrap();
        let mut table = keeper.borrow(0).await.unwrap().unwrap();
        assert!(keeper.borrow(0).await.unwrap().is_none());
        assert_eq!(table.begin(3), Some(1));
        drop(table);
        let mut again = keeper.borrow(0).await.unwrap().unwrap();
        assert_eq!(again.begin(3), None, "it is the same table");
    }

    #[tokio::test]
    async fn a_table_that_nobody_takes_comes_home() {
        let keeper = Keeper::start(1).await.unwrap();
        keeper.borrow(0).forget().await.unwrap();
        assert!(keeper.borrow(1).await.unwrap().is_none(), "there is only one");
        assert!(keeper.borrow(0).await.unwrap().is_some());
    }
}
