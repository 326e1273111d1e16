//! Words and how often each was seen, in little memory.
//!
//! The words lie one behind the other in one string, so that a tally of any size is three allocations, and handing a part of it to
//! another thread is two, whatever the number of words.

use foldhash::fast::RandomState;
use hashbrown::{HashTable, hash_table};
use std::{
    cmp::Ordering,
    hash::{BuildHasher, Hasher},
    sync::LazyLock,
};

/// One for the whole process, so that a hash computed by one actor means the same to another; and random, so that no file can be
/// made to have words that collide.
static HASHER: LazyLock<RandomState> = LazyLock::new(RandomState::default);

/// A tally that has become larger than this is not emptied but given up, when it is used again.
const KEEP: usize = 1 << 14;

/// How often each word was seen.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    part: Part,
    /// Indices into the entries.
    table: HashTable<u32>,
    total: u64,
}

/// The words that belong to one shard, on their way there: a tally that cannot be looked things up in.
#[derive(Debug, Default)]
pub(crate) struct Part {
    text: String,
    entries: Vec<Entry>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    hash: u64,
    start: usize,
    len: u32,
    count: u64,
}

impl Tally {
    /// Counts `word` once more.
    #[inline]
    pub(crate) fn add(&mut self, word: &str) {
        self.add_hashed(hash(word), word, 1);
    }

    fn add_hashed(&mut self, hash: u64, word: &str, count: u64) {
        let Self { part, table, total } = self;
        let entry = table.entry(
            hash,
            |&index| {
                let known = &part.entries[index as usize];
                known.hash == hash && part.word(known) == word
            },
            |&index| part.entries[index as usize].hash,
        );
        match entry {
            hash_table::Entry::Occupied(known) => {
                part.entries[*known.get() as usize].count += count;
            }
            hash_table::Entry::Vacant(place) => {
                place.insert(index(part.entries.len()));
                part.push(hash, word, count);
            }
        }
        *total += count;
    }

    /// Adds what another tally has.
    pub(crate) fn merge(&mut self, other: &Part) {
        self.merge_on(other, &mut 0, other.len());
    }

    /// Adds the words of another tally from `position` up to `end`. The position moves on with each of them: whoever is cut off between
    /// two can go on.
    pub(crate) fn merge_on(&mut self, other: &Part, position: &mut usize, end: usize) {
        while let Some(entry) = other.entries[..end].get(*position) {
            self.add_hashed(entry.hash, other.word(entry), entry.count);
            *position += 1;
        }
    }

    /// The words as they are, without the table.
    pub(crate) fn as_part(&self) -> &Part {
        &self.part
    }

    /// A copy, in one part for each of `shards` shards: where a word goes depends on the word alone.
    pub(crate) fn split(&self, shards: usize) -> Vec<Part> {
        let mut parts: Vec<Part> = (0..shards)
            .map(|_| Part {
                text: String::with_capacity(self.part.text.len() * 5 / (shards * 4)),
                entries: Vec::with_capacity(self.part.entries.len() * 5 / (shards * 4)),
            })
            .collect();
        for entry in &self.part.entries {
            parts[shard_of(entry.hash, shards)].push(
                entry.hash,
                self.part.word(entry),
                entry.count,
            );
        }
        parts
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        if self.table.capacity() > KEEP || self.part.text.capacity() > 16 * KEEP {
            *self = Self::default();
        } else {
            self.part.text.clear();
            self.part.entries.clear();
            self.table.clear();
            self.total = 0;
        }
    }

    /// How many words were seen, each as often as it was seen.
    pub(crate) fn total(&self) -> u64 {
        self.total
    }

    /// How many different words were seen.
    pub(crate) fn distinct(&self) -> usize {
        self.part.entries.len()
    }

    /// Every word with its count, in no order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, u64)> {
        self.part.entries.iter().map(|entry| (self.part.word(entry), entry.count))
    }

    /// How often `word` was seen.
    pub(crate) fn count(&self, word: &str) -> u64 {
        let part = &self.part;
        let known =
            self.table.find(hash(word), |&index| part.word(&part.entries[index as usize]) == word);
        known.map_or(0, |&index| part.entries[index as usize].count)
    }
}

impl Part {
    /// How many different words it has.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn word(&self, entry: &Entry) -> &str {
        &self.text[entry.start..entry.start + entry.len as usize]
    }

    fn push(&mut self, hash: u64, word: &str, count: u64) {
        let start = self.text.len();
        self.entries.push(Entry { hash, start, len: index(word.len()), count });
        self.text.push_str(word);
    }
}

/// The words of several tallies that have none in common, the most frequent first, and those as frequent by the alphabet.
pub(crate) fn top(tallies: &[Tally], n: usize) -> Vec<(&str, u64)> {
    let mut words: Vec<(&str, u64)> = tallies.iter().flat_map(Tally::iter).collect();
    if n < words.len() {
        words.select_nth_unstable_by(n, by_rank);
        words.truncate(n);
    }
    words.sort_unstable_by(by_rank);
    words
}

fn by_rank(a: &(&str, u64), b: &(&str, u64)) -> Ordering {
    b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0))
}

#[inline]
fn hash(word: &str) -> u64 {
    let mut hasher = HASHER.build_hasher();
    hasher.write(word.as_bytes());
    hasher.finish()
}

/// The table looks at the lowest and the highest bits of a hash: the shard is taken from between them.
fn shard_of(hash: u64, shards: usize) -> usize {
    (hash >> 24 & 0xffff) as usize % shards
}

/// Four thousand million different words are more than any machine's memory holds as files are.
fn index(n: usize) -> u32 {
    u32::try_from(n).expect("fewer than 2^32 words, each shorter than 2^32 bytes")
}
