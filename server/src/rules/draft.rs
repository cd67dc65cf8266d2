//! Findings and fixes. Spans are relative to the visit until the analysis puts the visit's start
//! to them.

use super::Rule;
use crate::policy::Level;
use crate::text::Span;

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
    pub message: String,
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
    pub message: String,
}

/// An edit that a fix makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What to replace.
    pub span: Span,
    /// By what.
    pub text: String,
}

/// Something the clinician may choose to do about a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an order: "Add modifier 59 to 97124".
    pub title: String,
    /// The edits; they do not overlap.
    pub edits: Vec<Edit>,
    /// Whether there is one right answer and this is it.
    pub preferred: bool,
}

/// A finding before its rule and level are put to it.
#[derive(Debug)]
pub struct Draft {
    pub(super) level: Option<Level>,
    span: Span,
    message: String,
    related: Vec<Related>,
    fixes: Vec<Fix>,
}

impl Draft {
    /// A finding at a span.
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Self {
            level: None,
            span,
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
    pub fn related(mut self, span: Span, message: impl Into<String>) -> Self {
        self.related.push(Related {
            span,
            message: message.into(),
        });
        self
    }

    /// A fix of one edit.
    #[must_use]
    pub fn fix(self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        self.fix_of(
            title,
            vec![Edit {
                span,
                text: text.into(),
            }],
        )
    }

    /// A fix of several edits.
    #[must_use]
    pub fn fix_of(mut self, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.fixes.push(Fix {
            title: title.into(),
            edits,
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

    pub(super) fn finding(self, rule: &'static Rule, level: Level) -> Finding {
        Finding {
            rule,
            level,
            span: self.span,
            message: self.message,
            related: self.related,
            fixes: self.fixes,
        }
    }
}
