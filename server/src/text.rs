//! A document: its text, its positions and edits, and its division into visits.
//!
//! Invariants: every offset that leaves this module is a byte offset on a character boundary; the
//! segments' texts, one after the other, are the document's text; a segment that an edit did not
//! touch keeps its very `Arc<str>`, which is how the analysis knows that it did not change.

mod difference;
mod lines;
mod segments;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

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
    segments: Arc<Segments>,
}

impl Document {
    /// A document with this text.
    pub fn new(text: &str) -> Self {
        Self {
            segments: Arc::new(Segments::of(&split(text))),
        }
    }

    /// The parts of the document, in order; together they are the whole text.
    pub fn segments(&self) -> &Arc<Segments> {
        &self.segments
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.segments.end()
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The whole text, copied.
    pub fn text(&self) -> String {
        self.slice(Span::new(0, self.len()))
    }

    /// The text of a span, which may reach over several segments; clamped to the document.
    pub fn slice(&self, span: Span) -> String {
        let end = span.end.min(self.len());
        let start = span.start.min(end);
        let mut text = String::with_capacity(end - start);
        let first = self.segments.at(start).unwrap_or_default();
        let segments = (first..).map_while(|index| self.segments.get(index));
        for segment in segments.take_while(|s| s.start <= end) {
            let from = start.saturating_sub(segment.start);
            let to = segment.text.len().min(end - segment.start);
            text.push_str(&segment.text[from..to]);
        }
        text
    }

    /// The byte offset of a position. A line past the end means the document's end, a character
    /// past the line's end means the line's end, and a character inside a surrogate pair or a
    /// multi-byte character means that character's start.
    pub fn offset(&self, position: Position, encoding: Encoding) -> usize {
        let Some(segment) = self.segments.of_line(position.line) else {
            return self.len();
        };
        let (text, rope) = (segment.text, segment.rope);
        let start = lines::line_start(text, rope, position.line - segment.line);
        segment.start + lines::character(text, rope, start, position.character, encoding)
    }

    /// The line, from 0, that a byte offset lies in; one past the end means the last line.
    pub fn line_of(&self, offset: usize) -> usize {
        let offset = offset.min(self.len());
        self.segment_at(offset).map_or(0, |segment| {
            segment.line + lines::before(segment.text, segment.rope, offset - segment.start).0
        })
    }

    /// The position of a byte offset. An offset inside a character means the character's start;
    /// one past the end means the end.
    pub fn position(&self, offset: usize, encoding: Encoding) -> Position {
        let offset = self.boundary(offset);
        let Some(segment) = self.segment_at(offset) else {
            return Position::default();
        };
        let within = offset - segment.start;
        let (text, rope) = (segment.text, segment.rope);
        let (lines, start) = lines::before(text, rope, within);
        Position {
            line: segment.line + lines,
            // No line reaches over segments.
            character: lines::length(text, rope, start, within, encoding),
        }
    }

    /// Replaces a span by a text. The span is clamped to the document; only the segments that the
    /// edit touches are divided anew.
    pub fn replace(&mut self, span: Span, text: &str) {
        let start = span.start.min(self.len());
        let old = Span::new(self.boundary(start), self.boundary(span.end.max(start)));
        if let Some((index, text)) = self.within_a_line(old, text) {
            Arc::make_mut(&mut self.segments).replace(index, &text);
        } else {
            self.divide_again(old, text);
        }
    }

    /// The last segment that starts at or before an offset.
    fn segment_at(&self, offset: usize) -> Option<Segment<'_>> {
        self.segments.get(self.segments.at(offset)?)
    }

    /// The start of the character that an offset lies in; of one past the end, the end.
    fn boundary(&self, offset: usize) -> usize {
        let offset = offset.min(self.len());
        self.segment_at(offset).map_or(offset, |segment| {
            segment.start + segment.text.floor_char_boundary(offset - segment.start)
        })
    }

    /// What is typed nearly always lies in one line, and the line neither begins to be a visit's
    /// heading by it nor ceases to be one. Then this is the new text of the segment with this index, and
    /// no other segment and no line is touched.
    fn within_a_line(&self, old: Span, new: &str) -> Option<(usize, Arc<str>)> {
        let segments = &self.segments;
        let index = segments.ending_at(old.start)?;
        if segments.at(old.end)? != index {
            return None;
        }
        let segment = segments.get(index)?;
        let (head, rest) = segment.text.split_at(old.start - segment.start);
        let (gone, tail) = rest.split_at(old.len());
        if gone == new {
            return Some((index, Arc::clone(segment.text)));
        }
        let is_break = |byte: u8| matches!(byte, b'\n' | b'\r');
        // Beside a \r, a \r\n may come or go.
        if head.ends_with('\r') || gone.bytes().chain(new.bytes()).any(is_break) {
            return None;
        }
        let line = head.bytes().rposition(is_break).map_or(0, |at| at + 1);
        let text = [head, new, tail].concat();
        let heads = begins_visit(&text.as_bytes()[line..]);
        let holds = if line == 0 {
            index == 0 || heads
        } else {
            !heads
        };
        holds.then(|| (index, text.into()))
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
        for Text { content, .. } in fresh {
            if let Some(same) = known.iter().find(|known| **known == content) {
                *content = Arc::clone(same);
            }
        }
        return;
    }
    known.reverse();
    let known: HashMap<&str, &Arc<str>> = known.into_iter().map(|text| (&**text, text)).collect();
    for Text { content, .. } in fresh {
        if let Some(same) = known.get(&**content) {
            *content = Arc::clone(same);
        }
    }
}

/// Divides a text that begins at a line's start into segments, one for each visit heading, and one
/// for what stands before the first of them.
fn split(text: &str) -> Vec<Text> {
    let mut texts = Vec::new();
    let bytes = text.as_bytes();
    let (mut start, mut line_start, mut breaks) = (0, 0, 0);
    for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
        // The \n of a \r\n.
        if at < line_start {
            continue;
        }
        let crlf = bytes[at..].starts_with(b"\r\n");
        line_start = at + if crlf { 2 } else { 1 };
        breaks += 1;
        if begins_visit(&bytes[line_start..]) {
            texts.push(Text::new(&text[start..line_start], breaks));
            (start, breaks) = (line_start, 0);
        }
    }
    texts.push(Text::new(&text[start..], breaks));
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
    use ropey::Rope;

    use super::*;
    use proptest::prelude::*;

    /// What [`Document::offset`] says, character by character of the rope's line.
    fn offset_in(rope: &Rope, position: Position, encoding: Encoding) -> usize {
        let Some(line) = rope.get_line(position.line) else {
            return rope.len_bytes();
        };
        let (mut at, mut units) = (rope.line_to_byte(position.line), 0);
        for char in line.chars() {
            units += match encoding {
                Encoding::Utf8 => char.len_utf8(),
                Encoding::Utf16 => char.len_utf16(),
                Encoding::Utf32 => 1,
            };
            if units > position.character || matches!(char, '\n' | '\r') {
                break;
            }
            at += char.len_utf8();
        }
        at
    }

    /// Whether a document says of all places what a rope of its text says.
    fn check_places(document: &Document) -> Result<(), TestCaseError> {
        let text = document.text();
        let rope = Rope::from_str(&text);
        prop_assert_eq!(document.len(), rope.len_bytes());
        for offset in 0..=text.len() + 1 {
            let line = rope.byte_to_line(offset.min(text.len()));
            prop_assert_eq!(document.line_of(offset), line);
            let char = rope.byte_to_char(offset.min(text.len()));
            let start = rope.line_to_char(line);
            let units = |char| rope.char_to_utf16_cu(char);
            let bytes = |char| rope.char_to_byte(char);
            for (encoding, character) in [
                (Encoding::Utf8, bytes(char) - bytes(start)),
                (Encoding::Utf16, units(char) - units(start)),
                (Encoding::Utf32, char - start),
            ] {
                let position = Position { line, character };
                prop_assert_eq!(document.position(offset, encoding), position);
            }
        }
        for line in 0..rope.len_lines() + 2 {
            let most = rope.get_line(line).map_or(0, |line| line.len_bytes());
            for character in 0..most + 2 {
                let position = Position { line, character };
                for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
                    prop_assert_eq!(
                        document.offset(position, encoding),
                        offset_in(&rope, position, encoding),
                        "{:?} {:?} {:?}",
                        text,
                        position,
                        encoding
                    );
                }
            }
        }
        Ok(())
    }

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
            check_places(&document)?;
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
                let rope = Rope::from_str(&model);
                let (segments, expected) = (document.segments(), fresh.segments());
                prop_assert_eq!(segments.len(), expected.len());
                prop_assert_eq!(segments.end(), model.len());
                for (index, segment) in expected.iter().enumerate() {
                    let found = segments.get(index).unwrap();
                    prop_assert_eq!(found.start, segment.start);
                    prop_assert_eq!(found.line, segment.line);
                    let line = rope.byte_to_line(segment.start);
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
