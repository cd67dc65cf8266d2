//! Finds the words of a table in a text: any case, whole words, the longest first.
//!
//! In words and text alike, a run of spaces counts as one space (a paragraph break does not), and a
//! hyphen between letters as a space: `soft-tissue`, `soft tissue` and a wrapped line are the same.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::ops::Range;

use aho_corasick::AhoCorasick;

/// The words of a table, each with what it stands for.
pub(super) struct Vocabulary<T> {
    words: Vec<Word<T>>,
    /// Finds each of them by its place, in any case and within other words too.
    search: AhoCorasick,
}

struct Word<T> {
    text: String,
    /// The capitals must be these.
    exact: bool,
    value: T,
}

impl<T: Copy> Vocabulary<T> {
    /// Builds the vocabulary; a word that begins with `=` must be written in exactly those capitals.
    pub(super) fn new(words: impl IntoIterator<Item = (String, T)>) -> Self {
        let word = |(written, value): (String, T)| Word {
            text: Even::of(written.trim_start_matches('=')).text.into_owned(),
            exact: written.starts_with('='),
            value,
        };
        let words: Vec<Word<T>> = words.into_iter().map(word).collect();
        let small = words.iter().map(|word| word.text.to_ascii_lowercase());
        let search = AhoCorasick::new(small).unwrap_or_else(|error| unreachable!("{error}"));
        Self { words, search }
    }

    /// The words found with what they stand for, in order and without overlap; of two that begin
    /// together the longer one, and of two that are the same but for their capitals the first of the
    /// table.
    pub(super) fn find(&self, even: &Even<'_>) -> Vec<(Range<usize>, T)> {
        let hits = self.search.find_overlapping_iter(&even.small);
        let hits = hits.map(|hit| (hit.range(), hit.pattern().as_usize()));
        let mut hits: Vec<(Range<usize>, usize)> = hits
            .filter(|(range, index)| {
                let word = &self.words[*index];
                let as_written = !word.exact || even.text[range.clone()] == word.text;
                as_written && stands_alone(&even.text, range.clone())
            })
            .collect();
        hits.sort_unstable_by_key(|(range, index)| (range.start, Reverse(range.end), *index));
        let mut free_from = 0;
        hits.retain(|(range, _)| {
            let is_free = range.start >= free_from;
            if is_free {
                free_from = range.end;
            }
            is_free
        });
        let value = |(range, index): (_, usize)| (even.original(range), self.words[index].value);
        hits.into_iter().map(value).collect()
    }

    /// The words as they are looked for, and whether their capitals must be these.
    #[cfg(test)]
    pub(super) fn words(&self) -> impl Iterator<Item = (&str, bool)> {
        self.words.iter().map(|word| (&*word.text, word.exact))
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

/// Whether there is nothing to even out, as in most texts: plain letters and marks with single spaces, and no hyphen.
fn is_even(text: &str) -> bool {
    let before = std::iter::once(b'.').chain(text.bytes());
    before.zip(text.bytes()).all(|(before, byte)| match byte {
        b' ' => before != b' ',
        b'-' => false,
        _ => byte.is_ascii_graphic(),
    })
}

/// A text with its spaces and hyphens evened out.
pub(super) struct Even<'t> {
    /// The original itself where it is even already, as most texts are.
    text: Cow<'t, str>,
    /// `text` in small letters: with these alone the search is built sooner.
    small: String,
    /// Where the original goes on as it stands after something that was evened out: the offset in `text` and that
    /// in the original.
    resumed: Vec<(usize, usize)>,
}

impl<'t> Even<'t> {
    pub(super) fn of(original: &'t str) -> Self {
        if is_even(original) {
            return Self {
                small: original.to_ascii_lowercase(),
                text: Cow::Borrowed(original),
                resumed: Vec::new(),
            };
        }
        let mut text = String::new();
        let mut resumed = Vec::new();
        let mut copied = 0;
        let mut chars = original.char_indices().peekable();
        while let Some((start, found)) = chars.next() {
            let written = match found {
                '-' | '\u{2010}' | '\u{2011}' => {
                    let next = chars.peek().is_some_and(|(_, next)| next.is_alphanumeric());
                    let between = next && original[..start].ends_with(char::is_alphanumeric);
                    if between { ' ' } else { '-' }
                }
                '\u{2019}' => '\'',
                blank if blank.is_whitespace() => {
                    let mut breaks = usize::from(blank == '\n');
                    while let Some((_, blank)) = chars.next_if(|(_, next)| next.is_whitespace()) {
                        breaks += usize::from(blank == '\n');
                    }
                    if breaks > 1 { '\n' } else { ' ' }
                }
                _ => continue,
            };
            let end = chars.peek().map_or(original.len(), |(next, _)| *next);
            if original[start..end].chars().eq([written]) {
                continue;
            }
            text.push_str(&original[copied..start]);
            text.push(written);
            resumed.push((text.len(), end));
            copied = end;
        }
        text.push_str(&original[copied..]);
        Self {
            small: text.to_ascii_lowercase(),
            text: Cow::Owned(text),
            resumed,
        }
    }

    /// The original range of a range of `text`.
    fn original(&self, range: Range<usize>) -> Range<usize> {
        let offset = |at: usize| {
            let before = self.resumed.partition_point(|(resumed, _)| *resumed <= at);
            let last = before.checked_sub(1).map(|last| self.resumed[last]);
            last.map_or(at, |(resumed, original)| original + at - resumed)
        };
        offset(range.start)..offset(range.end)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn vocabulary<'w>(words: &[&'w str]) -> Vocabulary<&'w str> {
        Vocabulary::new(words.iter().map(|word| ((*word).to_owned(), *word)))
    }

    fn found<'t>(words: &[&str], text: &'t str) -> Vec<&'t str> {
        let found = vocabulary(words).find(&Even::of(text)).into_iter();
        found.map(|(range, _)| &text[range]).collect()
    }

    #[test]
    fn words_are_whole_and_the_longest_wins() {
        assert_eq!(found(&["hip", "hip flexor"], "Hip flexor"), ["Hip flexor"]);
        // The longer word fails its boundary: the shorter one still counts.
        assert_eq!(found(&["hip", "hip flexor"], "hip flexors"), ["hip"]);
        assert!(found(&["hip"], "hips ship chip hip2").is_empty());
        assert!(found(&["hip"], "éhip hipé").is_empty());
        assert_eq!(found(&["(r)", "r"], "x(R)y, r."), ["(R)", "r"]);
        assert_eq!(found(&["a b", "b c d"], "a b c d, b c d"), ["a b", "b c d"]);
    }

    #[test]
    fn blanks_and_hyphens_are_even() {
        assert_eq!(
            found(&["soft tissue"], "soft-tissue, Soft  \n   tissue"),
            ["soft-tissue", "Soft  \n   tissue"]
        );
        assert_eq!(
            found(&["soft-tissue"], "soft\u{a0}tissue soft\u{2011}tissue"),
            ["soft\u{a0}tissue", "soft\u{2011}tissue"]
        );
        assert!(found(&["soft tissue"], "soft\n\ntissue").is_empty());
        assert!(found(&["soft tissue"], "soft - tissue, soft--tissue").is_empty());
        assert_eq!(found(&["st john's"], "St John’s"), ["St John’s"]);
    }

    #[test]
    fn capitals_count_where_asked() {
        assert_eq!(found(&["=US"], "told us US"), ["US"]);
        let both = vocabulary(&["=PT", "pt"]);
        assert_eq!(
            both.find(&Even::of("PT, Pt")),
            [(0..2, "=PT"), (4..6, "pt")]
        );
        let both = vocabulary(&["pt", "=PT"]);
        assert_eq!(both.find(&Even::of("PT, Pt")), [(0..2, "pt"), (4..6, "pt")]);
    }

    proptest! {
        /// Whatever stands around them: what is found lies in the text, in order, and is one of the words
        /// again when it is read alone.
        #[test]
        fn what_is_found_is_a_word(
            pieces in prop::collection::vec(
                prop::sample::select(vec![
                    "hip", "hip flexor", "Flexor", "a-b", "a b", "r", "(r)", "st john’s", " ", "\n", "\n\n", "-",
                    "\u{2011}", "\u{a0}", "é", "®", "\0", ",", "s",
                ]),
                0..12,
            )
        ) {
            let text = pieces.concat();
            let words = vocabulary(&["hip", "hip flexor", "a b", "=r", "(r)", "®", "st john's"]);
            let mut free_from = 0;
            for (range, value) in words.find(&Even::of(&text)) {
                prop_assert!(free_from <= range.start && range.start < range.end);
                prop_assert!(stands_alone(&text, range.clone()));
                let here = &text[range.clone()];
                prop_assert_eq!(words.find(&Even::of(here)), [(0..here.len(), value)]);
                free_from = range.end;
            }
        }
    }
}
