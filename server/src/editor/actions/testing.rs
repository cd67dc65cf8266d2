//! What the tests of the offers share.

use std::sync::Arc;

use jiff::civil::date;

use super::Asked;
use crate::analysis::Analysis;
use crate::policy::Policy;
use crate::rules::Edit;
use crate::text::{Document, Span};

/// A note with what was found out about it.
pub(super) struct Note {
    pub document: Document,
    pub analysis: Analysis,
}

impl Note {
    pub fn new(text: &str) -> Self {
        Self::by(text, Policy::default())
    }

    pub fn by(text: &str, policy: Policy) -> Self {
        let document = Document::new(text);
        let analysis = Analysis::of(&document, &Arc::new(policy));
        Self { document, analysis }
    }

    /// What is asked at a place of it.
    pub fn asked(&self, span: Span) -> Asked<'_> {
        Asked {
            document: &self.document,
            analysis: &self.analysis,
            span,
            now: date(2026, 11, 20).at(10, 5, 0, 0),
            unbidden: false,
        }
    }
}

/// The text after the edits.
pub(super) fn applied(text: &str, edits: &[Edit]) -> String {
    let mut edits = edits.to_vec();
    edits.sort_by_key(|edit| edit.span);
    assert!(
        edits.windows(2).all(|w| w[0].span.end <= w[1].span.start),
        "{edits:?} overlap"
    );
    let mut out = text.to_owned();
    for edit in edits.iter().rev() {
        out.replace_range(edit.span.range(), &edit.text);
    }
    out
}
