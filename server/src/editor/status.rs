//! What a status line says of a visit: who pays, how units are counted, and whether it has errors.

use serde::Serialize;

use super::claim_preview::{one_line, payer_as_named};
use super::{rule_of_counting, stated};
use crate::analysis::Analysis;
use crate::chart::FieldKind;
use crate::policy::Level;
use crate::text::Span;

/// By what a visit is judged, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// The name of the payer's profile; `default` if none is known.
    pub payer: String,
    /// The payer as the note names it.
    pub payer_title: String,
    /// `cms` or `ama`.
    pub counting: &'static str,
    pub counting_words: &'static str,
    /// The day of the visit, as `2026-11-20`.
    pub date: Option<String>,
    /// How many errors the visit has.
    pub errors: usize,
    pub warnings: usize,
}

/// By what the visit at an offset is judged. Before the first visit, and where no place is named, it is the last one, which
/// is the one that is being written.
pub fn status(analysis: &Analysis, offset: Option<usize>) -> Option<Status> {
    let here = offset.and_then(|offset| analysis.piece_at(offset));
    let piece = here
        .filter(|piece| piece.is_visit())
        .or_else(|| analysis.pieces().last())?;
    let case = analysis.case(piece);
    let is_last = analysis
        .pieces()
        .last()
        .is_some_and(|p| p.start == piece.start);
    let mut found = analysis.findings_in(Span::new(piece.start, piece.end()));
    found.retain(|f| {
        let at = f.span.start;
        piece.start <= at && (at < piece.end() || is_last)
    });
    let count = |level| found.iter().filter(|f| f.level == level).count();
    let named = stated(&case, FieldKind::Payer, one_line);
    Some(Status {
        payer: case.payer.name.clone(),
        payer_title: payer_as_named(case.payer, named),
        counting: case.claim.counting.word(),
        counting_words: rule_of_counting(&case),
        date: piece.visit.day().map(|day| day.to_string()),
        errors: count(Level::Error),
        warnings: count(Level::Warning),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;
    use crate::text::Document;
    use std::sync::Arc;

    fn of(text: &str, offset: Option<usize>) -> Status {
        let analysis = Analysis::of(&Document::new(text), &Arc::new(Policy::default()));
        status(&analysis, offset).unwrap()
    }

    #[test]
    fn the_last_visit_decides_where_no_place_is_named() {
        let of = |text: &str| {
            let status = of(text, None);
            (status.payer, status.payer_title, status.counting)
        };
        let medicare = ("medicare".to_owned(), "Medicare".to_owned(), "cms");
        assert_eq!(
            of("payer: auto\nvisit: 2026-11-20\npayer: Medicare\n"),
            medicare
        );
        let unknown = ("default".to_owned(), "payer not known".to_owned(), "cms");
        assert_eq!(of(""), unknown);
        assert_eq!(of("payer: ___").1, "payer not known");
        assert_eq!(of("payer: Acme").1, "Acme (not known to Soapstone)");
    }

    #[test]
    fn a_visit_has_its_own_errors() {
        let text = "payer: x\nvisit: 2026-11-13\npayer: auto\n97124 lumbar 5 min\nvisit: 2026-11-20\nS: x\n";
        let first = text.find("97124").unwrap();
        let one = of(text, Some(first));
        assert_eq!((one.errors > 0, &*one.payer), (true, "auto"));
        assert_eq!(one.date.as_deref(), Some("2026-11-13"));
        for last in [text.find("S:"), Some(0), None] {
            let status = of(text, last);
            assert_eq!((status.errors, &*status.payer), (0, "default"));
        }
    }
}
