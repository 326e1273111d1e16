//! The ledger knows which file is with whom, and what has become of each.
//!
//! It is the part of the program that must not crash, and so it does nothing that could go wrong: it reads no file, counts no word, and
//! waits for nobody. Whoever does may crash at any moment; a worker that starts again asks for work, and is given the file it was at.

use crate::{
    account::{Account, Progress},
    job::{Counted, Job, Ticket},
    skip::{Reason, Skip},
    walk::Find,
};
use ghostlight::prelude::*;
use std::collections::{HashMap, VecDeque};

/// The reader waits while more files than this wait for a worker.
const ROOM: usize = 1024;

/// How many workers may crash over one file.
pub(crate) const ATTEMPTS: u32 = 3;

/// Holds the files until all are settled.
#[actor(restart = temporary)]
#[derive(Default)]
pub(crate) struct Ledger {
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
    /// No file is given out any more.
    is_closed: bool,
    /// Who waits for the end.
    finished: Option<ReplyTo<Account>>,
}

#[handlers]
impl Ledger {
    #[init]
    pub(crate) fn open() -> Self {
        Self::default()
    }

    /// From the reader: what it has found. The reply comes when there is room for more.
    #[call(timeout = infinity)]
    pub(crate) fn found(&mut self, finds: Vec<Find>, reply: ReplyTo<()>) {
        for find in finds {
            let ticket = Ticket { number: self.account.found, attempt: 1 };
            self.account.found += 1;
            match find {
                Find::File(file) => {
                    self.waiting.push_back(Job { ticket, file, counted: None, settled: 0 });
                }
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

    /// From a worker: the next file, when there is one; `None` when no more are given out.
    ///
    /// A worker that had a file already has crashed over it, and is given it again.
    #[call(timeout = infinity)]
    pub(crate) fn next(&mut self, worker: usize, reply: ReplyTo<Option<Job>>) {
        self.idle.retain(|(idle, _)| *idle != worker); // what its last life asked for
        if let Some(job) = self.with.get_mut(&worker)
            && !self.is_closed
        {
            if job.ticket.attempt < ATTEMPTS {
                job.ticket.attempt += 1;
                return reply.send(Some(job.clone()));
            }
            let job = self.with.remove(&worker);
            // If some of its words are with the shards it can be neither counted nor skipped: it is lost.
            if let Some(Job { file, counted: None, .. }) = job {
                self.account.skipped.push(Skip { path: file.path, reason: Reason::CrashedWorkers });
            }
        }
        self.idle.push_back((worker, reply));
        self.go_on();
    }

    /// From a worker: the words of its file. Says whether it is still its file: then they are to be handed to the shards.
    ///
    /// From now on the file is as good as counted. If the worker crashes, the next one is given the words and does not count again: the
    /// file may have changed.
    #[call(timeout = infinity)]
    pub(crate) fn counted(&mut self, worker: usize, ticket: Ticket, counted: Counted) -> bool {
        let job = self.with.get_mut(&worker).filter(|job| job.ticket == ticket);
        job.map(|job| job.counted = Some(counted)).is_some()
    }

    /// From a worker: the shards have all words of its file.
    #[call(timeout = infinity)]
    pub(crate) fn settle(&mut self, worker: usize, ticket: Ticket) {
        if let Some(Job { counted: Some(counted), .. }) = self.take(worker, ticket) {
            self.account.counted += 1;
            self.account.bytes += counted.bytes;
            self.account.words += counted.words;
        }
        self.go_on();
    }

    /// From a worker: nothing of its file counts.
    #[call(timeout = infinity)]
    pub(crate) fn skip(&mut self, worker: usize, ticket: Ticket, reason: Reason) {
        if let Some(job) = self.take(worker, ticket) {
            self.account.skipped.push(Skip { path: job.file.path, reason });
        }
        self.go_on();
    }

    /// Gives no file out any more. Those that are with workers may still be settled.
    #[call(timeout = infinity)]
    pub(crate) fn close(&mut self) {
        self.is_closed = true;
        self.go_on();
    }

    /// The account, when everything is settled, or nobody is left who could settle anything.
    #[call(timeout = infinity)]
    pub(crate) fn finished(&mut self, reply: ReplyTo<Account>) {
        self.finished = Some(reply);
        self.go_on();
    }

    /// How far the job is, with what was skipped after the first `known`.
    #[call]
    pub(crate) fn progress(&self, known: usize) -> Progress {
        self.account.progress(known)
    }

    /// The workers and the reader ended before it: what is not settled now never will be.
    #[terminate]
    pub(crate) fn hand_in(&mut self) {
        if let Some(finished) = self.finished.take() {
            finished.send(self.account.clone());
        }
    }

    /// Takes a file from a worker, if it still has it.
    fn take(&mut self, worker: usize, ticket: Ticket) -> Option<Job> {
        self.with.get(&worker).filter(|job| job.ticket == ticket)?;
        self.with.remove(&worker)
    }

    /// The first file that is not settled.
    fn settled(&self) -> u64 {
        let waiting = self.waiting.front();
        let open = self.with.values().chain(waiting).map(|job| job.ticket.number);
        open.min().unwrap_or(self.account.found)
    }

    /// Answers those whose wait is over.
    fn go_on(&mut self) {
        let is_settled = self.is_walked && self.waiting.is_empty() && self.with.is_empty();
        if is_settled || self.is_closed {
            self.idle.drain(..).for_each(|(_, reply)| reply.send(None));
        }
        if is_settled {
            self.hand_in();
        }
        // One that has looked up meanwhile asks again.
        self.idle.retain(|(_, reply)| !reply.is_closed());
        while !self.idle.is_empty()
            && let Some(job) = self.waiting.pop_front()
            && let Some((worker, reply)) = self.idle.pop_front()
        {
            self.with.insert(worker, job.clone());
            reply.send(Some(Job { settled: self.settled(), ..job }));
        }
        if self.waiting.len() < ROOM
            && let Some(reader) = self.reader.take()
        {
            reader.send(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::walk::File;
    use ghostlight::Answered;
    use std::{path::Path, sync::Arc};

    fn ledger(files: &[&str]) -> Ledger {
        let mut ledger = Ledger::open();
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

    fn words(words: u64) -> Counted {
        Counted { bytes: 1, words, parts: Arc::new([]) }
    }

    #[test]
    fn a_worker_that_starts_again_is_given_the_file_it_was_at() {
        let mut ledger = ledger(&["a", "b"]);
        let first = next(&mut ledger, 0);
        let again = next(&mut ledger, 0);
        assert_eq!(again.file, first.file);
        assert!(!ledger.counted(0, first.ticket, words(5)), "the first life has no say any more");
        assert!(ledger.counted(0, again.ticket, words(5)));
    }

    #[test]
    fn words_that_were_handed_in_are_not_counted_again() {
        let mut ledger = ledger(&["a"]);
        let job = next(&mut ledger, 0);
        assert!(ledger.counted(0, job.ticket, words(5)));
        let again = next(&mut ledger, 0);
        assert_eq!(again.counted.map(|counted| counted.words), Some(5));
        ledger.settle(0, again.ticket);
        assert_eq!((ledger.account.counted, ledger.account.words), (1, 5));
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
    fn a_file_that_nobody_can_hand_to_the_shards_is_lost() {
        let mut ledger = ledger(&["a"]);
        ledger.walked();
        for _ in 0..ATTEMPTS {
            let job = next(&mut ledger, 0);
            ledger.counted(0, job.ticket, words(5));
        }
        assert!(ask(&mut ledger, 0).try_get().flatten().is_none());
        assert_eq!(ledger.account.lost(), 1);
    }

    #[test]
    fn the_account_of_what_was_settled_is_handed_in_at_the_end() {
        let mut ledger = ledger(&["a", "b"]);
        let (reply, account) = ReplyTo::pair();
        ledger.finished(reply);
        next(&mut ledger, 0);
        ledger.close();
        assert!(ask(&mut ledger, 0).try_get().flatten().is_none());
        ledger.hand_in();
        assert_eq!(account.try_get().expect("it is over").lost(), 2);
    }

    #[test]
    fn every_worker_is_told_which_files_are_settled() {
        let mut ledger = ledger(&["a", "b", "c", "d"]);
        let (a, b) = (next(&mut ledger, 0), next(&mut ledger, 1));
        ledger.skip(1, b.ticket, Reason::Binary);
        assert_eq!(next(&mut ledger, 1).settled, 0, "a is still with worker 0");
        ledger.skip(0, a.ticket, Reason::Binary);
        assert_eq!(next(&mut ledger, 0).settled, 2);
    }

    #[test]
    fn the_reader_waits_while_too_many_files_wait() {
        let mut ledger = ledger(&["a"; ROOM]);
        assert!(ledger.reader.is_some());
        next(&mut ledger, 0);
        assert!(ledger.reader.is_none());
    }
}
