//! Findings and fixes. Spans are relative to the visit until the analysis puts the visit's start
//! to them.

use std::borrow::Cow;

use super::Rule;
use super::chart_draft::{ChartEdit, ChartPlace};
use crate::policy::Level;
use crate::text::Span;

/// What a finding or its fix says: mostly the same in every note, so that a chart of thousands of visits has it once.
pub type Words = Cow<'static, str>;

/// What a rule found in a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// How loud.
    pub level: Level,
    /// The smallest span that is wrong.
    pub span: Span,
    /// What is wrong and what a payer will do, in a sentence a clinician would say. Never the
    /// patient's words or identifiers.
    pub message: Words,
    /// Other places that have to do with it.
    pub related: Vec<Related>,
    /// What could be done, the likeliest first.
    pub fixes: Vec<Fix>,
}

impl Finding {
    /// The finding with all of its spans moved.
    #[must_use]
    pub fn shifted(&self, by: usize) -> Self {
        self.moved(|offset| offset + by)
    }

    /// The finding with each of its offsets put where it has gone.
    #[must_use]
    pub fn moved(&self, to: impl Fn(usize) -> usize) -> Self {
        let mut moved = self.clone();
        let related = moved.related.iter_mut().map(|r| &mut r.span);
        let edits = moved.fixes.iter_mut().flat_map(|f| &mut f.edits);
        let spans = related.chain(edits.map(|e| &mut e.span));
        for span in std::iter::once(&mut moved.span).chain(spans) {
            *span = Span::new(to(span.start), to(span.end));
        }
        moved
    }

    /// Where it is, what it is related to and where its fixes are.
    pub fn spans(&self) -> impl Iterator<Item = Span> {
        let related = self.related.iter().map(|r| r.span);
        let edits = self.fixes.iter().flat_map(|f| &f.edits).map(|e| e.span);
        std::iter::once(self.span).chain(related).chain(edits)
    }
}

/// Another place that a finding speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Where.
    pub span: Span,
    /// What is there.
    pub message: Words,
}

/// An edit that a fix makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What to replace.
    pub span: Span,
    /// By what.
    pub text: String,
}

impl Edit {
    /// Puts a text in the place of what stands there.
    pub fn new(span: Span, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { span, text }
    }

    /// Puts a text between what stands there.
    pub fn insert(at: usize, text: impl Into<String>) -> Self {
        Self::new(Span::at(at), text)
    }
}

/// Something the clinician may choose to do about a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix<E = Edit> {
    /// What it does, as an order: "Add modifier 59 to 97124".
    pub title: Words,
    /// The edits; they do not overlap.
    pub edits: Vec<E>,
    /// Whether there is one right answer and this is it.
    pub preferred: bool,
}

/// A finding before its rule and level are put to it, with places of the kind `P`.
#[derive(Debug)]
pub struct DraftOf<P, E> {
    /// The visit that it is about, by its index among the visits of a chart.
    pub(super) visit: Option<usize>,
    pub(super) level: Option<Level>,
    pub(super) place: P,
    pub(super) message: Words,
    pub(super) related: Vec<(P, Words)>,
    pub(super) fixes: Vec<Fix<E>>,
}

/// What a rule found in one visit, in spans of it.
pub type Draft = DraftOf<Span, Edit>;

/// What a rule across visits found, in places that hold as long as the summaries do.
pub type ChartDraft = DraftOf<ChartPlace, ChartEdit>;

impl<P, E> DraftOf<P, E> {
    fn about(visit: Option<usize>, place: P, message: Words) -> Self {
        Self {
            visit,
            level: None,
            place,
            message,
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
    pub fn related(mut self, place: P, message: impl Into<Words>) -> Self {
        self.related.push((place, message.into()));
        self
    }

    /// A fix of several edits.
    #[must_use]
    pub fn fix_of(mut self, title: impl Into<Words>, edits: impl IntoIterator<Item = E>) -> Self {
        self.fixes.push(Fix {
            title: title.into(),
            edits: edits.into_iter().collect(),
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

    /// The finding, with its places and edits put where they stand in the text.
    pub(super) fn finding(
        &self,
        (rule, level): (&'static Rule, Level),
        span: impl Fn(&P) -> Span,
        edit: impl Fn(&E) -> Edit,
    ) -> Finding {
        let related = self.related.iter().map(|(place, message)| Related {
            span: span(place),
            message: message.clone(),
        });
        let fixes = self.fixes.iter().map(|fix| Fix {
            title: fix.title.clone(),
            edits: fix.edits.iter().map(&edit).collect(),
            preferred: fix.preferred,
        });
        Finding {
            rule,
            level,
            span: span(&self.place),
            message: self.message.clone(),
            related: related.collect(),
            fixes: fixes.collect(),
        }
    }
}

impl Draft {
    /// A finding at a span.
    pub fn new(span: Span, message: impl Into<Words>) -> Self {
        Self::about(None, span, message.into())
    }

    /// A fix of one edit.
    #[must_use]
    pub fn fix(self, title: impl Into<Words>, span: Span, text: impl Into<String>) -> Self {
        self.fix_of(title, [Edit::new(span, text)])
    }
}

impl ChartDraft {
    /// A finding about a visit, by its index; about none for what stands before them.
    pub fn new(
        visit: impl Into<Option<usize>>,
        place: ChartPlace,
        message: impl Into<Words>,
    ) -> Self {
        Self::about(visit.into(), place, message.into())
    }

    /// A fix of one edit.
    #[must_use]
    pub fn fix(self, title: impl Into<Words>, edit: ChartEdit) -> Self {
        self.fix_of(title, [edit])
    }
}
