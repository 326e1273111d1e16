//! What has become of everything that was found: each path is counted, skipped for a reason, or lost.

use crate::{crash::Toll, skip::Skip, tally::Tally};
use std::{collections::BTreeMap, fmt, time::Duration};

/// What has become of the paths that were found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Account {
    pub(crate) found: u64,
    pub(crate) counted: u64,
    pub(crate) skipped: Vec<Skip>,
    /// In the files that were counted.
    pub(crate) bytes: u64,
    /// In the files that were counted, each word as often as it is there.
    pub(crate) words: u64,
}

impl Account {
    /// Takes another part of the same job in.
    pub(crate) fn merge(&mut self, other: Self) {
        self.found += other.found;
        self.counted += other.counted;
        self.skipped.extend(other.skipped);
        self.bytes += other.bytes;
        self.words += other.words;
    }

    /// How far it is, with what was skipped after the first `known`.
    pub(crate) fn progress(&self, known: usize) -> Progress {
        Progress {
            found: self.found,
            settled: self.counted + self.skipped.len() as u64,
            bytes: self.bytes,
            skipped: self.skipped.get(known..).unwrap_or_default().to_vec(),
        }
    }

    /// How many paths were found of which nobody knows what has become.
    pub(crate) fn lost(&self) -> u64 {
        self.found.saturating_sub(self.counted + self.skipped.len() as u64)
    }
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

/// How a job ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Everything is settled, one way or the other.
    Settled,
    /// The user wanted it so.
    Interrupted,
    /// Somebody ended who must not: who, and why.
    Failed(String),
}

impl End {
    pub(crate) fn failed(who: &str, why: impl fmt::Display) -> Self {
        Self::Failed(format!("{who}: {why}"))
    }
}

/// A whole job, at its end.
#[derive(Debug)]
pub(crate) struct Totals {
    pub(crate) account: Account,
    /// The counts; a word is in one of them only.
    pub(crate) tallies: Vec<Tally>,
    pub(crate) end: End,
    /// `None` if no supervisor was left to ask.
    pub(crate) toll: Option<Toll>,
    pub(crate) time: Duration,
}

impl Totals {
    /// How many words the files had more (or fewer) than the tallies hold.
    pub(crate) fn lost_words(&self) -> u64 {
        self.account.words.abs_diff(self.tallies.iter().map(Tally::total).sum())
    }

    /// Whether every path and every word is accounted for.
    pub(crate) fn is_complete(&self) -> bool {
        self.end == End::Settled && self.account.lost() == 0 && self.lost_words() == 0
    }

    /// MB in a second.
    pub(crate) fn speed(&self) -> f64 {
        megabytes(self.account.bytes) / self.time.as_secs_f64().max(1e-9)
    }

    /// Where this and another count of the same files differ, for people to read; `None` if nowhere.
    pub(crate) fn difference(&self, other: &Self) -> Option<String> {
        let numbers = |totals: &Self| {
            let Account { found, counted, bytes, words, .. } = totals.account;
            [("paths found", found), ("files counted", counted), ("bytes", bytes), ("words", words)]
        };
        for ((what, mine), (_, theirs)) in numbers(self).into_iter().zip(numbers(other)) {
            if mine != theirs {
                return Some(format!("{mine} {what}, and then {theirs}"));
            }
        }
        let distinct = |totals: &Self| totals.tallies.iter().map(Tally::distinct).sum::<usize>();
        if distinct(self) != distinct(other) {
            return Some(format!(
                "{} different words, and then {}",
                distinct(self),
                distinct(other)
            ));
        }
        let mut mine = self.tallies.iter().flat_map(Tally::iter);
        mine.find_map(|(word, count)| {
            let theirs: u64 = other.tallies.iter().map(|tally| tally.count(word)).sum();
            (theirs != count).then(|| format!("`{word}` {count} times, and then {theirs} times"))
        })
    }
}

/// The closing line.
impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let account = &self.account;
        write!(
            f,
            "{} found: {} counted, {} skipped",
            account.found,
            account.counted,
            account.skipped.len()
        )?;
        let mut kinds = BTreeMap::<_, u64>::new();
        for skip in &account.skipped {
            *kinds.entry(skip.reason.kind()).or_default() += 1;
        }
        for (nth, (kind, n)) in kinds.iter().enumerate() {
            write!(f, "{}{n} {kind}", if nth == 0 { " (" } else { ", " })?;
        }
        if !kinds.is_empty() {
            f.write_str(")")?;
        }
        let lost = if self.end == End::Interrupted { "not counted any more" } else { "lost" };
        write!(f, ", {} {lost}", account.lost())?;
        if self.lost_words() > 0 {
            write!(f, ", {} words lost", self.lost_words())?;
        }
        match self.toll {
            Some(toll) => write!(f, "; {toll}")?,
            None => f.write_str("; too many crashes to tell")?,
        }
        write!(
            f,
            "; {} words, {:.1} MB in {:.2} s ({:.1} MB/s)",
            account.words,
            megabytes(account.bytes),
            self.time.as_secs_f64(),
            self.speed()
        )
    }
}

/// Bytes in millions.
#[expect(clippy::cast_precision_loss, reason = "for people to read")]
pub(crate) fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
