//! The vocabulary as plain as it can be said, to hold the quick one to it: the text is evened out first, and
//! every word of the table that begins like one of the text is compared.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use super::stands_alone;

/// The words of a table, each with what it stands for.
///
/// They are looked up by their first letters and digits: a word can only begin where such a run of
/// the text begins, and an automaton over all of them would take longer to build than a note to check.
pub(super) struct Vocabulary<T> {
    /// By the first run of letters and digits, in small letters.
    by_first: HashMap<String, Vec<u32>>,
    /// The words that begin with something else.
    others: Vec<u32>,
    entries: Vec<Entry<T>>,
}

struct Entry<T> {
    word: String,
    /// The capitals must be these.
    exact: bool,
    value: T,
}

impl<T: Copy> Vocabulary<T> {
    /// Builds the vocabulary; a word that begins with `=` must be written in exactly those capitals.
    pub(super) fn new(words: impl IntoIterator<Item = (String, T)>) -> Self {
        let entries: Vec<Entry<T>> = words
            .into_iter()
            .map(|(word, value)| {
                let exact = word.starts_with('=');
                Entry {
                    word: Normal::of(word.trim_start_matches('=')).text.into_owned(),
                    exact,
                    value,
                }
            })
            .collect();
        let mut by_first: HashMap<String, Vec<u32>> = HashMap::new();
        let mut others = Vec::new();
        for (index, entry) in (0..).zip(&entries) {
            let first = &entry.word[..run(&entry.word)];
            if first.is_empty() {
                others.push(index);
            } else {
                let first = first.to_ascii_lowercase();
                by_first.entry(first).or_default().push(index);
            }
        }
        Self {
            by_first,
            others,
            entries,
        }
    }

    /// The words found, in order and without overlap; of two that begin together the longer one.
    pub(super) fn find(&self, text: &str) -> Vec<(Range<usize>, T)> {
        let normal = Normal::of(text);
        let text = &*normal.text;
        let mut found: Vec<(usize, usize, u32)> = Vec::new();
        let mut try_at = |start: usize, indices: &[u32]| {
            for &index in indices {
                let entry = &self.entries[index as usize];
                let end = start + entry.word.len();
                let Some(here) = text.as_bytes().get(start..end) else {
                    continue;
                };
                let same = if entry.exact {
                    here == entry.word.as_bytes()
                } else {
                    here.eq_ignore_ascii_case(entry.word.as_bytes())
                };
                if same && start < end && stands_alone(text, start..end) {
                    found.push((start, end, index));
                }
            }
        };
        let mut first = String::new();
        let mut at = 0;
        while at < text.len() {
            let length = run(&text[at..]);
            if length > 0 {
                first.clear();
                first.push_str(&text[at..at + length]);
                first.make_ascii_lowercase();
                if let Some(indices) = self.by_first.get(&first) {
                    try_at(at, indices);
                }
                at += length;
            } else {
                try_at(at, &self.others);
                at += text[at..].chars().next().map_or(1, char::len_utf8);
            }
        }
        found.sort_unstable_by_key(|&(start, end, index)| (start, usize::MAX - end, index));
        let mut free_from = 0;
        let mut kept = Vec::with_capacity(found.len());
        for (start, end, index) in found {
            if start >= free_from {
                free_from = end;
                kept.push((
                    normal.original(start..end),
                    self.entries[index as usize].value,
                ));
            }
        }
        kept
    }
}

/// The length of the run of letters and digits that a text begins with.
fn run(text: &str) -> usize {
    text.find(|c: char| !c.is_alphanumeric())
        .unwrap_or(text.len())
}

/// A text with its blanks and hyphens evened out, and where each byte came from.
struct Normal<'a> {
    text: Cow<'a, str>,
    /// For each byte of `text` the offset in the original where its character begins; none where the
    /// two are the same.
    starts: Vec<usize>,
    /// For each byte of `text` the offset in the original where its character ends.
    ends: Vec<usize>,
}

impl<'a> Normal<'a> {
    fn of(original: &'a str) -> Self {
        if is_even(original) {
            return Self {
                text: Cow::Borrowed(original),
                starts: Vec::new(),
                ends: Vec::new(),
            };
        }
        let mut text = String::with_capacity(original.len());
        let mut starts = Vec::with_capacity(original.len());
        let mut ends = Vec::with_capacity(original.len());
        let mut chars = original.char_indices().peekable();
        let mut previous = ' ';
        while let Some((start, found)) = chars.next() {
            let mut end = start + found.len_utf8();
            let mut written = found;
            if found.is_whitespace() {
                let mut breaks = usize::from(found == '\n');
                while let Some(&(at, blank)) = chars.peek().filter(|(_, next)| next.is_whitespace())
                {
                    breaks += usize::from(blank == '\n');
                    end = at + blank.len_utf8();
                    chars.next();
                }
                written = if breaks > 1 { '\n' } else { ' ' };
            } else if matches!(found, '-' | '\u{2010}' | '\u{2011}') {
                let between = previous.is_alphanumeric()
                    && chars.peek().is_some_and(|(_, next)| next.is_alphanumeric());
                written = if between { ' ' } else { '-' };
            } else if found == '\u{2019}' {
                written = '\'';
            }
            text.push(written);
            for _ in 0..written.len_utf8() {
                starts.push(start);
                ends.push(end);
            }
            previous = written;
        }
        Self {
            text: Cow::Owned(text),
            starts,
            ends,
        }
    }

    /// The original range of a non-empty range of `text`.
    fn original(&self, range: Range<usize>) -> Range<usize> {
        if self.starts.is_empty() {
            return range;
        }
        self.starts[range.start]..self.ends[range.end - 1]
    }
}

/// Whether nothing has to be evened out, as in most lines: ASCII without hyphens between letters, and
/// no blanks but single ones.
fn is_even(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.is_ascii()
        && bytes.iter().enumerate().all(|(at, byte)| match byte {
            b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => false,
            b' ' => bytes.get(at + 1) != Some(&b' '),
            b'-' => {
                let before = at.checked_sub(1).map_or(b' ', |i| bytes[i]);
                let after = bytes.get(at + 1).copied().unwrap_or(b' ');
                !(before.is_ascii_alphanumeric() && after.is_ascii_alphanumeric())
            }
            _ => true,
        })
}
