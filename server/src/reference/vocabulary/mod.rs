//! Finds the words of a table in a text: any case, whole words, the longest first.
//!
//! In words and text alike, a run of blanks counts as one blank (a paragraph break does not), and a
//! hyphen between letters as a blank: `soft-tissue`, `soft tissue` and a wrapped line are the same.
//!
//! A vocabulary is data of the program, which `cargo xtask codegen` makes of a table: nothing is built
//! when the first note is read. One run over a text looks each of its words up by its first four
//! letters, and compares only with the few words that begin with the same.

use std::ops::Range;

/// About two for each word of the largest vocabulary, so that most words of a note meet none.
const BUCKETS: usize = 4096;

/// The words of a table, each with what it stands for.
pub(super) struct Vocabulary {
    /// Whether a word begins with something else than a letter or digit.
    pub(super) marks: bool,
    /// The words, one after the other; in small letters but for those whose capitals count.
    pub(super) text: &'static str,
    /// For each bucket the first of its words, and the end of the last.
    pub(super) starts: &'static [u16; BUCKETS + 1],
    /// By bucket and key, the longest first.
    pub(super) entries: &'static [Entry],
}

/// A word of a vocabulary.
pub(super) struct Entry {
    /// Its first letters.
    key: u32,
    /// How many letters and digits it begins with.
    run: u8,
    /// The letter or digit behind these and a blank, if there is one, as a small letter; else zero.
    second: u8,
    /// Where in the text of all words.
    at: u16,
    length: u8,
    /// The capitals must be these.
    exact: bool,
    value: u16,
}

impl Entry {
    pub(super) const fn new(
        key: [u8; 4],
        run: u8,
        second: u8,
        at: u16,
        length: u8,
        exact: bool,
        value: u16,
    ) -> Self {
        Self {
            key: u32::from_le_bytes(key),
            run,
            second,
            at,
            length,
            exact,
            value,
        }
    }
}

impl Vocabulary {
    /// The words found with what they stand for, in order and without overlap; of two that begin
    /// together the longer one.
    pub(super) fn find<'t>(&'static self, text: &'t str) -> Found<'t> {
        Found {
            vocabulary: self,
            text,
            at: 0,
        }
    }

    /// The longest word at a place of the text where one can begin, with a run of so many letters and
    /// digits: its end and what it stands for.
    fn at(&self, text: &str, start: usize, (run, key): (usize, u32)) -> Option<(usize, u16)> {
        let bucket = bucket(key, run);
        let (first, end) = (self.starts[bucket], self.starts[bucket + 1]);
        if first == end {
            return None;
        }
        let entries = self.entries.get(usize::from(first)..usize::from(end))?;
        let second = second_word(text.as_bytes(), start + run);
        for entry in entries {
            let may_be = second.is_none_or(|second| entry.second == 0 || entry.second == second);
            if entry.key == key && usize::from(entry.run) == run && may_be {
                let at = usize::from(entry.at);
                let word = self.text.get(at..at + usize::from(entry.length))?;
                if let Some(end) = end_of(word, entry.exact, text, start) {
                    return Some((end, entry.value));
                }
            }
        }
        None
    }

    /// The words with what they stand for, as the table has them.
    #[cfg(test)]
    pub(super) fn words(&self) -> impl Iterator<Item = (&'static str, bool, u16)> {
        self.entries.iter().map(|entry| {
            let at = usize::from(entry.at);
            let word = &self.text[at..at + usize::from(entry.length)];
            (word, entry.exact, entry.value)
        })
    }
}

/// The words of a vocabulary in a text.
pub(super) struct Found<'t> {
    vocabulary: &'static Vocabulary,
    text: &'t str,
    /// Where to look on: no word ends behind it.
    at: usize,
}

impl Iterator for Found<'_> {
    type Item = (Range<usize>, u16);

    fn next(&mut self) -> Option<Self::Item> {
        let bytes = self.text.as_bytes();
        let mut start = self.at;
        while start < bytes.len() {
            let first = bytes[start];
            let kind = KINDS[usize::from(first)];
            if kind == Of::Mark && (first == b' ' || !self.vocabulary.marks) {
                start += 1;
                continue;
            }
            let mut end = start;
            while end < bytes.len() && KINDS[usize::from(bytes[end])] == Of::Word {
                end += 1;
            }
            let goes_on = end < bytes.len() && KINDS[usize::from(bytes[end])] == Of::Other;
            let (run, key) = if goes_on {
                run_beyond_ascii(self.text, start)
            } else {
                (end - start, key(&bytes[start..], end - start))
            };
            if let Some((end, value)) = self.vocabulary.at(self.text, start, (run, key)) {
                self.at = end;
                return Some((start..end, value));
            }
            start += if run > 0 { run } else { width(first) };
        }
        self.at = start;
        None
    }
}

/// What a byte can be of.
#[derive(Clone, Copy, PartialEq)]
enum Of {
    /// A letter or digit of ASCII.
    Word,
    /// Another character of ASCII.
    Mark,
    /// A character beyond ASCII.
    Other,
}

static KINDS: [Of; 256] = {
    let mut kinds = [Of::Other; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        kinds[byte as usize] = if byte.is_ascii_alphanumeric() {
            Of::Word
        } else {
            Of::Mark
        };
        byte += 1;
    }
    kinds
};

/// The first four bytes, in small letters, of the run of letters and digits that a text begins with; of
/// a text that begins otherwise, its first byte.
#[inline]
fn key(text: &[u8], run: usize) -> u32 {
    // Of digits, 0x20 is set already.
    match (run, text) {
        (0, [mark, ..]) => u32::from(*mark),
        (_, [a, b, c, d, ..]) => {
            let kept = u32::MAX >> (8 * (4 - run.min(4)));
            (u32::from_le_bytes([*a, *b, *c, *d]) | 0x2020_2020) & kept
        }
        _ => {
            let letters = text.iter().take(run).rev();
            letters.fold(0, |key, byte| key << 8 | u32::from(byte | 0x20))
        }
    }
}

/// The length of the run of letters and digits that begins here, and its key.
#[cold]
fn run_beyond_ascii(text: &str, start: usize) -> (usize, u32) {
    let text = text.get(start..).unwrap_or_default();
    let length = text.find(|c: char| !c.is_alphanumeric());
    let length = length.unwrap_or(text.len());
    let first = text.as_bytes().iter().take(length.clamp(1, 4));
    let key = first.rev().fold(0, |key, byte| {
        key << 8 | u32::from(byte.to_ascii_lowercase())
    });
    (length, key)
}

/// The bucket of the words that begin with these letters and so many of them.
#[inline]
fn bucket(key: u32, run: usize) -> usize {
    let run = u32::try_from(run).unwrap_or(u32::MAX);
    let mixed = (key ^ run.wrapping_shl(26)).wrapping_mul(0x9E37_79B1);
    (mixed >> (u32::BITS - BUCKETS.ilog2())) as usize
}

/// What follows the first word of a text that ends here: a letter or digit behind one blank, as a small
/// letter; zero where none can follow. `None` if it takes a closer look.
fn second_word(text: &[u8], end: usize) -> Option<u8> {
    match text.get(end..)? {
        [b' ', next, ..] if next.is_ascii_alphanumeric() => Some(next | 0x20),
        [] | [b',' | b'.' | b':' | b';' | b')' | b'/', ..] => Some(0),
        _ => None,
    }
}

/// How many bytes the character has that begins with this one.
fn width(first: u8) -> usize {
    match first {
        0..0xc0 => 1,
        0xc0..0xe0 => 2,
        0xe0..0xf0 => 3,
        _ => 4,
    }
}

/// Where the word ends that begins here in the text and stands alone.
fn end_of(word: &str, exact: bool, text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut pairs = word.bytes().zip(bytes.get(start..)?);
    let other = pairs
        .find(|(wanted, here)| wanted != *here && (exact || *wanted != here.to_ascii_lowercase()));
    let at = match other {
        None if start + word.len() <= bytes.len() => start + word.len(),
        // Only blanks, hyphens and apostrophes are written in several ways; letters differ.
        Some((wanted, here)) if wanted.is_ascii_alphanumeric() && here.is_ascii_alphanumeric() => {
            return None;
        }
        _ => end_of_uneven(word, exact, text, start)?,
    };
    let stands_alone = match bytes.get(at) {
        None => true,
        Some(next) if next.is_ascii() && !next.is_ascii_alphanumeric() => true,
        Some(_) => !(word.ends_with(char::is_alphanumeric) && begins_word(&text[at..])),
    };
    stands_alone.then_some(at)
}

/// Where the word ends that begins here in the text, whatever its blanks and hyphens are.
fn end_of_uneven(word: &str, exact: bool, text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = start;
    for &wanted in word.as_bytes() {
        at = match wanted {
            b' ' => after_blank(text, at)?,
            b'-' => after_hyphen(text, at)?,
            b'\'' if text.get(at..)?.starts_with('\u{2019}') => at + '\u{2019}'.len_utf8(),
            _ => {
                let byte = *bytes.get(at)?;
                let same = byte == wanted || !exact && byte.to_ascii_lowercase() == wanted;
                same.then_some(at + 1)?
            }
        };
    }
    Some(at)
}

/// The end of what counts as a blank and begins here: blanks without an empty line among them, or a
/// hyphen between letters.
fn after_blank(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    if bytes.get(at) == Some(&b' ') && bytes.get(at + 1).is_some_and(u8::is_ascii_graphic) {
        return Some(at + 1);
    }
    let rest = text.get(at..)?;
    let length = rest
        .find(|c: char| !c.is_whitespace())
        .unwrap_or(rest.len());
    if length > 0 {
        let blanks = &rest[..length];
        return (blanks.find('\n') == blanks.rfind('\n')).then_some(at + length);
    }
    let end = at + hyphen(rest)?;
    is_between(text, at, end).then_some(end)
}

/// The end of a hyphen that begins here and does not join two words.
fn after_hyphen(text: &str, at: usize) -> Option<usize> {
    let end = at + hyphen(text.get(at..)?)?;
    (!is_between(text, at, end)).then_some(end)
}

/// The length of the hyphen that a text begins with.
fn hyphen(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    matches!(first, '-' | '\u{2010}' | '\u{2011}').then_some(first.len_utf8())
}

/// Whether a letter or digit stands on either side.
fn is_between(text: &str, start: usize, end: usize) -> bool {
    text[..start].ends_with(char::is_alphanumeric) && begins_word(&text[end..])
}

fn begins_word(text: &str) -> bool {
    text.starts_with(char::is_alphanumeric)
}

/// Whether no letter or digit touches the range from outside, where its own edge is one.
pub(super) fn stands_alone(text: &str, range: Range<usize>) -> bool {
    let inside = &text[range.clone()];
    let free = |edge: Option<char>, neighbour: Option<char>| {
        !(edge.is_some_and(char::is_alphanumeric) && neighbour.is_some_and(char::is_alphanumeric))
    };
    free(
        inside.chars().next(),
        text[..range.start].chars().next_back(),
    ) && free(inside.chars().next_back(), text[range.end..].chars().next())
}

#[cfg(test)]
mod plain;
#[cfg(test)]
mod tests;
