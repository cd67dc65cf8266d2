//! Findings of the rules across visits. Their places are anchors, so that they hold as long as the
//! summaries do; only when somebody asks are they put where the text stands now.

use super::anchor::Anchor;
use super::sections::{rest_of_line, whole_lines};
use super::{ChartDraft, Edit, Finding, Rule};
use crate::chart::Visit;
use crate::policy::Level;
use crate::text::{self, Span};

/// A place in a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChartPlace {
    /// The piece of the document, by its index.
    pub piece: usize,
    /// Where in the piece.
    pub anchor: Anchor,
}

impl ChartPlace {
    /// A place in a piece.
    pub fn new(piece: usize, anchor: Anchor) -> Self {
        Self { piece, anchor }
    }

    /// The place right behind it.
    #[must_use]
    pub fn end(self) -> Self {
        Self::new(self.piece, self.anchor.end())
    }
}

/// An edit of a fix.
#[derive(Clone, Debug)]
pub enum ChartEdit {
    /// Puts a text in the place of what stands there.
    Replace(ChartPlace, String),
    /// Adds a line that holds for the whole chart.
    LineForChart(String),
    /// Adds a line below the heading of a piece.
    LineAtTop(usize, String),
    /// Takes out the field or the line that a place lies in.
    TakeOut(ChartPlace),
}

/// A finding across visits.
#[derive(Debug)]
pub struct ChartFinding {
    /// The rule.
    pub rule: &'static Rule,
    /// How loud.
    pub level: Level,
    pub(super) draft: ChartDraft,
}

/// A piece of the document as it stands now.
#[derive(Clone, Copy, Debug)]
pub struct PieceNow<'a> {
    /// Byte offset in the document.
    pub start: usize,
    /// Its text.
    pub text: &'a str,
    /// What it says.
    pub visit: &'a Visit,
}

impl PieceNow<'_> {
    /// Where a place of the piece is, in offsets of the document.
    pub fn span(&self, anchor: Anchor) -> Span {
        anchor.span(self.visit).shifted(self.start)
    }
}

impl ChartFinding {
    /// Where it stands, in offsets of the document.
    pub fn span<'a>(&self, piece: impl Fn(usize) -> PieceNow<'a>) -> Span {
        let place = self.draft.place;
        piece(place.piece).span(place.anchor)
    }

    /// The finding where the text stands now; spans are offsets of the document. `preamble` says whether
    /// the first piece stands before the first visit heading.
    pub fn now<'a>(&self, piece: impl Fn(usize) -> PieceNow<'a>, preamble: bool) -> Finding {
        let span = |place: &ChartPlace| piece(place.piece).span(place.anchor);
        let edit = |edit: &ChartEdit| match edit {
            ChartEdit::Replace(place, text) => Edit::new(span(place), text),
            ChartEdit::LineForChart(line) => {
                let first = piece(0);
                let before = preamble.then_some((first.text, first.visit));
                line_for_chart(before, first.text, line)
            }
            ChartEdit::LineAtTop(index, line) => line_at_top(piece(*index), line),
            ChartEdit::TakeOut(place) => Edit::new(line_of(piece(place.piece), place.anchor), ""),
        };
        self.draft.finding((self.rule, self.level), span, edit)
    }
}

/// An edit that puts a line below a piece's heading.
fn line_at_top(piece: PieceNow<'_>, line: &str) -> Edit {
    let heading = piece.visit.heading.as_ref().map_or(0, |h| h.span.end);
    let end = heading + rest_of_line(piece.text, heading).len();
    let text = format!("{}{line}", text::line_break(piece.text));
    Edit::insert(piece.start + end, text)
}

/// The field that a place lies in, else its line with the break.
fn line_of(piece: PieceNow<'_>, anchor: Anchor) -> Span {
    let field = anchor
        .field()
        .and_then(|index| piece.visit.fields.get(index));
    let line = field.map_or_else(
        || whole_lines(piece.text, anchor.span(piece.visit)),
        |field| field.span,
    );
    line.shifted(piece.start)
}

/// An edit that puts a line where it holds for the whole chart: at the end of what stands before the
/// first visit heading, else before everything. `first` is the text of the first visit.
pub(super) fn line_for_chart(preamble: Option<(&str, &Visit)>, first: &str, line: &str) -> Edit {
    let text = preamble.map_or(first, |(text, _)| text);
    let br = text::line_break(text);
    match preamble {
        Some((text, visit)) if !text[..visit.text_end].trim_start_matches(BOM).is_empty() => {
            Edit::insert(visit.text_end, format!("{br}{line}"))
        }
        _ => {
            let start = text.len() - text.strip_prefix(BOM).unwrap_or(text).len();
            Edit::insert(start, format!("{line}{br}"))
        }
    }
}

/// The mark that some programs put before a text.
const BOM: char = '\u{feff}';
