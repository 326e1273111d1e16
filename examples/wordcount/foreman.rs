//! The foreman fills the pool.

use crate::{
    ledger::LedgerRef,
    worker::{Place, PoolRef, Worker},
};
use ghostlight::prelude::*;

/// Starts the workers. A dynamic supervisor that is restarted has no children; whoever starts after it in the tree is restarted with
/// it, and so the foreman fills the pool again.
#[actor]
pub(crate) struct Foreman;

#[handlers]
impl Foreman {
    #[init]
    pub(crate) async fn fill(
        places: Vec<Place>,
        pool: PoolRef,
        ledger: LedgerRef,
    ) -> Result<Self, ghostlight::ChildError> {
        for place in places {
            let ledger = ledger.clone();
            // The pool keeps it: its handle is not needed.
            drop(pool.start_child(move || Worker::child_spec(place, ledger.clone())).await?);
        }
        Ok(Self)
    }

    /// Answers as long as it is there.
    #[call]
    pub(crate) fn is_there(&self) {}
}
