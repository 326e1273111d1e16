//! The counts of a shard, in a form that survives the shard.

use crate::tally::{Part, Tally};

/// What a shard has counted, and how far it is with what it is adding.
///
/// A part belongs to the table from the moment it is here, and each of its words is added together with the note that it was. So
/// whoever has the table next can go on where the last one stopped, wherever that was: nothing is missing, and nothing counts twice.
#[derive(Debug, Default)]
pub(crate) struct Table {
    tally: Tally,
    /// What is being added.
    part: Part,
    /// How many words of it have been added.
    added: usize,
    /// How many parts there have been.
    parts: u64,
}

impl Table {
    /// Takes a part in; what the last one left over is added first.
    pub(crate) fn take_in(&mut self, part: Part) {
        self.finish();
        self.part = part;
        self.added = 0;
        self.parts += 1;
    }

    /// Adds half of the words that are to be added.
    pub(crate) fn add_half(&mut self) {
        self.add_to(self.part.len() / 2);
    }

    /// Adds all words that are to be added.
    pub(crate) fn finish(&mut self) {
        self.add_to(self.part.len());
    }

    fn add_to(&mut self, end: usize) {
        while self.added < end {
            self.tally.add_entry(&self.part, self.added);
            self.added += 1;
        }
    }

    /// How many parts it has taken in.
    pub(crate) fn parts(&self) -> u64 {
        self.parts
    }

    /// The counts of all parts.
    pub(crate) fn into_tally(mut self) -> Tally {
        self.finish();
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
        let mut counts: Vec<_> = tally.iter().map(|(word, n)| (word.to_owned(), n)).collect();
        counts.sort();
        counts
    }

    #[test]
    fn whoever_has_the_table_next_goes_on_where_the_last_one_stopped() {
        let words = ["a", "b", "b", "c", "d"];
        let mut whole = Table::default();
        whole.take_in(part(&words));
        whole.finish();
        let expected = counts(whole);
        for stop in 0..=4 {
            let mut table = Table::default();
            table.take_in(part(&words));
            table.add_to(stop);
            // The shard crashes; the next one has the table, and another part comes.
            table.take_in(part(&["a"]));
            table.finish();
            let mut with_one_more = expected.clone();
            with_one_more[0].1 += 1;
            assert_eq!(counts(table), with_one_more);
        }
    }
}
