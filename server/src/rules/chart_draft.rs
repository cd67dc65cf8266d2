//! Findings of the rules across visits. Their places are anchors, so that they hold as long as the
//! summaries do; only when somebody asks are they put where the text stands now.

use super::anchor::Anchor;
use super::{Edit, Finding, Fix, Related, Rule};
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
    /// The place right behind it.
    #[must_use]
    pub fn end(self) -> Self {
        Self {
            anchor: self.anchor.end(),
            ..self
        }
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

/// What a rule across visits found, before its level is known.
#[derive(Debug)]
pub struct ChartDraft {
    /// The visit that it is about, by its index among the visits; none for what stands before them.
    pub(super) visit: Option<usize>,
    pub(super) level: Option<Level>,
    pub(super) place: ChartPlace,
    message: String,
    related: Vec<(ChartPlace, &'static str)>,
    fixes: Vec<ChartFix>,
}

/// A fix of a finding across visits.
#[derive(Clone, Debug)]
struct ChartFix {
    title: String,
    edits: Vec<ChartEdit>,
    preferred: bool,
}

impl ChartDraft {
    /// A finding about a visit, by its index among the visits.
    pub fn new(
        visit: impl Into<Option<usize>>,
        place: ChartPlace,
        message: impl Into<String>,
    ) -> Self {
        Self {
            visit: visit.into(),
            level: None,
            place,
            message: message.into(),
            related: Vec::new(),
            fixes: Vec::new(),
        }
    }

    /// A level for this finding that differs from its rule's.
    #[must_use]
    pub fn level(mut self, level: Level) -> Self {
        self.level = Some(level);
        self
    }

    /// Another place.
    #[must_use]
    pub fn related(mut self, place: ChartPlace, message: &'static str) -> Self {
        self.related.push((place, message));
        self
    }

    /// A fix of one edit.
    #[must_use]
    pub fn fix(mut self, title: impl Into<String>, edit: ChartEdit) -> Self {
        self.fixes.push(ChartFix {
            title: title.into(),
            edits: vec![edit],
            preferred: false,
        });
        self
    }

    /// The one right answer: marks the only fix as preferred.
    #[must_use]
    pub fn preferred(mut self) -> Self {
        if let [fix] = self.fixes.as_mut_slice() {
            fix.preferred = true;
        }
        self
    }
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
        let draft = &self.draft;
        let span = |place: ChartPlace| piece(place.piece).span(place.anchor);
        let related = draft.related.iter().map(|(place, message)| Related {
            span: span(*place),
            message: (*message).to_owned(),
        });
        let edit = |edit: &ChartEdit| match edit {
            ChartEdit::Replace(place, text) => Edit {
                span: span(*place),
                text: text.clone(),
            },
            ChartEdit::LineForChart(line) => {
                let first = piece(0);
                let before = preamble.then_some((first.text, first.visit));
                line_for_chart(before, first.text, line)
            }
            ChartEdit::LineAtTop(index, line) => line_at_top(piece(*index), line),
            ChartEdit::TakeOut(place) => Edit {
                span: line_of(piece(place.piece), place.anchor),
                text: String::new(),
            },
        };
        let fixes = draft.fixes.iter().map(|fix| Fix {
            title: fix.title.clone(),
            edits: fix.edits.iter().map(edit).collect(),
            preferred: fix.preferred,
        });
        Finding {
            rule: self.rule,
            level: self.level,
            span: span(draft.place),
            message: draft.message.clone(),
            related: related.collect(),
            fixes: fixes.collect(),
        }
    }
}

/// An edit that puts a line below a piece's heading.
fn line_at_top(piece: PieceNow<'_>, line: &str) -> Edit {
    let heading = piece.visit.heading.as_ref().map_or(0, |h| h.span.end);
    let rest = &piece.text[heading..];
    let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
    Edit {
        span: Span::at(piece.start + heading + end),
        text: format!("{}{line}", text::line_break(piece.text)),
    }
}

/// The field that a place lies in, else its line with the break.
fn line_of(piece: PieceNow<'_>, anchor: Anchor) -> Span {
    let field = anchor
        .field()
        .and_then(|index| piece.visit.fields.get(index));
    let line = field.map_or_else(
        || {
            let place = anchor.span(piece.visit);
            let before = &piece.text[..place.start];
            let start = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
            Span::new(start, text::line_end(piece.text, place.end))
        },
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
        Some((text, visit)) if !text[..visit.text_end].trim_start_matches(BOM).is_empty() => Edit {
            span: Span::at(visit.text_end),
            text: format!("{br}{line}"),
        },
        _ => Edit {
            span: Span::at(if text.starts_with(BOM) {
                BOM.len_utf8()
            } else {
                0
            }),
            text: format!("{line}{br}"),
        },
    }
}

/// The mark that some programs put before a text.
const BOM: char = '\u{feff}';
