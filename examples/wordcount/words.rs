//! What a word is.

use crate::tally::Tally;

/// Of a word longer than this many bytes (in lower case), the beginning counts, up to the last whole character.
pub(crate) const LONGEST: usize = 64 * 1024;

/// Finds the words of a text that comes in pieces.
///
/// A word is a longest run of characters that are alphanumeric ([`char::is_alphanumeric`]: Unicode's `Alphabetic` or
/// `Numeric`) or `_`. It is put in lower case character by character ([`char::to_lowercase`]). Nothing is normalized, and a
/// combining accent, being neither letter nor digit, ends a word.
#[derive(Debug, Default)]
pub(crate) struct Words {
    /// The word that is not over yet, in lower case.
    begun: String,
    /// Something of it was cut off: the rest of it is passed over.
    is_cut: bool,
}

/// What a byte is: bits, so that one pass over a run collects what is in it.
const LOWER: u8 = 1;
const UPPER: u8 = 2;
const NOT_ASCII: u8 = 4;

static CLASS: [u8; 256] = {
    let mut class = [0; 256];
    let mut byte = 0_u8;
    loop {
        class[byte as usize] = match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'_' => LOWER,
            b'A'..=b'Z' => UPPER,
            0x80.. => NOT_ASCII,
            _ => 0,
        };
        match byte.checked_add(1) {
            Some(next) => byte = next,
            None => break class,
        }
    }
};

impl Words {
    /// Counts the words of the next piece.
    pub(crate) fn feed(&mut self, piece: &str, tally: &mut Tally) {
        let bytes = piece.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let start = at;
            let mut classes = 0;
            while at < bytes.len() && CLASS[usize::from(bytes[at])] & (LOWER | UPPER) != 0 {
                classes |= CLASS[usize::from(bytes[at])];
                at += 1;
            }
            let run = &piece[start..at];
            let Some(&next) = bytes.get(at) else {
                self.push(run);
                return;
            };
            if CLASS[usize::from(next)] == NOT_ASCII {
                self.push(run);
                at = self.feed_unicode(piece, at, tally);
                continue;
            }
            at += 1;
            if classes == LOWER && self.begun.is_empty() && run.len() <= LONGEST {
                tally.add(run); // by far the most common case: nothing to copy
            } else if classes != 0 || !self.begun.is_empty() {
                self.push(run);
                self.end(tally);
            }
        }
    }

    /// Goes on with the characters at `at` that are not ASCII. Returns where they end.
    fn feed_unicode(&mut self, piece: &str, at: usize, tally: &mut Tally) -> usize {
        let rest = &piece[at..];
        for (offset, character) in rest.char_indices() {
            if character.is_ascii() {
                return at + offset;
            }
            if character.is_alphanumeric() {
                for lower in character.to_lowercase() {
                    self.push(lower.encode_utf8(&mut [0; 4]));
                }
            } else {
                self.end(tally);
            }
        }
        piece.len()
    }

    /// The text is over, and with it its last word.
    pub(crate) fn end(&mut self, tally: &mut Tally) {
        if !self.begun.is_empty() {
            tally.add(&self.begun);
            self.forget();
        }
    }

    /// Forgets the word that is not over.
    pub(crate) fn forget(&mut self) {
        self.begun.clear();
        self.is_cut = false;
    }

    /// Takes in more of the word: ASCII in any case, or one character in lower case.
    fn push(&mut self, more: &str) {
        if self.is_cut {
            return;
        }
        let start = self.begun.len();
        let mut end = more.len().min(LONGEST - start);
        while !more.is_char_boundary(end) {
            end -= 1;
        }
        self.is_cut = end < more.len();
        self.begun.push_str(&more[..end]);
        self.begun[start..].make_ascii_lowercase();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn counted(pieces: &[&str]) -> BTreeMap<String, u64> {
        let (mut words, mut tally) = (Words::default(), Tally::default());
        for piece in pieces {
            words.feed(piece, &mut tally);
        }
        words.end(&mut tally);
        tally.iter().map(|(word, count)| (word.to_owned(), count)).collect()
    }

    /// The definition, word for word.
    fn expected(text: &str) -> BTreeMap<String, u64> {
        let mut counts = BTreeMap::new();
        for word in text.split(|c: char| !c.is_alphanumeric() && c != '_') {
            if !word.is_empty() {
                *counts.entry(word.chars().flat_map(char::to_lowercase).collect()).or_default() +=
                    1;
            }
        }
        counts
    }

    const TEXT: &str = "The quick_brown fox; the QUICK_brown FOX2 -- Äpfel, äpfel und ΣΊΣΥΦΟΣ! naïve日本語 x İstanbul\u{301}e ½ _";

    #[test]
    fn words_are_what_the_definition_says() {
        assert_eq!(counted(&[TEXT]), expected(TEXT));
        assert_eq!(counted(&[TEXT])["äpfel"], 2);
        assert_eq!(counted(&[""]), BTreeMap::new());
    }

    #[test]
    fn where_a_text_is_cut_into_pieces_does_not_matter() {
        for (at, _) in TEXT.char_indices() {
            let (a, rest) = TEXT.split_at(at);
            assert_eq!(counted(&[a, rest]), expected(TEXT), "cut at {at}");
            let mut middle = rest.len() / 2;
            while !rest.is_char_boundary(middle) {
                middle -= 1;
            }
            let (b, c) = rest.split_at(middle);
            assert_eq!(counted(&[a, b, "", c]), expected(TEXT), "cut at {at} and {}", at + middle);
        }
    }

    #[test]
    fn of_a_word_that_is_too_long_the_beginning_counts() {
        let long = "x".repeat(LONGEST);
        let wanted = BTreeMap::from([(long.clone(), 3), ("y".into(), 1)]);
        assert_eq!(counted(&[&long, "abc", "def ", &long, " ", &long, "Z y"]), wanted);
        let odd = "x".repeat(LONGEST - 1);
        assert_eq!(
            counted(&[&odd, "äb c"]),
            BTreeMap::from([(odd, 1), ("c".into(), 1)]),
            "no half characters, and none later"
        );
    }
}
