//! A document: its text as a rope, its positions and edits, and its pieces of text, one for each visit.
//!
//! Invariants: every offset that leaves this module is a byte offset on a character boundary; the
//! pieces' texts, one after the other, are the document's text; a piece that an edit did not touch keeps
//! its very `Arc<str>`, which is how the analysis knows that it did not change.

pub mod bullet;
pub mod date;
pub mod headings;
pub mod labels;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use memchr::memchr2_iter;
use ropey::Rope;
use str_indices::{chars, utf16};

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

    /// Whether all of another span lies in this one.
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
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

/// A piece of a document that is judged by itself: what stands before the first visit heading, or one
/// visit.
#[derive(Clone, Debug)]
pub struct Piece {
    /// Byte offset in the document.
    pub start: usize,
    /// The line of the document that it begins, from 0. No line reaches over pieces.
    pub line: usize,
    /// The text, with its last line break.
    pub text: Arc<str>,
    /// Where its lines begin, in bytes of the text.
    lines: Arc<[usize]>,
}

impl Piece {
    /// Byte offset of its end in the document.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// The text of a note.
#[derive(Clone, Debug)]
pub struct Document {
    rope: Rope,
    pieces: Vec<Piece>,
}

impl Document {
    /// A document with this text.
    pub fn new(text: &str) -> Self {
        let mut document = Self {
            rope: Rope::from_str(text),
            pieces: Vec::new(),
        };
        document.pieces = document.divide(0, text);
        document
    }

    /// The pieces of the document, in order; together they are the whole text.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.rope.len_bytes()
    }

    /// How many lines there are, an empty one behind the last break included.
    pub fn line_count(&self) -> usize {
        self.rope.len_lines()
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The whole text, copied.
    pub fn text(&self) -> String {
        self.rope.to_string()
    }

    /// The text of a span, clamped to the document.
    pub fn slice(&self, span: Span) -> String {
        let end = self.boundary(span.end);
        let start = self.boundary(span.start).min(end);
        self.rope.byte_slice(start..end).to_string()
    }

    /// The byte offset of a position. A line past the end means the document's end, a character
    /// past the line's end means the line's end, and a character inside a surrogate pair or a
    /// multi-byte character means that character's start.
    pub fn offset(&self, position: Position, encoding: Encoding) -> usize {
        let Some(line) = self.rope.get_line(position.line) else {
            return self.len();
        };
        let count = line.len_chars();
        let is_break = |at: &usize| matches!(line.char(*at), '\n' | '\r');
        // The break has two characters at most.
        let breaks = (count.saturating_sub(2)..count).filter(is_break).count();
        let character = match encoding {
            Encoding::Utf8 => line.byte_to_char(position.character.min(line.len_bytes())),
            Encoding::Utf16 => line.utf16_cu_to_char(position.character.min(line.len_utf16_cu())),
            Encoding::Utf32 => position.character,
        };
        let within = line.char_to_byte(character.min(count - breaks));
        self.rope.line_to_byte(position.line) + within
    }

    /// The line, from 0, that a byte offset lies in; one past the end means the last line.
    pub fn line_of(&self, offset: usize) -> usize {
        self.rope.byte_to_line(offset.min(self.len()))
    }

    /// The position of a byte offset. An offset inside a character means the character's start;
    /// one past the end means the end.
    pub fn position(&self, offset: usize, encoding: Encoding) -> Position {
        let offset = offset.min(self.len());
        let last_before = |behind: usize| behind.saturating_sub(1);
        let piece = self.pieces.partition_point(|piece| piece.start <= offset);
        let piece = &self.pieces[last_before(piece)];
        let at = piece.text.floor_char_boundary(offset - piece.start);
        let line = last_before(piece.lines.partition_point(|start| *start <= at));
        Position {
            line: piece.line + line,
            character: units(&piece.text[piece.lines[line]..at], encoding),
        }
    }

    /// Replaces a span by a text. The span is clamped to the document. The pieces that the edit touches are divided
    /// anew, with the one before, because where a visit begins depends on that, and with those behind whose beginning
    /// depends on what became of them. A piece whose text is what it was keeps it.
    pub fn replace(&mut self, span: Span, text: &str) {
        let end = self.boundary(span.end);
        let start = self.boundary(span.start).min(end);
        let touched = self.pieces.partition_point(|piece| piece.end() < start);
        let first = touched.saturating_sub(1);
        let mut behind = self.pieces.partition_point(|piece| piece.start <= end);
        let at = self.rope.byte_to_char(start);
        self.rope.remove(at..self.rope.byte_to_char(end));
        self.rope.insert(at, text);

        let moved = |offset: usize| offset - (end - start) + text.len();
        let region_start = self.pieces.get(first).map_or(0, |piece| piece.start);
        let mut step = 1;
        let mut fresh = loop {
            let next = self.pieces.get(behind);
            let region_end = next.map_or(self.len(), |piece| moved(piece.end()));
            let words = self.rope.byte_slice(region_start..region_end).to_string();
            let mut fresh = self.divide(region_start, &words);
            let Some(next) = next else {
                break fresh;
            };
            // The next piece is to begin where it did.
            let begins = |piece: &Piece| piece.start == moved(next.start);
            if let Some(at) = fresh.iter().position(begins) {
                fresh.truncate(at);
                break fresh;
            }
            // Where each depends on the one before, going on by one would read all of them as often as there are pieces.
            behind = (behind + step).min(self.pieces.len());
            step *= 2;
        };
        // Of pieces with the same text the first is kept.
        let touched = self.pieces[first..behind].iter().rev();
        let touched: HashMap<&str, &Piece> = touched.map(|old| (&*old.text, old)).collect();
        for piece in &mut fresh {
            if let Some(same) = touched.get(&*piece.text) {
                piece.text = Arc::clone(&same.text);
                piece.lines = Arc::clone(&same.lines);
            }
        }
        for piece in &mut self.pieces[behind..] {
            piece.start = moved(piece.start);
            piece.line = self.rope.byte_to_line(piece.start);
        }
        self.pieces.splice(first..behind, fresh);
    }

    /// The pieces of a text that begins at an offset, at a line's start.
    fn divide(&self, offset: usize, text: &str) -> Vec<Piece> {
        let starts = std::iter::once(0).chain(headings::visits(text));
        let mut starts: Vec<usize> = starts.collect();
        starts.dedup();
        let ends = starts[1..].iter().copied().chain([text.len()]);
        let pieces = starts.iter().zip(ends).map(|(start, end)| Piece {
            start: offset + start,
            line: self.rope.byte_to_line(offset + start),
            text: text[*start..end].into(),
            lines: line_starts(&text[*start..end]).into(),
        });
        pieces.collect()
    }

    /// The start of the character that an offset lies in; of one past the end, the end.
    fn boundary(&self, offset: usize) -> usize {
        let offset = offset.min(self.len());
        self.rope.char_to_byte(self.rope.byte_to_char(offset))
    }
}

/// Where the lines of a text begin.
fn line_starts(text: &str) -> Vec<usize> {
    let breaks = memchr2_iter(b'\n', b'\r', text.as_bytes());
    let ends = breaks.filter(|at| !text[*at..].starts_with("\r\n"));
    std::iter::once(0).chain(ends.map(|at| at + 1)).collect()
}

/// How many characters a text has, as a client counts them.
fn units(text: &str, encoding: Encoding) -> usize {
    match encoding {
        Encoding::Utf8 => text.len(),
        Encoding::Utf16 => utf16::count(text),
        Encoding::Utf32 => chars::count(text),
    }
}

/// Whether a text begins with the heading of a visit.
pub fn begins_visit(text: &str) -> bool {
    headings::visits(text).first() == Some(&0)
}

/// The line break that a text uses.
pub fn line_break(text: &str) -> &'static str {
    if text.contains("\r\n") {
        "\r\n"
    } else if text.contains('\n') || !text.contains('\r') {
        "\n"
    } else {
        "\r"
    }
}

/// The end of the line that an offset lies in, behind its break.
pub fn line_end(text: &str, offset: usize) -> usize {
    let rest = &text[offset..];
    rest.find(['\n', '\r']).map_or(text.len(), |at| {
        let length = if rest[at..].starts_with("\r\n") { 2 } else { 1 };
        offset + at + length
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(document: &Document) -> Vec<String> {
        let pieces = document.pieces().iter();
        pieces.map(|piece| piece.text.to_string()).collect()
    }

    #[test]
    fn a_visit_heading_begins_a_piece() {
        let document = Document::new("payer: x\nvisit: 2026-01-01\nS: a\nDOS: 1/2/26\r\nb");
        assert_eq!(
            texts(&document),
            [
                "payer: x\n",
                "visit: 2026-01-01\nS: a\n",
                "DOS: 1/2/26\r\nb"
            ]
        );
        assert!(!document.is_empty());
        assert!(Document::new("").is_empty());
    }

    /// Where each page has two dates, the first day decides which of them are headings down to the end.
    #[test]
    fn an_edit_may_move_every_heading() {
        let pages =
            "Date: 1/2/26\nDate: 1/3/26\nS: a\nDate: 1/3/26\nDate: 1/2/26\nS: a\n".repeat(9);
        let before = format!("Date: 1/2/26\nS: a\n{pages}");
        let mut document = Document::new(&before);
        document.replace(Span::new(8, 9), "3");
        let fresh = Document::new(&before.replacen("1/2", "1/3", 1));
        assert_eq!(document.pieces().len(), 19);
        assert_eq!(texts(&document), texts(&fresh));
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

    /// The rope has many chunks here, and lines that reach over them.
    #[test]
    fn positions_in_a_long_text() {
        let long = "é😀".repeat(300);
        let text = format!("visit: 2026-01-02\r\n{long}\nx\ry\r\n").repeat(9) + &long;
        let document = Document::new(&text);
        let (mut line, mut start) = (0, 0);
        for (at, char) in text.char_indices() {
            if at % 7 < 2 {
                let before = &text[start..at];
                for (encoding, character) in [
                    (Encoding::Utf8, before.len()),
                    (Encoding::Utf16, before.encode_utf16().count()),
                    (Encoding::Utf32, before.chars().count()),
                ] {
                    let position = Position { line, character };
                    assert_eq!(document.position(at, encoding), position);
                    let place = document.offset(position, encoding);
                    // Between \r and \n there is no position of its own.
                    assert!(place == at || char == '\n' && place + 1 == at);
                }
            }
            if char == '\n' || char == '\r' && !text[at + 1..].starts_with('\n') {
                (line, start) = (line + 1, at + 1);
            }
        }
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
                "\nDate: 1/2/26\n",
                "\nDate: 1/3/26\nS: a\n",
                "DOS: 1/2/26\n",
                "signed: x\n",
            ]),
            0..16,
        )
        .prop_map(|pieces| pieces.concat())
    }

    fn lines() -> impl Strategy<Value = String> {
        let line = prop::sample::select(vec![
            "visit: 2\n",
            "dos: \n",
            "y\n",
            "visit: 1\n",
            "z",
            "Date: 1/2/26\n",
            "S: a\n",
            "signed: x\n",
        ]);
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
                let places = |d: &Document| {
                    let pieces = d.pieces().iter();
                    pieces.map(|piece| (piece.start, piece.line)).collect::<Vec<_>>()
                };
                prop_assert_eq!(places(&document), places(&fresh));
            }
        }

        /// Pieces come, go and join; those that an edit did not touch stay the very same.
        #[test]
        fn many_pieces_equal_a_fresh_document(
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
                for (found, piece) in document.pieces().iter().zip(fresh.pieces()) {
                    prop_assert_eq!((found.start, found.line), (piece.start, piece.line));
                }
                // The one before may be joined by a heading that is none any more.
                let untouched = before.pieces().iter().filter(|old| old.end() < start);
                for old in untouched.rev().skip(1) {
                    let mut kept = document.pieces().iter();
                    prop_assert!(kept.any(|piece| Arc::ptr_eq(&piece.text, &old.text)));
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
            proptest::prop_assert_eq!(document.line_of(boundary), ends.len());
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
