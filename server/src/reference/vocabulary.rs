//! Finds the words of a table in a text: any case, whole words, the longest first.
//!
//! In words and text alike, a run of blanks counts as one blank (a paragraph break does not), and a
//! hyphen between letters as a blank: `soft-tissue`, `soft tissue` and a wrapped line are the same.

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};

/// The words of a table, each with what it stands for.
pub(super) struct Vocabulary<T> {
    /// Absent only if the table were too large for an automaton; a test holds that it is not.
    automaton: Option<AhoCorasick>,
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
                    word: Normal::of(word.trim_start_matches('=')).text,
                    exact,
                    value,
                }
            })
            .collect();
        let automaton = AhoCorasickBuilder::new()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .kind(Some(aho_corasick::AhoCorasickKind::NoncontiguousNFA))
            .build(entries.iter().map(|entry| &entry.word))
            .ok();
        Self { automaton, entries }
    }

    /// The words found, in order and without overlap; of two that begin together the longer one.
    pub(super) fn find(&self, text: &str) -> Vec<(Range<usize>, T)> {
        let Some(automaton) = &self.automaton else {
            return Vec::new();
        };
        let normal = Normal::of(text);
        let mut found: Vec<(usize, usize, usize)> = automaton
            .find_overlapping_iter(&normal.text)
            .filter(|hit| {
                let entry = &self.entries[hit.pattern().as_usize()];
                hit.start() < hit.end()
                    && stands_alone(&normal.text, hit.start()..hit.end())
                    && (!entry.exact || normal.text[hit.start()..hit.end()] == entry.word)
            })
            .map(|hit| (hit.start(), hit.end(), hit.pattern().as_usize()))
            .collect();
        found.sort_unstable_by_key(|&(start, end, index)| (start, usize::MAX - end, index));
        let mut free_from = 0;
        let mut kept = Vec::with_capacity(found.len());
        for (start, end, index) in found {
            if start >= free_from {
                free_from = end;
                kept.push((normal.original(start..end), self.entries[index].value));
            }
        }
        kept
    }

    #[cfg(test)]
    pub(super) fn is_built(&self) -> bool {
        self.automaton.is_some()
    }

    /// Words that stand twice in the table.
    #[cfg(test)]
    pub(super) fn repeated(&self) -> Vec<&str> {
        let mut seen = std::collections::HashSet::new();
        self.entries
            .iter()
            .filter(|entry| !seen.insert((entry.word.to_ascii_lowercase(), entry.exact)))
            .map(|entry| entry.word.as_str())
            .collect()
    }
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

/// A text with its blanks and hyphens evened out, and where each byte came from.
struct Normal {
    text: String,
    /// For each byte of `text` the offset in the original where its character begins; one more for the end.
    starts: Vec<usize>,
    /// For each byte of `text` the offset in the original where its character ends.
    ends: Vec<usize>,
}

impl Normal {
    fn of(original: &str) -> Self {
        let mut normal = Self {
            text: String::with_capacity(original.len()),
            starts: Vec::with_capacity(original.len() + 1),
            ends: Vec::with_capacity(original.len()),
        };
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
            normal.text.push(written);
            for _ in 0..written.len_utf8() {
                normal.starts.push(start);
                normal.ends.push(end);
            }
            previous = written;
        }
        normal.starts.push(original.len());
        normal
    }

    /// The original range of a non-empty range of `text`.
    fn original(&self, range: Range<usize>) -> Range<usize> {
        self.starts[range.start]..self.ends[range.end - 1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(words: &[&str], text: &str) -> Vec<String> {
        let vocabulary = Vocabulary::new(words.iter().map(|word| ((*word).to_owned(), ())));
        assert!(vocabulary.is_built());
        vocabulary
            .find(text)
            .into_iter()
            .map(|(range, ())| text[range].to_owned())
            .collect()
    }

    #[test]
    fn words_are_whole_and_the_longest_wins() {
        assert_eq!(found(&["hip", "hip flexor"], "Hip flexor"), ["Hip flexor"]);
        // The longer word fails its boundary: the shorter one still counts.
        assert_eq!(found(&["hip", "hip flexor"], "hip flexors"), ["hip"]);
        assert!(found(&["hip"], "hips ship chip hip2").is_empty());
        assert!(found(&["hip"], "éhip").is_empty());
    }

    #[test]
    fn blanks_and_hyphens_are_even() {
        assert_eq!(
            found(&["soft tissue"], "soft-tissue, Soft  \n   tissue"),
            ["soft-tissue", "Soft  \n   tissue"]
        );
        assert!(found(&["soft tissue"], "soft\n\ntissue").is_empty());
        assert!(found(&["soft tissue"], "soft - tissue").is_empty());
        assert_eq!(found(&["st john's"], "St John’s"), ["St John’s"]);
    }

    #[test]
    fn capitals_count_where_asked() {
        assert_eq!(found(&["=US"], "told us US"), ["US"]);
    }

    #[test]
    fn odd_texts_do_no_harm() {
        for text in ["", " ", "-", "é", "\u{a0}\u{a0}", "\0hip\0", "®hip", "a-"] {
            found(&["hip", "a b"], text);
        }
    }
}
