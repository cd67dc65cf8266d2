//! A document: its text as a rope, its positions and edits, and its division into visits.
//!
//! Invariants: every offset that leaves this module is a byte offset on a character boundary; the
//! segments' texts, one after the other, are the document's text; a segment that an edit did not
//! touch keeps its very `Arc<str>`, which is how the analysis knows that it did not change.

mod difference;
mod segments;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use ropey::Rope;

pub use difference::Difference;
use segments::Text;
pub use segments::{Chunk, Segment, Segments};

/// A range of bytes, `start` inclusive and `end` exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The span from `start` to `end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The empty span at `at`.
    pub const fn at(at: usize) -> Self {
        Self { start: at, end: at }
    }

    /// The same span, `by` bytes further on.
    #[must_use]
    pub const fn shifted(self, by: usize) -> Self {
        Self {
            start: self.start + by,
            end: self.end + by,
        }
    }

    /// Length in bytes.
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether the span holds no byte.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether the offset lies in the span or at its end.
    pub const fn touches(self, offset: usize) -> bool {
        self.start <= offset && offset <= self.end
    }

    /// Whether the two spans share a byte or touch.
    pub const fn meets(self, other: Self) -> bool {
        self.start <= other.end && other.start <= self.end
    }

    /// The span as a range, for slicing.
    pub const fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

/// How a client counts the characters of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units: what the protocol means when nothing was agreed.
    #[default]
    Utf16,
    /// Unicode scalar values.
    Utf32,
}

/// A place as a client names it: line and character from 0, the character in the units of an
/// [`Encoding`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Position {
    /// Line, from 0. Lines end at `\n`, `\r\n` and `\r`, and nothing else.
    pub line: usize,
    /// Units from the line's start.
    pub character: usize,
}

/// The text of a note.
#[derive(Clone, Debug)]
pub struct Document {
    rope: Rope,
    segments: Arc<Segments>,
}

impl Document {
    /// A document with this text.
    pub fn new(text: &str) -> Self {
        Self {
            rope: Rope::from_str(text),
            segments: Arc::new(Segments::of(&split(text))),
        }
    }

    /// The parts of the document, in order; together they are the whole text.
    pub fn segments(&self) -> &Arc<Segments> {
        &self.segments
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.rope.len_bytes()
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The whole text, copied.
    pub fn text(&self) -> String {
        self.rope.to_string()
    }

    /// The text of a span, which may reach over several segments; clamped to the document.
    pub fn slice(&self, span: Span) -> String {
        let end = span.end.min(self.len());
        self.rope.byte_slice(span.start.min(end)..end).to_string()
    }

    /// The byte offset of a position. A line past the end means the document's end, a character
    /// past the line's end means the line's end, and a character inside a surrogate pair or a
    /// multi-byte character means that character's start.
    pub fn offset(&self, position: Position, encoding: Encoding) -> usize {
        if position.line >= self.rope.len_lines() {
            return self.len();
        }
        let start_char = self.rope.line_to_char(position.line);
        let line = self.rope.line(position.line);
        let visible = visible_chars(line);
        let within = match encoding {
            Encoding::Utf32 => position.character.min(visible),
            Encoding::Utf8 => {
                let bytes = position.character.min(line.len_bytes());
                line.byte_to_char(bytes).min(visible)
            }
            Encoding::Utf16 => {
                let units = position.character.min(line.len_utf16_cu());
                line.utf16_cu_to_char(units).min(visible)
            }
        };
        self.rope.char_to_byte(start_char + within)
    }

    /// The line, from 0, that a byte offset lies in; one past the end means the last line.
    pub fn line_of(&self, offset: usize) -> usize {
        self.rope.byte_to_line(offset.min(self.len()))
    }

    /// The position of a byte offset. An offset inside a character means the character's start;
    /// one past the end means the end.
    pub fn position(&self, offset: usize, encoding: Encoding) -> Position {
        // Counting is faster than asking the rope, but not in a whole chart pasted as one visit or line.
        const LONG: usize = if cfg!(test) { 8 } else { 1 << 10 };
        const LONG_VISIT: usize = if cfg!(test) { 24 } else { 1 << 13 };
        let offset = offset.min(self.len());
        let index = self.segments.at(offset);
        let Some(segment) = index.and_then(|index| self.segments.get(index)) else {
            return Position::default();
        };
        let within = offset - segment.start;
        let within = (0..=within)
            .rev()
            .find(|at| segment.text.is_char_boundary(*at))
            .unwrap_or(0);
        let end = segment.start + within;
        let (line, start) = if segment.text.len() > LONG_VISIT {
            let line = self.rope.byte_to_line(end);
            (line, self.rope.line_to_byte(line))
        } else {
            let (lines, start) = lines_before(segment.text, within);
            (segment.line + lines, segment.start + start)
        };
        let character = if end - start > LONG {
            let (from, to) = (self.rope.byte_to_char(start), self.rope.byte_to_char(end));
            match encoding {
                Encoding::Utf32 => to - from,
                Encoding::Utf8 => end - start,
                Encoding::Utf16 => {
                    self.rope.char_to_utf16_cu(to) - self.rope.char_to_utf16_cu(from)
                }
            }
        } else {
            // No line reaches over segments.
            let before = start.saturating_sub(segment.start)..within;
            let before = segment.text.get(before).unwrap_or_default();
            match encoding {
                _ if before.is_ascii() => before.len(),
                Encoding::Utf32 => before.chars().count(),
                Encoding::Utf8 => before.len(),
                Encoding::Utf16 => before.chars().map(char::len_utf16).sum(),
            }
        };
        Position { line, character }
    }

    /// Replaces a span by a text. The span is clamped to the document; only the segments that the
    /// edit touches are divided anew.
    pub fn replace(&mut self, span: Span, text: &str) {
        let start = span.start.min(self.len());
        let end = span.end.clamp(start, self.len());
        let (from, to) = (self.rope.byte_to_char(start), self.rope.byte_to_char(end));
        let (start, end) = (self.rope.char_to_byte(from), self.rope.char_to_byte(to));
        self.rope.remove(from..to);
        self.rope.insert(from, text);
        self.divide_again(Span::new(start, end), text);
    }

    /// Restores the segments after the bytes of `old` gave way to `new`.
    fn divide_again(&mut self, old: Span, new: &str) {
        let segments = &self.segments;
        // An edit at a segment's very start may join it to the one before.
        let mut first = segments.ending_at(old.start).unwrap_or_default();
        let last = segments.at(old.end).unwrap_or_default().max(first);
        let (Some(head), Some(tail)) = (segments.get(first), segments.get(last)) else {
            return;
        };
        let head = &head.text[..old.start - head.start];
        let tail = &tail.text[old.end - tail.start..];
        let mut region = [head, new, tail].concat();
        // A heading that is no heading any more belongs to the visit before it.
        if first > 0 && !begins_visit(region.as_bytes()) {
            first -= 1;
            let before = segments.get(first).map_or("", |s| s.text);
            region.insert_str(0, before);
        }
        let mut fresh = split(&region);
        let before = (first..=last).filter_map(|index| segments.get(index));
        take_over(before.map(|s| s.text), &mut fresh);
        Arc::make_mut(&mut self.segments).splice(first..last + 1, fresh);
        debug_assert_eq!(self.segments.end(), self.len());
    }
}

/// Puts the very texts from before an edit in the place of their equals.
fn take_over<'a>(before: impl Iterator<Item = &'a Arc<str>>, fresh: &mut [Text]) {
    // What is typed touches one segment or two; only what is pasted or cut may touch many.
    let mut known: Vec<&Arc<str>> = before.collect();
    if known.len().min(fresh.len()) <= 4 {
        for Text { text, .. } in fresh {
            if let Some(same) = known.iter().find(|known| **known == text) {
                *text = Arc::clone(same);
            }
        }
        return;
    }
    known.reverse();
    let known: HashMap<&str, &Arc<str>> = known.into_iter().map(|text| (&**text, text)).collect();
    for Text { text, .. } in fresh {
        if let Some(same) = known.get(&**text) {
            *text = Arc::clone(same);
        }
    }
}

/// How often a byte occurs. Sums of single bytes are made for many of them at once.
fn count(bytes: &[u8], byte: u8) -> usize {
    let most = usize::from(u8::MAX);
    let sum = |some: &[u8]| some.iter().map(|b| u8::from(*b == byte)).sum::<u8>();
    bytes.chunks(most).map(|some| usize::from(sum(some))).sum()
}

/// How many lines of a text end at or before an offset, and where the line of the offset begins.
fn lines_before(text: &str, offset: usize) -> (usize, usize) {
    let bytes = text.as_bytes();
    let before = &bytes[..offset];
    if count(before, b'\r') == 0 {
        let start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
        return (count(before, b'\n'), start);
    }
    let ends = (1..=offset).filter(|end| match bytes[end - 1] {
        b'\n' => true,
        // A \r\n ends its line behind the \n.
        b'\r' => bytes.get(*end) != Some(&b'\n'),
        _ => false,
    });
    ends.fold((0, 0), |(lines, _), end| (lines + 1, end))
}

/// The characters of a line without its line break.
fn visible_chars(line: ropey::RopeSlice<'_>) -> usize {
    let mut count = line.len_chars();
    if count > 0 && line.char(count - 1) == '\n' {
        count -= 1;
    }
    if count > 0 && line.char(count - 1) == '\r' {
        count -= 1;
    }
    count
}

/// Divides a text that begins at a line's start into segments, one for each visit heading, and one
/// for what stands before the first of them.
fn split(text: &str) -> Vec<Text> {
    let mut texts = Vec::new();
    let bytes = text.as_bytes();
    // To look for one byte is several times faster than to look for one of two.
    let only_line_feeds = !bytes.contains(&b'\r');
    let next_break = |from: usize| {
        let ahead = if only_line_feeds {
            text[from..].find('\n')
        } else {
            let is_break = |b: &u8| matches!(b, b'\n' | b'\r');
            bytes[from..].iter().position(is_break)
        };
        ahead.map(|ahead| from + ahead)
    };
    let (mut start, mut line_start, mut breaks) = (0, 0, 0);
    while line_start < bytes.len() {
        if line_start > start && begins_visit(&bytes[line_start..]) {
            let text = Arc::from(&text[start..line_start]);
            texts.push(Text { breaks, text });
            (start, breaks) = (line_start, 0);
        }
        let Some(at) = next_break(line_start) else {
            break;
        };
        let crlf = bytes[at..].starts_with(b"\r\n");
        line_start = at + if crlf { 2 } else { 1 };
        breaks += 1;
    }
    let text = Arc::from(&text[start..]);
    texts.push(Text { breaks, text });
    texts
}

/// Whether a line begins with one of the words that begin a visit, in any case, and a colon. It is
/// the grammar's `visit_key`; a test holds the two against each other.
pub fn begins_visit(line: &[u8]) -> bool {
    const KEYS: [&[&[u8]]; 3] = [&[b"visit"], &[b"dos"], &[b"date", b"of", b"service"]];
    if !matches!(line.first(), Some(b'v' | b'V' | b'd' | b'D')) {
        return false;
    }
    KEYS.iter().any(|words| {
        let mut rest = line;
        for (index, word) in words.iter().enumerate() {
            if index > 0 {
                let blanks = rest
                    .iter()
                    .take_while(|b| matches!(b, b' ' | b'\t'))
                    .count();
                if blanks == 0 {
                    return false;
                }
                rest = &rest[blanks..];
            }
            if rest.len() < word.len() || !rest[..word.len()].eq_ignore_ascii_case(word) {
                return false;
            }
            rest = &rest[word.len()..];
        }
        rest.first() == Some(&b':')
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(document: &Document) -> Vec<String> {
        document
            .segments()
            .iter()
            .map(|s| s.text.to_string())
            .collect()
    }

    #[test]
    fn a_visit_heading_begins_a_segment() {
        let document = Document::new("payer: x\nvisit: 2026-01-01\nS: a\nDOS: 1/2/26\r\nb");
        assert_eq!(
            texts(&document),
            [
                "payer: x\n",
                "visit: 2026-01-01\nS: a\n",
                "DOS: 1/2/26\r\nb"
            ]
        );
    }

    #[test]
    fn positions_are_clamped() {
        let document = Document::new("a\u{1F600}b\r\nc");
        let at = |line, character| document.offset(Position { line, character }, Encoding::Utf16);
        assert_eq!(at(0, 1), 1);
        assert_eq!(at(0, 2), 1, "inside the surrogate pair");
        assert_eq!(at(0, 3), 5);
        assert_eq!(at(0, 99), 6, "the end of the line, before its break");
        assert_eq!(at(1, 99), 9);
        assert_eq!(at(9, 0), 9);
    }

    #[test]
    fn only_the_line_breaks_of_the_protocol_count() {
        let document = Document::new("a\u{2028}b\u{0B}c\u{0C}d\u{85}e\rf\ng\r\nh");
        assert_eq!(document.position(document.len(), Encoding::Utf16).line, 3);
    }

    fn pieces() -> impl Strategy<Value = String> {
        prop::collection::vec(
            prop::sample::select(vec![
                "visit:",
                "vis",
                "it: 2026-01-02",
                "dos: ",
                "date of service:",
                "\n",
                "\r",
                "\r\n",
                " ",
                "é",
                "\u{1F600}",
                "97140",
                "S:",
                "x",
            ]),
            0..12,
        )
        .prop_map(|pieces| pieces.concat())
    }

    fn lines() -> impl Strategy<Value = String> {
        let line = prop::sample::select(vec!["visit: 2\n", "dos: \n", "y\n", "visit: 1\n", "z"]);
        prop::collection::vec(line, 0..9).prop_map(|lines| lines.concat())
    }

    proptest! {
        #[test]
        fn edits_equal_a_fresh_document(
            text in pieces(),
            edits in prop::collection::vec((0usize..80, 0usize..20, pieces()), 1..6),
        ) {
            let mut document = Document::new(&text);
            let mut model = text;
            for (start, len, insert) in edits {
                let mut from = start.min(model.len());
                while !model.is_char_boundary(from) { from -= 1; }
                let mut to = (from + len).min(model.len());
                while !model.is_char_boundary(to) { to -= 1; }
                let to = to.max(from);
                model.replace_range(from..to, &insert);
                document.replace(Span::new(from, to), &insert);
                let fresh = Document::new(&model);
                prop_assert_eq!(document.text(), model.clone());
                prop_assert_eq!(texts(&document), texts(&fresh));
                let starts = |d: &Document| d.segments().iter().map(|s| s.start).collect::<Vec<_>>();
                prop_assert_eq!(starts(&document), starts(&fresh));
            }
        }

        /// Segments come, go and join at all borders of the chunks that they are shared in.
        #[test]
        fn many_segments_equal_a_fresh_document(
            visits in 0usize..24,
            edits in prop::collection::vec((0usize..24, 0usize..9, lines(), 0usize..3), 1..6),
        ) {
            let mut model = "x\n".to_owned() + &"visit: 1\n".repeat(visits);
            let mut document = Document::new(&model);
            for (line, removed, insert, beside) in edits {
                let before = document.clone();
                let start = (2 + line * 9 + beside).min(model.len());
                let end = (start + removed * 9 - removed.min(beside)).min(model.len());
                model.replace_range(start..end, &insert);
                document.replace(Span::new(start, end), &insert);
                let fresh = Document::new(&model);
                prop_assert_eq!(texts(&document), texts(&fresh));
                let (segments, expected) = (document.segments(), fresh.segments());
                prop_assert_eq!(segments.len(), expected.len());
                prop_assert_eq!(segments.end(), model.len());
                for (index, segment) in expected.iter().enumerate() {
                    let found = segments.get(index).unwrap();
                    prop_assert_eq!(found.start, segment.start);
                    prop_assert_eq!(found.line, segment.line);
                    let line = document.rope.byte_to_line(segment.start);
                    prop_assert_eq!(found.line, line);
                    prop_assert_eq!(segments.at(segment.start), expected.at(segment.start));
                    prop_assert_eq!(segments.at(segment.end()), expected.at(segment.end()));
                    prop_assert_eq!(
                        segments.ending_at(segment.end()),
                        expected.ending_at(segment.end())
                    );
                }
                prop_assert!(segments.get(expected.len()).is_none());
                let mut first = 0;
                for chunk in segments.chunks() {
                    prop_assert!(!chunk.is_empty());
                    prop_assert_eq!(chunk.first(), first);
                    first += chunk.len();
                }
                // The copy that was made before knows nothing of it.
                prop_assert_eq!(texts(&before).concat(), before.text());
            }
        }

        #[test]
        fn positions_count_what_stands_before(text in pieces(), at in 0usize..70) {
            let document = Document::new(&text);
            let mut boundary = at.min(text.len());
            while !text.is_char_boundary(boundary) { boundary -= 1; }
            // A \r\n ends its line behind the \n.
            let breaks = text.char_indices().filter(|(at, c)| match c {
                '\n' => true,
                '\r' => !text[at + 1..].starts_with('\n'),
                _ => false,
            });
            let ends: Vec<usize> = breaks.map(|(at, _)| at + 1).filter(|e| *e <= boundary).collect();
            let line = &text[ends.last().copied().unwrap_or(0)..boundary];
            for (encoding, character) in [
                (Encoding::Utf8, line.len()),
                (Encoding::Utf16, line.encode_utf16().count()),
                (Encoding::Utf32, line.chars().count()),
            ] {
                let position = Position { line: ends.len(), character };
                prop_assert_eq!(document.position(at, encoding), position);
            }
        }

        #[test]
        fn positions_go_there_and_back(text in pieces(), at in 0usize..60) {
            let document = Document::new(&text);
            let mut at = at.min(text.len());
            while !text.is_char_boundary(at) { at -= 1; }
            // Between \r and \n there is no position of its own.
            if text[..at].ends_with('\r') && text[at..].starts_with('\n') { at -= 1; }
            for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
                let position = document.position(at, encoding);
                prop_assert_eq!(document.offset(position, encoding), at);
            }
        }
    }
}
