//! A shard's counts, and how far the parts are that they are made of.

use crate::tally::{Part, Tally};
use std::collections::BTreeMap;

/// The counts of a shard. They outlive the shard that works on them, so they are right at every moment: whoever merges may crash
/// between any two words, and whoever is sent the same part again goes on where that one stopped.
#[derive(Debug, Default)]
pub(crate) struct Table {
    tally: Tally,
    /// How many of its words have been added, for each part by the number of its file. A part that is whole stays: whoever sent it may
    /// not have heard of it, and sends it again. It goes when its file is settled.
    positions: BTreeMap<u64, usize>,
    /// How many parts there have been.
    parts: u64,
}

impl Table {
    /// A part that has not been here yet: which one it is, the first being 1. `None` if it has been, whole or not.
    pub(crate) fn begin(&mut self, number: u64) -> Option<u64> {
        if self.positions.contains_key(&number) {
            return None;
        }
        self.positions.insert(number, 0);
        self.parts += 1;
        Some(self.parts)
    }

    /// Adds the words of a part up to the one at `end`, without those that it has already.
    pub(crate) fn merge(&mut self, number: u64, part: &Part, end: usize) {
        self.tally.merge_on(part, self.positions.entry(number).or_default(), end);
    }

    /// All files before this one are settled: their parts do not come again.
    pub(crate) fn forget_before(&mut self, number: u64) {
        while self.positions.first_entry().is_some_and(|first| *first.key() < number) {
            self.positions.pop_first();
        }
    }

    /// The counts alone.
    pub(crate) fn into_tally(self) -> Tally {
        self.tally
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(words: &[&str]) -> Part {
        let mut tally = Tally::default();
        for word in words {
            tally.add(word);
        }
        tally.split(1).remove(0)
    }

    fn counts(table: Table) -> Vec<(String, u64)> {
        let tally = table.into_tally();
        let mut counts: Vec<_> =
            tally.iter().map(|(word, count)| (word.to_owned(), count)).collect();
        counts.sort();
        counts
    }

    #[test]
    fn a_part_that_was_cut_off_anywhere_counts_once_when_it_is_sent_again() {
        let (one, two) = (part(&["a", "b", "b", "c"]), part(&["b", "c", "d"]));
        for cut in 0..=one.len() {
            for again in 0..=one.len() {
                let mut table = Table::default();
                table.merge(7, &one, cut);
                table.merge(8, &two, two.len()); // it waited in the mailbox meanwhile
                table.merge(7, &one, again);
                table.merge(7, &one, one.len());
                table.merge(8, &two, two.len());
                let expected = [("a", 1), ("b", 3), ("c", 2), ("d", 1)];
                assert_eq!(counts(table), expected.map(|(word, n)| (word.to_owned(), n)));
            }
        }
    }

    #[test]
    fn a_part_is_new_once_until_its_file_is_settled() {
        let mut table = Table::default();
        assert_eq!([table.begin(4), table.begin(4), table.begin(5)], [Some(1), None, Some(2)]);
        table.forget_before(5);
        assert_eq!(table.positions.keys().collect::<Vec<_>>(), [&5]);
    }
}
