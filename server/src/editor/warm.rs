//! Builds the vocabularies before the first note needs them.

use std::sync::Arc;

use super::{hints, hover};
use crate::analysis::Analysis;
use crate::policy::Policy;
use crate::text::{Document, Span};

/// A note of our own that makes use of every vocabulary.
const NOTE: &str = "\
payer: medicare
referral: 2026-10-01 to 2026-12-31, 2x/wk x 6 wks
plan of care: 2026-10-01, weekly for 6 weeks
dx: M54.50; M54.4; M25.511
goal 1: sit at desk 60 minutes by 2026-12-15 (now 30 minutes)

visit: 2026-11-20, 4 of 12
session: 10:00-10:50
S: Low back pain 6/10, pt c/o LBP.
O: Hypertonic paraspinals, R > L.
97124 lumbar 10:02-10:27
  technique: effleurage
  response: pain 6/10 to 4/10
97140-59 cervical 15 min x1
A: Improving; goal 1 continues.
P: Weekly for 4 weeks.
signed: A. Rivera, PT 2026-11-20
";

/// Judges and explains a small note, so that the tables and patterns that are built at their first
/// use are ready when the first real note is opened.
pub fn warm() {
    let document = Document::new(NOTE);
    let today = jiff::civil::date(2026, 11, 22);
    let policy = Arc::new(Policy::default().on(today));
    let analysis = Analysis::of(&document, &policy);
    let _ = analysis.findings();
    let _ = hints::hints(&analysis, Span::new(0, document.len()));
    for word in ["M54.4", "c/o", "effleurage", "goal"] {
        let _ = NOTE.find(word).map(|at| hover::hover(&analysis, at));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_note_has_something_of_everything() {
        warm();
        let document = Document::new(NOTE);
        let policy = Policy::default().on(jiff::civil::date(2026, 11, 22));
        let analysis = Analysis::of(&document, &Arc::new(policy));
        let visit = &analysis.parts().nth(1).unwrap().reading.visit;
        assert!(!visit.modalities[0].regions.is_empty());
        assert!(!visit.modalities[0].techniques.is_empty());
        assert_eq!(visit.modalities.len(), 2);
        let hints = hints::hints(&analysis, Span::new(0, document.len()));
        assert!(hints.len() > 6, "{hints:?}");
    }
}
