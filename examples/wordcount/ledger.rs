//! The ledger knows which file is with whom, and what has become of each.
//!
//! It is the part of the program that must not crash, and so it does nothing that could go wrong: it reads no file and counts no
//! word. Whoever does may crash at any moment; a worker that starts again asks for work, and is given the file it was at.

use crate::{
    account::Account,
    shard::ShardRef,
    skip::{Reason, Skip},
    tally::Part,
    walk::{File, Find},
};
use ghostlight::prelude::*;
use std::{
    collections::{HashMap, VecDeque},
    num::NonZero,
};

/// The reader waits while more files than this wait for a worker.
const ROOM: usize = 1024;

/// How many workers may crash over one file.
const ATTEMPTS: u32 = 3;

/// A file to be counted, by one worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Job {
    pub(crate) file: File,
    /// Which of the files it is, and how often it has been given out: so that what a worker says about a job that was taken from
    /// it counts for nothing.
    number: u64,
    attempt: u32,
}

impl Job {
    /// Whether its worker is to crash, when it has been asked to do so over every so-manieth file.
    pub(crate) fn is_due_to_crash(&self, every: NonZero<u64>) -> bool {
        self.attempt == 1 && (self.number + 1).is_multiple_of(every.get())
    }
}

/// What has become of a job.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// All of the file is counted: its words are here, a part for each shard.
    Counted { bytes: u64, words: u64, parts: Vec<Part> },
    /// None of it counts.
    Skipped(Reason),
}

/// How far the job is.
#[derive(Clone, Debug)]
pub(crate) struct Progress {
    /// So far; there may be more to be found.
    pub(crate) found: u64,
    pub(crate) settled: u64,
    pub(crate) bytes: u64,
    /// Those that the asker did not know of.
    pub(crate) skipped: Vec<Skip>,
}

/// Holds the files until all are settled.
///
/// Its async handler only ever waits for room in a shard's mailbox: most often it runs on the worker's own thread. Nothing restarts it:
/// what it knows would be gone.
#[actor(inline = always, restart = temporary)]
pub(crate) struct Ledger {
    shards: Vec<ShardRef>,
    account: Account,
    /// Found, and with nobody yet.
    waiting: VecDeque<Job>,
    /// With whom a file is: workers have numbers, which survive them.
    with: HashMap<usize, Job>,
    /// Workers that wait for a file.
    idle: VecDeque<(usize, ReplyTo<Option<Job>>)>,
    /// The reader, while it has to wait.
    reader: Option<ReplyTo<()>>,
    /// The walk is over.
    is_walked: bool,
    /// Who waits for the end.
    finished: Option<ReplyTo<Account>>,
}

#[handlers]
impl Ledger {
    #[init]
    pub(crate) fn open(shards: Vec<ShardRef>) -> Self {
        Self {
            shards,
            account: Account::default(),
            waiting: VecDeque::new(),
            with: HashMap::new(),
            idle: VecDeque::new(),
            reader: None,
            is_walked: false,
            finished: None,
        }
    }

    /// From the reader: what it has found. The reply comes when there is room for more.
    #[call(timeout = infinity)]
    pub(crate) fn found(&mut self, finds: Vec<Find>, reply: ReplyTo<()>) {
        for find in finds {
            let number = self.account.found;
            self.account.found += 1;
            match find {
                Find::File(file) => self.waiting.push_back(Job { file, number, attempt: 1 }),
                Find::Skip(skip) => self.account.skipped.push(skip),
            }
        }
        self.reader = Some(reply);
        self.go_on();
    }

    /// From the reader: there is nothing more.
    #[call(timeout = infinity)]
    pub(crate) fn walked(&mut self) {
        self.is_walked = true;
        self.go_on();
    }

    /// From a worker: the next file, when there is one; `None` when all are settled.
    ///
    /// A worker that had a file already has crashed over it, and is given it again.
    #[call(timeout = infinity)]
    pub(crate) fn next(&mut self, worker: usize, reply: ReplyTo<Option<Job>>) {
        self.idle.retain(|(idle, _)| *idle != worker); // what its last life asked for
        if let Some(mut job) = self.with.remove(&worker) {
            if job.attempt < ATTEMPTS {
                job.attempt += 1;
                self.waiting.push_front(job);
                self.idle.push_front((worker, reply));
                return self.go_on();
            }
            self.skip(job, Reason::CrashedWorkers);
        }
        self.idle.push_back((worker, reply));
        self.go_on();
    }

    /// From a worker: what has become of its file.
    ///
    /// The words of a file go to the shards in this one step, so that it is counted once or not at all.
    #[call(timeout = infinity)]
    pub(crate) async fn settle(
        &mut self,
        worker: usize,
        job: Job,
        outcome: Outcome,
        ctx: &mut Ctx<Self>,
    ) {
        if self.with.get(&worker) != Some(&job) {
            return; // it was taken from this worker
        }
        self.with.remove(&worker);
        match outcome {
            Outcome::Skipped(reason) => self.skip(job, reason),
            Outcome::Counted { bytes, words, parts } => {
                for (shard, part) in self.shards.iter().zip(parts) {
                    if let Err(error) = shard.merge(part).await {
                        return ctx.stop(error);
                    }
                }
                self.account.counted += 1;
                self.account.bytes += bytes;
                self.account.words += words;
            }
        }
        self.go_on();
    }

    /// The account, when everything is settled.
    #[call(timeout = infinity)]
    pub(crate) fn finished(&mut self, reply: ReplyTo<Account>) {
        self.finished = Some(reply);
        self.go_on();
    }

    /// The account as it is.
    #[call]
    pub(crate) fn so_far(&self) -> Account {
        self.account.clone()
    }

    /// How far the job is, with what was skipped after the first `known`.
    #[call]
    pub(crate) fn progress(&self, known: usize) -> Progress {
        let Account { found, counted, ref skipped, bytes, .. } = self.account;
        Progress {
            found,
            settled: counted + skipped.len() as u64,
            bytes,
            skipped: skipped.get(known..).unwrap_or_default().to_vec(),
        }
    }

    fn skip(&mut self, job: Job, reason: Reason) {
        self.account.skipped.push(Skip { path: job.file.path, reason });
    }

    /// Answers those whose wait is over.
    fn go_on(&mut self) {
        while let Some((worker, reply)) = self.idle.pop_front() {
            let Some(job) = self.waiting.pop_front() else {
                self.idle.push_front((worker, reply));
                break;
            };
            self.with.insert(worker, job.clone());
            reply.send(Some(job));
        }
        if self.waiting.len() < ROOM
            && let Some(reader) = self.reader.take()
        {
            reader.send(());
        }
        let is_settled = self.is_walked && self.waiting.is_empty() && self.with.is_empty();
        if is_settled {
            for (_, reply) in self.idle.drain(..) {
                reply.send(None);
            }
            if let Some(finished) = self.finished.take() {
                finished.send(self.account.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ghostlight::Answered;
    use std::path::Path;

    fn ledger(files: &[&str]) -> Ledger {
        let mut ledger = Ledger::open(Vec::new());
        let find = |path: &&str| Find::File(File { path: Path::new(path).into(), size: 1 });
        let (reply, _room) = ReplyTo::pair();
        ledger.found(files.iter().map(find).collect(), reply);
        ledger
    }

    fn ask(ledger: &mut Ledger, worker: usize) -> Answered<Option<Job>> {
        let (reply, answer) = ReplyTo::pair();
        ledger.next(worker, reply);
        answer
    }

    fn next(ledger: &mut Ledger, worker: usize) -> Job {
        ask(ledger, worker).try_get().flatten().expect("a file waits")
    }

    #[test]
    fn a_worker_that_starts_again_is_given_the_file_it_was_at() {
        let mut ledger = ledger(&["a", "b"]);
        let first = next(&mut ledger, 0);
        let again = next(&mut ledger, 0);
        assert_eq!(again.file, first.file);
        assert_ne!(again, first, "what the first life says about it does not count any more");
    }

    #[test]
    fn a_file_that_crashes_every_worker_is_skipped() {
        let mut ledger = ledger(&["a", "b"]);
        for _ in 0..ATTEMPTS {
            assert_eq!(&*next(&mut ledger, 0).file.path, Path::new("a"));
        }
        assert_eq!(&*next(&mut ledger, 0).file.path, Path::new("b"));
        assert_eq!(ledger.account.skipped[0].reason, Reason::CrashedWorkers);
    }

    #[test]
    fn the_reader_waits_while_too_many_files_wait() {
        let mut ledger = ledger(&["a"; ROOM]);
        assert!(ledger.reader.is_some());
        next(&mut ledger, 0);
        assert!(ledger.reader.is_none());
    }
}
