//! How the words of one file are counted.

use crate::{skip::Reason, tally::Tally, words::Words};
use std::{fs, io, io::Read, path::Path, str};

/// How much of a file is in memory at a time, however long its lines are.
const CHUNK: usize = 64 * 1024;

/// A NUL byte this near to the beginning makes a file binary. Not more than a chunk.
const LOOKED_AT: u64 = 8 * 1024;

/// The longest character of UTF-8.
const LONGEST_CHARACTER: usize = 4;

/// Counts one file after the other, in the same buffers.
#[derive(Debug)]
pub(crate) struct Counter {
    buffer: Box<[u8]>,
    words: Words,
}

impl Counter {
    pub(crate) fn new() -> Self {
        let buffer = vec![0; CHUNK + LONGEST_CHARACTER].into();
        Self { buffer, words: Words::default() }
    }

    /// Counts the words of a file into `tally`, which is emptied first. Returns how many bytes it read.
    ///
    /// Of a file that turns out not to be text, `tally` has what came before: for nobody to use. Between two pieces of the file it calls
    /// `midway`, which may panic.
    pub(crate) fn count(
        &mut self,
        path: &Path,
        tally: &mut Tally,
        midway: impl Fn(),
    ) -> Result<u64, Reason> {
        let file = fs::File::open(path).map_err(|error| Reason::unreadable(&error))?;
        self.count_text(file, tally, midway)
    }

    fn count_text(
        &mut self,
        mut text: impl Read,
        tally: &mut Tally,
        midway: impl Fn(),
    ) -> Result<u64, Reason> {
        tally.clear();
        self.words.forget();
        let mut read: u64 = 0;
        // The beginning of a character that the last piece ended in.
        let mut left = 0;
        loop {
            let n = match text.read(&mut self.buffer[left..]) {
                Ok(0) => break,
                Ok(n) => n,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(Reason::unreadable(&error)),
            };
            if let Some(near) = LOOKED_AT.checked_sub(read) {
                let near = usize::try_from(near).map_or(n, |near| near.min(n));
                if self.buffer[left..left + near].contains(&0) {
                    return Err(Reason::Binary);
                }
            }
            let begins_at = read - left as u64;
            read += n as u64;
            let filled = left + n;
            let valid = match str::from_utf8(&self.buffer[..filled]) {
                Ok(piece) => piece,
                Err(error) => {
                    let (valid, rest) = self.buffer[..filled].split_at(error.valid_up_to());
                    if error.error_len().is_some() || rest.len() >= LONGEST_CHARACTER {
                        return Err(Reason::NotUtf8 { at: begins_at + valid.len() as u64 });
                    }
                    str::from_utf8(valid).unwrap_or_default()
                }
            };
            self.words.feed(valid, tally);
            let valid = valid.len();
            self.buffer.copy_within(valid..filled, 0);
            left = filled - valid;
            midway();
        }
        if left > 0 {
            return Err(Reason::NotUtf8 { at: read - left as u64 });
        }
        self.words.end(tally);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives its bytes a few at a time.
    struct Trickle<'a>(&'a [u8], usize);

    impl Read for Trickle<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let n = self.1.min(self.0.len()).min(buffer.len());
            buffer[..n].copy_from_slice(&self.0[..n]);
            self.0 = &self.0[n..];
            Ok(n)
        }
    }

    fn count(bytes: &[u8], at_once: usize) -> Result<(u64, u64), Reason> {
        let mut tally = Tally::default();
        let read = Counter::new().count_text(Trickle(bytes, at_once), &mut tally, || {})?;
        Ok((read, tally.total()))
    }

    #[test]
    fn characters_may_be_cut_by_the_end_of_a_chunk() {
        let text = "ähnlich 日本語 \u{10400}x ".repeat(9_000);
        for at_once in [1, 2, 3, 5, 1_000, CHUNK, usize::MAX] {
            assert_eq!(count(text.as_bytes(), at_once), Ok((text.len() as u64, 27_000)));
        }
    }

    #[test]
    fn what_is_not_utf8_says_where() {
        for at_once in [1, 4, usize::MAX] {
            assert_eq!(count(b"abc \xff d", at_once), Err(Reason::NotUtf8 { at: 4 }));
            assert_eq!(count(b"abc \xe2\x82", at_once), Err(Reason::NotUtf8 { at: 4 }));
            assert_eq!(count(b"abc \xe2\x82", at_once), Err(Reason::NotUtf8 { at: 4 }));
            assert_eq!(
                count(b"\xed\xa0\x80", at_once),
                Err(Reason::NotUtf8 { at: 0 }),
                "a surrogate"
            );
        }
    }

    #[test]
    fn a_nul_byte_counts_only_near_the_beginning() {
        let mut bytes = vec![b'a'; 20_000];
        bytes[8_192] = 0;
        for at_once in [1, 1_000, usize::MAX] {
            assert_eq!(count(&bytes, at_once), Ok((20_000, 2)));
        }
        bytes[8_191] = 0;
        for at_once in [1, 1_000, usize::MAX] {
            assert_eq!(count(&bytes, at_once), Err(Reason::Binary));
        }
    }

    #[test]
    fn a_counter_forgets_the_file_that_it_could_not_finish() {
        let (mut counter, mut tally) = (Counter::new(), Tally::default());
        counter.count_text(&b"begun\xff"[..], &mut tally, || {}).unwrap_err();
        counter.count_text(&b"anew"[..], &mut tally, || {}).unwrap();
        assert_eq!(tally.iter().collect::<Vec<_>>(), [("anew", 1)]);
    }
}
