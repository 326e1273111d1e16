//! The reader walks the paths.

use crate::{
    ledger::LedgerRef,
    walk::{Find, Walk},
};
use ghostlight::prelude::*;
use std::path::PathBuf;

/// How many finds the ledger is told of at a time.
const AT_ONCE: usize = 64;

/// Walks the paths and tells the ledger what it finds, as fast as the ledger has room.
///
/// A second life would walk from the beginning and count every file twice: there is none, and a crash is the end of the run.
#[actor(blocking, restart = temporary)]
pub(crate) struct Reader {
    walk: Walk,
    ledger: LedgerRef,
}

#[handlers]
impl Reader {
    #[init]
    pub(crate) fn open(roots: Vec<PathBuf>, ledger: LedgerRef, ctx: &mut Ctx<Self>) -> Self {
        ctx.continue_with(ReaderContinue::WalkOn);
        Self { walk: Walk::new(roots), ledger }
    }

    #[handle_continue]
    async fn walk_on(&mut self, ctx: &mut Ctx<Self>) -> Result<(), CallError> {
        let finds: Vec<Find> = self.walk.by_ref().take(AT_ONCE).collect();
        if finds.is_empty() {
            return self.ledger.walked().await;
        }
        self.ledger.found(finds).await?;
        ctx.continue_with(ReaderContinue::WalkOn);
        Ok(())
    }
}
