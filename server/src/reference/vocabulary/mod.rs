//! Finds the words of a table in a text: any case, whole words, the longest first.
//!
//! In words and text alike, a run of blanks counts as one blank (a paragraph break does not), and a
//! hyphen between letters as a blank: `soft-tissue`, `soft tissue` and a wrapped line are the same.
//!
//! A vocabulary is data of the program, which `cargo xtask codegen` makes of a table: nothing is built
//! when the first note is read. One run over a text looks each of its words up by its first four
//! letters, and compares only with the few words that begin with the same.

use std::ops::Range;

/// The words of a table, each with what it stands for.
pub(super) struct Vocabulary {
    /// There are two to the power of this many buckets.
    pub(super) bits: u32,
    /// The words, one after the other; in small letters but for those whose capitals count.
    pub(super) text: &'static str,
    /// For each bucket the first of its words, and the end of the last.
    pub(super) starts: &'static [u16],
    /// By bucket and key, the longest first.
    pub(super) entries: &'static [Entry],
}

/// A word of a vocabulary.
pub(super) struct Entry {
    /// Its first letters.
    key: u32,
    /// How many letters and digits it begins with.
    run: u8,
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
        at: u16,
        length: u8,
        exact: bool,
        value: u16,
    ) -> Self {
        Self {
            key: u32::from_le_bytes(key),
            run,
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
        let bucket = (key.wrapping_mul(0x9E37_79B1) >> (32 - self.bits)) as usize;
        let &[first, end] = self.starts.get(bucket..bucket + 2)? else {
            return None;
        };
        if first == end {
            return None;
        }
        let entries = self.entries.get(usize::from(first)..usize::from(end))?;
        let alike = |entry: &&Entry| entry.key == key && usize::from(entry.run) == run;
        entries.iter().filter(alike).find_map(|entry| {
            let at = usize::from(entry.at);
            let word = self.text.get(at..at + usize::from(entry.length))?;
            Some((end_of(word, entry.exact, text, start)?, entry.value))
        })
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
        while let Some(&byte) = bytes.get(start) {
            if byte == b' ' {
                start += 1;
                continue;
            }
            let (run, key) = run(self.text, start);
            if let Some((end, value)) = self.vocabulary.at(self.text, start, (run, key)) {
                self.at = end;
                return Some((start..end, value));
            }
            start += if run > 0 { run } else { width(byte) };
        }
        self.at = start;
        None
    }
}

/// Each byte of ASCII that is a letter or digit, as a small letter; zero for other bytes.
const SMALL: [u8; 256] = {
    let mut small = [0; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() {
            small[byte as usize] = byte.to_ascii_lowercase();
        }
        byte += 1;
    }
    small
};

/// The length of the run of letters and digits that begins here, and its first four bytes, in small
/// letters; of a text that begins otherwise, zero and its first byte.
fn run(text: &str, start: usize) -> (usize, u32) {
    let bytes = text.as_bytes().get(start..).unwrap_or_default();
    let mut length = 0;
    let mut key = 0;
    while let Some(&byte) = bytes.get(length) {
        let small = SMALL[usize::from(byte)];
        if small == 0 {
            if !byte.is_ascii() {
                return run_beyond_ascii(text, start);
            }
            break;
        }
        if length < 4 {
            key |= u32::from(small) << (8 * length);
        }
        length += 1;
    }
    if length == 0 {
        key = bytes.first().map_or(0, |byte| u32::from(*byte));
    }
    (length, key)
}

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
    let stands_alone = match bytes.get(at) {
        None => true,
        Some(next) if next.is_ascii() && !next.is_ascii_alphanumeric() => true,
        Some(_) => !(word.ends_with(char::is_alphanumeric) && begins_word(&text[at..])),
    };
    stands_alone.then_some(at)
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
