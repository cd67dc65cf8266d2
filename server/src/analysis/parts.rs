//! The parts of an analysis, shared in the same chunks as the segments of the document.

use std::sync::Arc;

use super::{Analysis, Judgement, Reading};
use crate::chart::{DiagnosisKind, FieldKind};
use crate::text::{self, Span};

/// A segment with its reading and judgement.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// Byte offset in the document.
    pub start: usize,
    /// The line of the document that it begins, from 0.
    pub line: usize,
    /// What it says.
    pub reading: &'a Arc<Reading>,
    /// What was found out. As long as it is the very same, so is all that was found in this part by
    /// itself, but for the part's start; and as long as the part begins the same line, it stands at the
    /// same positions.
    pub judgement: &'a Arc<Judgement>,
    pub(super) last: bool,
    pub(super) preamble: bool,
}

impl Part<'_> {
    /// Whether this is a visit: what stands before the first heading is one only if no visit
    /// follows, or if something was done there.
    pub fn is_visit(&self) -> bool {
        !self.preamble || self.reading.visit.is_treated()
    }

    /// The byte offset of the part's end in the document.
    pub fn end(&self) -> usize {
        self.start + self.reading.text.len()
    }
}

/// What is kept of a part as long as its text, its judgement's grounds and its flags stay the same.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub reading: Arc<Reading>,
    pub judgement: Arc<Judgement>,
    /// Whether something was found. It is said here so that nobody looks for findings in a thousand
    /// places to find them in three.
    finds: bool,
}

impl Kept {
    pub fn new(reading: Arc<Reading>, judgement: Arc<Judgement>) -> Self {
        Self {
            finds: !judgement.findings.is_empty(),
            reading,
            judgement,
        }
    }
}

/// What is kept of the segments of one chunk.
#[derive(Debug)]
pub(super) struct Chunk {
    pub kept: Box<[Kept]>,
    /// The diagnoses that they name, each code once.
    pub diagnoses: Arc<[NamedDiagnosis]>,
    finds: bool,
    /// Whether one was judged by the diagnoses of the whole chart.
    pub uses_chart_diagnoses: bool,
}

impl Chunk {
    pub fn new(kept: Box<[Kept]>, diagnoses: Arc<[NamedDiagnosis]>) -> Self {
        Self {
            finds: kept.iter().any(|k| k.finds),
            uses_chart_diagnoses: kept.iter().any(|k| k.judgement.uses_chart_diagnoses),
            kept,
            diagnoses,
        }
    }

    /// The judgements of those in which something was found, by address, and the lines that they begin.
    fn findings_at(&self, place: &text::Chunk) -> impl Iterator<Item = (*const Judgement, usize)> {
        let kept = self.kept.iter().enumerate().filter(|(_, kept)| kept.finds);
        kept.map(|(at, kept)| (Arc::as_ptr(&kept.judgement), place.segment(at).line))
    }

    /// The chunk with another part in the place of one that names the same diagnoses.
    pub fn with(&self, index: usize, kept: Kept) -> Self {
        let uses_chart_diagnoses = self.uses_chart_diagnoses || kept.judgement.uses_chart_diagnoses;
        let mut all = self.kept.clone();
        all[index] = kept;
        Self {
            finds: all.iter().any(|k| k.finds),
            kept: all,
            diagnoses: Arc::clone(&self.diagnoses),
            uses_chart_diagnoses,
        }
    }
}

/// A diagnosis with the words that stand beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NamedDiagnosis {
    pub code: String,
    words: String,
}

impl NamedDiagnosis {
    /// Those of some parts, each code once.
    pub fn of<'r>(readings: impl Iterator<Item = &'r Reading>) -> Arc<[Self]> {
        let mut all: Vec<Self> = Vec::new();
        for reading in readings.filter(|r| !r.visit.diagnoses.is_empty()) {
            let fields = reading.visit.fields_of(FieldKind::Diagnosis);
            let values: Vec<Span> = fields.filter_map(|f| f.value).collect();
            for diagnosis in &reading.visit.diagnoses {
                let is_known = all.iter().any(|known| known.code == diagnosis.code);
                if diagnosis.kind != DiagnosisKind::Icd10 || is_known {
                    continue;
                }
                let value = values.iter().find(|v| v.touches(diagnosis.span.start));
                let words = value.map_or("", |v| {
                    let rest = &reading.text[diagnosis.span.end..v.end];
                    rest[..rest.find([';', ',', '\n', '\r']).unwrap_or(rest.len())].trim()
                });
                all.push(Self {
                    code: diagnosis.code.clone(),
                    words: words.to_owned(),
                });
            }
        }
        all.into()
    }

    /// The code and the words.
    pub fn text(&self) -> String {
        if self.words.is_empty() {
            self.code.clone()
        } else {
            format!("{} {}", self.code, self.words)
        }
    }
}

/// The parts of an analysis, in order.
#[derive(Clone, Debug)]
pub struct Parts<'a> {
    analysis: &'a Analysis,
    /// The chunk of the next one, and its index there.
    chunk: usize,
    within: usize,
    /// The index of the next one, and of the one after the last.
    next: usize,
    end: usize,
}

impl<'a> Parts<'a> {
    pub(super) fn of(analysis: &'a Analysis) -> Self {
        Self {
            analysis,
            chunk: 0,
            within: 0,
            next: 0,
            end: analysis.segments.len(),
        }
    }

    /// The parts from the first one on of which this does not hold; it holds of all before that one.
    #[must_use]
    pub fn behind(mut self, holds: impl Fn(&Part<'a>) -> bool) -> Self {
        let mut before = self.next..self.end;
        while !before.is_empty() {
            let middle = before.start + before.len() / 2;
            match self.analysis.part(middle) {
                Some(part) if holds(&part) => before.start = middle + 1,
                _ => before.end = middle,
            }
        }
        self.next = before.start;
        let place = self.analysis.segments.place(self.next);
        (self.chunk, self.within) = place.unwrap_or_default();
        self
    }
}

impl<'a> Iterator for Parts<'a> {
    type Item = Part<'a>;

    fn next(&mut self) -> Option<Part<'a>> {
        if self.next >= self.end {
            return None;
        }
        if self.within == self.analysis.chunks[self.chunk].kept.len() {
            (self.chunk, self.within) = (self.chunk + 1, 0);
        }
        let part = self.analysis.part_in(self.chunk, self.within);
        self.next += 1;
        self.within += 1;
        Some(part)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let count = self.end - self.next;
        (count, Some(count))
    }

    fn last(mut self) -> Option<Part<'a>> {
        self.next_back()
    }
}

impl DoubleEndedIterator for Parts<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        if self.next >= self.end {
            return None;
        }
        self.end -= 1;
        self.analysis.part(self.end)
    }
}

impl ExactSizeIterator for Parts<'_> {}

impl Analysis {
    /// The parts in order.
    pub fn parts(&self) -> Parts<'_> {
        Parts::of(self)
    }

    /// The part of an index.
    pub(super) fn part(&self, index: usize) -> Option<Part<'_>> {
        let (chunk, within) = self.segments.place(index)?;
        Some(self.part_in(chunk, within))
    }

    /// The part that an offset of the document lies in.
    pub fn part_at(&self, offset: usize) -> Option<Part<'_>> {
        self.part(self.segments.at(offset)?)
    }

    /// What stands before the first visit heading, if visits follow it.
    pub fn preamble_part(&self) -> Option<Part<'_>> {
        self.part(0).filter(|part| part.preamble)
    }

    /// The parts in order, for those who look at all of them.
    pub(super) fn all_parts(&self) -> impl Iterator<Item = Part<'_>> {
        let count = self.segments.len();
        let kept = self.chunks.iter().flat_map(|chunk| chunk.kept.iter());
        let parts = self.segments.iter().zip(kept).enumerate();
        parts.map(move |(index, (segment, kept))| Part {
            start: segment.start,
            line: segment.line,
            reading: &kept.reading,
            judgement: &kept.judgement,
            last: index + 1 == count,
            preamble: index == 0 && self.has_preamble,
        })
    }

    fn part_in(&self, chunk: usize, within: usize) -> Part<'_> {
        let place = &self.segments.chunks()[chunk];
        let kept = &self.chunks[chunk].kept[within];
        let segment = place.segment(within);
        let index = place.first() + within;
        Part {
            start: segment.start,
            line: segment.line,
            reading: &kept.reading,
            judgement: &kept.judgement,
            last: index + 1 == self.segments.len(),
            preamble: index == 0 && self.has_preamble,
        }
    }

    /// Whether all that was found here was found there as well, in the same lines and characters. In doubt
    /// it was not.
    pub fn finds_like(&self, other: &Self) -> bool {
        if !Arc::ptr_eq(self.chart_findings.place(), other.chart_findings.place())
            || self.chunks.len() != other.chunks.len()
        {
            return false;
        }
        (0..self.chunks.len()).all(|at| {
            let (one, two) = (&self.chunks[at], &other.chunks[at]);
            let (place, other_place) = (&self.segments.chunks()[at], &other.segments.chunks()[at]);
            // Nearly all chunks are the very same, and are not looked at: they are anywhere in memory.
            if Arc::ptr_eq(one, two) && place.line() == other_place.line() {
                return true;
            }
            one.findings_at(place).eq(two.findings_at(other_place))
        })
    }

    /// The parts in which something was found by itself, in order. What was found by several visits
    /// together is told by [`chart_findings`](Self::chart_findings).
    pub fn parts_with_findings(&self) -> impl Iterator<Item = Part<'_>> {
        self.parts_with_findings_near(Span::new(0, usize::MAX))
    }

    /// Those of them that share a byte with a span or touch it.
    pub(super) fn parts_with_findings_near(&self, span: Span) -> impl Iterator<Item = Part<'_>> {
        let places = self.segments.chunks().iter().zip(&self.chunks).enumerate();
        places
            .filter(move |(_, (place, chunk))| chunk.finds && place.span().meets(span))
            .flat_map(move |(index, (place, chunk))| {
                let kept = chunk.kept.iter().enumerate();
                let finding = kept.filter(|(_, kept)| kept.finds);
                let near = finding.filter(move |(within, _)| place.span_of(*within).meets(span));
                near.map(move |(within, _)| self.part_in(index, within))
            })
    }
}
