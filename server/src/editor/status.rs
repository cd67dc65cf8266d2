//! What a status line says of a note: who pays, and how units are counted.

use serde::Serialize;

use super::claim_preview::payer_words;
use super::rule_of_counting;
use crate::analysis::Analysis;

/// By what a note is judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// The name of the payer's profile; `default` if none is known.
    pub payer: String,
    pub payer_title: String,
    /// `cms` or `ama`.
    pub counting: &'static str,
    pub counting_words: &'static str,
}

/// By what the note's last visit is judged, which is the one that is being written.
pub fn status(analysis: &Analysis) -> Option<Status> {
    let case = analysis.case(analysis.pieces().last()?);
    Some(Status {
        payer: case.payer.name.clone(),
        payer_title: payer_words(&case.payer.name),
        counting: case.claim.counting.word(),
        counting_words: rule_of_counting(&case),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;
    use crate::text::Document;
    use std::sync::Arc;

    #[test]
    fn the_last_visit_decides() {
        let of = |text: &str| {
            let analysis = Analysis::of(&Document::new(text), &Arc::new(Policy::default()));
            let status = status(&analysis).unwrap();
            (status.payer, status.payer_title, status.counting)
        };
        let medicare = ("medicare".to_owned(), "medicare".to_owned(), "cms");
        assert_eq!(
            of("payer: auto\nvisit: 2026-11-20\npayer: Medicare\n"),
            medicare
        );
        let unknown = ("default".to_owned(), "payer not known".to_owned(), "cms");
        assert_eq!(of(""), unknown);
    }
}
