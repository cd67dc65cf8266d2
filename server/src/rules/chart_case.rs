//! What a rule about several visits is given to judge.

use super::{is_waived, waivers_of};
use crate::chart::Visit;
use crate::policy::{Payer, Policy};
use crate::text::Span;

/// The visits of a chart, in the order of the document.
#[derive(Debug)]
pub struct ChartCase<'a> {
    /// What stands before the first visit heading, with its text; it begins the document.
    pub preamble: Option<(&'a str, &'a Visit)>,
    /// The visits.
    pub visits: Vec<ChartVisit<'a>>,
    /// The reader's policy.
    pub policy: &'a Policy,
}

/// A visit of a chart.
#[derive(Clone, Copy, Debug)]
pub struct ChartVisit<'a> {
    /// Its byte offset in the document.
    pub start: usize,
    /// Its text.
    pub text: &'a str,
    /// What it says; spans are relative to the visit.
    pub visit: &'a Visit,
    /// Who pays for it.
    pub payer: &'a Payer,
    /// Whether it is the last thing in the document.
    pub last: bool,
}

impl ChartVisit<'_> {
    /// A span of the visit as offsets of the document.
    pub fn at(&self, span: Span) -> Span {
        span.shifted(self.start)
    }

    /// The words of a span of the visit.
    pub fn str(&self, span: Span) -> &str {
        &self.text[span.range()]
    }

    /// What a finding about the whole visit points at, in offsets of the document: its heading, else
    /// its first modality's code.
    pub fn anchor(&self) -> Span {
        let span = match (&self.visit.heading, self.visit.modalities.first()) {
            (Some(heading), _) => heading.span,
            (None, Some(modality)) => modality.code_span,
            (None, None) => Span::at(0),
        };
        self.at(span)
    }
}

impl ChartCase<'_> {
    /// Whether a finding about a visit is waived, there or for the whole chart.
    pub(super) fn is_waived(&self, visit: &ChartVisit<'_>, rule: &str, span: Span) -> bool {
        let here = Span::new(
            span.start.saturating_sub(visit.start),
            span.end.saturating_sub(visit.start),
        );
        let chart = self
            .preamble
            .map(|(text, visit)| waivers_of(text, visit))
            .unwrap_or_default();
        is_waived(&waivers_of(visit.text, visit.visit), rule, here)
            || chart
                .iter()
                .any(|(scope, waiver)| scope.is_none() && waiver.waives(rule))
    }
}
