//! A file on its way from the ledger to a worker, and its words on their way to the shards.

use crate::{tally::Part, walk::File};
use std::sync::Arc;

/// Which of the files it is, and how often it has been given out: so that what a worker says about a file that was taken from it
/// counts for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ticket {
    /// Among all that was found, the first being 0.
    pub(crate) number: u64,
    pub(crate) attempt: u32,
}

/// A file to be settled, by one worker.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) ticket: Ticket,
    pub(crate) file: File,
    /// Its words, if a worker has counted them and the shards may not have all of them.
    pub(crate) counted: Option<Counted>,
    /// All files before this one are settled.
    pub(crate) settled: u64,
}

/// The words of a whole file.
#[derive(Clone, Debug)]
pub(crate) struct Counted {
    pub(crate) bytes: u64,
    pub(crate) words: u64,
    /// A part for each shard.
    pub(crate) parts: Arc<[Part]>,
}

/// The words of a file, for the shards.
#[derive(Clone, Debug)]
pub(crate) struct Parts {
    /// Which file.
    pub(crate) number: u64,
    /// All files before this one are settled.
    pub(crate) settled: u64,
    /// A part for each shard.
    pub(crate) each: Arc<[Part]>,
}
