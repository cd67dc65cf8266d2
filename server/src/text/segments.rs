//! The segments of a document, shared in chunks: a chart of a thousand visits is copied at each
//! keystroke, to be judged beside the editing, and what a copy and an edit cost must not grow with it.
//!
//! Invariants: no chunk is empty; each begins where the one before ends; a chunk that an edit did not
//! touch stays the very same in memory, wherever in the document it moves.

use std::ops::Range;
use std::sync::Arc;

use ropey::Rope;

use super::Span;
use super::lines;

/// Most segments of a chunk. In the tests charts are small, and borders of chunks are to be everywhere.
const MOST: usize = if cfg!(test) { 3 } else { 16 };
/// A chunk that has become smaller is joined to the next one, else there would be ever more.
const FEWEST: usize = if cfg!(test) { 2 } else { 4 };

/// A part of a document that is judged by itself: what stands before the first visit heading, or
/// one visit.
#[derive(Clone, Copy, Debug)]
pub struct Segment<'d> {
    /// Byte offset in the document.
    pub start: usize,
    /// The line of the document that it begins, from 0. No line reaches over segments.
    pub line: usize,
    /// The text, with its last line break.
    pub text: &'d Arc<str>,
    pub(super) rope: Option<&'d Rope>,
}

impl Segment<'_> {
    /// Byte offset of the segment's end in the document.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// The segments of a document, in order; together they are the whole text.
#[derive(Clone, Debug, Default)]
pub struct Segments {
    chunks: Vec<Chunk>,
}

/// Neighbouring segments, at a place of the document.
#[derive(Clone, Debug)]
pub struct Chunk {
    /// Byte offset in the document.
    start: usize,
    /// The line of the document that it begins.
    line: usize,
    /// How many segments stand before it.
    first: usize,
    texts: Arc<[Placed]>,
}

/// A text at its place in a chunk.
#[derive(Debug)]
struct Placed {
    /// Its end, in bytes from the chunk's start.
    end: usize,
    /// The line that begins there, counted from the chunk's first.
    line: usize,
    text: Arc<str>,
    rope: Option<Rope>,
}

/// A text with the number of its line breaks.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub content: Arc<str>,
    breaks: usize,
    rope: Option<Rope>,
}

impl Text {
    pub fn new(text: &str, breaks: usize) -> Self {
        Self {
            rope: lines::rope(text),
            content: text.into(),
            breaks,
        }
    }
}

impl Chunk {
    /// How many segments stand before it.
    pub fn first(&self) -> usize {
        self.first
    }

    /// The line of the document that it begins.
    pub fn line(&self) -> usize {
        self.line
    }

    /// How many segments it has.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether the other chunk has the very same segments, perhaps at another place.
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.texts, &other.texts)
    }

    /// Whether it has none, which no chunk of a document does.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// The segments.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Segment<'_>> + ExactSizeIterator {
        (0..self.texts.len()).map(|index| self.segment(index))
    }

    /// One of the segments.
    pub fn segment(&self, index: usize) -> Segment<'_> {
        let before = index.checked_sub(1).map(|before| &self.texts[before]);
        Segment {
            start: self.start + before.map_or(0, |b| b.end),
            line: self.line + before.map_or(0, |b| b.line),
            text: &self.texts[index].text,
            rope: self.texts[index].rope.as_ref(),
        }
    }

    /// Where in the document one of the segments is; its text is not looked at.
    pub fn span_of(&self, index: usize) -> Span {
        let before = index.checked_sub(1).map_or(0, |b| self.texts[b].end);
        Span::new(before, self.texts[index].end).shifted(self.start)
    }

    /// Where in the document it is.
    pub fn span(&self) -> Span {
        Span::new(self.start, self.end())
    }

    fn end(&self) -> usize {
        self.start + self.texts.last().map_or(0, |last| last.end)
    }

    fn line_behind(&self) -> usize {
        self.line + self.texts.last().map_or(0, |last| last.line)
    }

    /// Some of the texts.
    fn texts(&self, range: Range<usize>) -> impl Iterator<Item = Text> {
        let mut line = self.segment(range.start).line - self.line;
        self.texts[range].iter().map(move |placed| Text {
            breaks: placed.line - std::mem::replace(&mut line, placed.line),
            content: Arc::clone(&placed.text),
            rope: placed.rope.clone(),
        })
    }

    /// How many of the segments start at or before an offset.
    fn count_to(&self, offset: usize) -> usize {
        match offset.checked_sub(self.start) {
            Some(within) => {
                let ends = self.texts.partition_point(|t| t.end <= within);
                self.texts.len().min(ends + 1)
            }
            None => 0,
        }
    }
}

impl Segments {
    /// The segments with these texts.
    pub(super) fn of(texts: &[Text]) -> Self {
        let mut segments = Self::default();
        segments.push(texts);
        segments
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.chunks.last().map_or(0, |c| c.first + c.len())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// The chunks that they are shared in.
    pub fn chunks(&self) -> &[Chunk] {
        &self.chunks
    }

    /// One after the other.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Segment<'_>> {
        self.chunks.iter().flat_map(Chunk::iter)
    }

    /// The segment of an index.
    pub fn get(&self, index: usize) -> Option<Segment<'_>> {
        let (chunk, within) = self.place(index)?;
        Some(self.chunks[chunk].segment(within))
    }

    /// In which chunk a segment is, and its index there.
    pub fn place(&self, index: usize) -> Option<(usize, usize)> {
        let chunk = self.chunks.partition_point(|c| c.first <= index);
        let chunk = chunk.checked_sub(1)?;
        let within = index - self.chunks[chunk].first;
        (within < self.chunks[chunk].len()).then_some((chunk, within))
    }

    /// The index of the last segment that starts at or before an offset.
    pub fn at(&self, offset: usize) -> Option<usize> {
        let after = self.chunks.partition_point(|c| c.start <= offset);
        let chunk = &self.chunks[after.checked_sub(1)?];
        Some(chunk.first + chunk.count_to(offset) - 1)
    }

    /// The index of the first segment that ends at or behind an offset.
    pub fn ending_at(&self, offset: usize) -> Option<usize> {
        let chunk = self.chunks.partition_point(|c| c.end() < offset);
        let chunk = self.chunks.get(chunk)?;
        let within = offset.saturating_sub(chunk.start);
        Some(chunk.first + chunk.texts.partition_point(|t| t.end < within))
    }

    /// The segment that a line of the document lies in.
    pub fn of_line(&self, line: usize) -> Option<Segment<'_>> {
        let chunk = self.chunks.partition_point(|c| c.line <= line);
        let chunk = &self.chunks[chunk.checked_sub(1)?];
        let within = line - chunk.line;
        let index = chunk.texts.partition_point(|t| t.line <= within);
        if index < chunk.len() {
            return Some(chunk.segment(index));
        }
        // Behind the last line break is one more line.
        (line == self.line_behind()).then(|| chunk.segment(chunk.len() - 1))
    }

    /// Puts a text with the same line breaks in the place of a segment's.
    pub(super) fn replace(&mut self, index: usize, text: &Arc<str>) {
        let Some((at, within)) = self.place(index) else {
            return;
        };
        let old = &self.chunks[at].texts;
        let (before, after) = (old[within].text.len(), text.len());
        let moved = |end: usize| end - before + after;
        let rope = lines::rope(text);
        let placed = old.iter().enumerate().map(|(n, placed)| {
            let is_it = n == within;
            Placed {
                end: if n < within {
                    placed.end
                } else {
                    moved(placed.end)
                },
                line: placed.line,
                text: Arc::clone(if is_it { text } else { &placed.text }),
                rope: if is_it { &rope } else { &placed.rope }.clone(),
            }
        });
        self.chunks[at].texts = placed.collect();
        for behind in &mut self.chunks[at + 1..] {
            behind.start = moved(behind.start);
        }
    }

    /// Puts texts in the place of some segments, of at least one.
    pub(super) fn splice(&mut self, replaced: Range<usize>, fresh: Vec<Text>) {
        let (from, head) = self.place(replaced.start).unwrap_or_default();
        let (last, tail) = self.place(replaced.end - 1).unwrap_or_default();
        let (head_of, tail_of) = (&self.chunks[from], &self.chunks[last]);
        let mut texts: Vec<Text> = head_of.texts(0..head).collect();
        texts.extend(fresh);
        if tail + 1 < tail_of.len() {
            texts.extend(tail_of.texts(tail + 1..tail_of.len()));
        }
        let mut to = last + 1;
        if texts.len() < FEWEST
            && let Some(next) = self.chunks.get(to)
        {
            texts.extend(next.texts(0..next.len()));
            to += 1;
        }
        let behind = self.chunks.split_off(to);
        self.chunks.truncate(from);
        self.push(&texts);
        for mut chunk in behind {
            chunk.first = self.len();
            chunk.line = self.line_behind();
            chunk.start = self.end();
            self.chunks.push(chunk);
        }
    }

    /// Byte offset of the end of all.
    pub fn end(&self) -> usize {
        self.chunks.last().map_or(0, Chunk::end)
    }

    fn line_behind(&self) -> usize {
        self.chunks.last().map_or(0, Chunk::line_behind)
    }

    /// Appends segments.
    fn push(&mut self, texts: &[Text]) {
        let chunks = texts.len().div_ceil(MOST).max(1);
        let most = texts.len().div_ceil(chunks).max(1);
        for texts in texts.chunks(most) {
            let (mut end, mut line) = (0, 0);
            let placed = texts.iter().map(|text| {
                end += text.content.len();
                line += text.breaks;
                Placed {
                    end,
                    line,
                    text: Arc::clone(&text.content),
                    rope: text.rope.clone(),
                }
            });
            let chunk = Chunk {
                texts: placed.collect(),
                start: self.end(),
                line: self.line_behind(),
                first: self.len(),
            };
            self.chunks.push(chunk);
        }
    }
}
