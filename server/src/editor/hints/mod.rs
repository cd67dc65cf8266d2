//! Inlay hints: what Soapstone works out, shown beside the words it goes with.
//!
//! No hint repeats what its line says, and each kind can be switched off.

mod diagnoses;
mod goals;
mod referrals;
pub(super) mod units;
mod visits;

use super::standing::Standing;
use crate::analysis::{Analysis, Piece};
use crate::text::Span;

/// A computed remark after a place of the note. It is not part of the note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// Where it stands: a byte offset in the document.
    pub offset: usize,
    pub label: String,
    /// How it was computed.
    pub tooltip: String,
}

impl Hint {
    fn new(offset: usize, label: impl Into<String>, why: impl AsRef<str>) -> Self {
        Self {
            offset,
            label: label.into(),
            tooltip: format!("{} {COMPUTED}", why.as_ref()),
        }
    }
}

/// Said with every hint, since a hint looks like text.
const COMPUTED: &str = "Computed by Soapstone; not in the note.";

/// The hints whose place lies in a span of the document.
pub fn hints(analysis: &Analysis, span: Span) -> Vec<Hint> {
    let wanted = analysis.policy().hints;
    // The whole chart is looked at only where something is to be said of it.
    let standing = std::cell::OnceCell::new();
    let standing = || standing.get_or_init(|| Standing::of(analysis));
    let mut found = Vec::new();
    for piece in near(analysis, span) {
        let visit = &piece.visit;
        if wanted.visits && visit.heading.is_some() && visit.is_treated() {
            found.extend(visits::of_heading(standing(), piece));
        }
        if wanted.units && piece.is_visit() {
            found.extend(units::of_visit(analysis, piece));
        }
        if wanted.diagnoses {
            let release = analysis.case(piece).release();
            found.extend(diagnoses::of_piece(release, piece));
        }
        if wanted.goals && !visit.goals.is_empty() {
            found.extend(goals::of_piece(standing(), piece));
        }
        if wanted.referrals && referrals::has_some(visit) {
            found.extend(referrals::of_piece(standing(), piece));
        }
    }
    found.retain(|hint| span.touches(hint.offset));
    found.sort_by_key(|hint| hint.offset);
    found
}

fn near(analysis: &Analysis, span: Span) -> impl Iterator<Item = &Piece> {
    let pieces = analysis.pieces();
    let pieces = pieces.skip_while(move |piece| piece.end() < span.start);
    pieces.take_while(move |piece| piece.start <= span.end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Hints, Policy};
    use crate::text::Document;
    use std::sync::Arc;

    /// The note with its hints in angle brackets, on 2026-11-22.
    pub fn shown_with(text: &str, wanted: Hints) -> String {
        let document = Document::new(text);
        let mut policy = Policy::default().on(jiff::civil::date(2026, 11, 22));
        policy.hints = wanted;
        let analysis = Analysis::of(&document, &Arc::new(policy));
        let mut shown = text.to_owned();
        for hint in hints(&analysis, Span::new(0, document.len())).iter().rev() {
            assert!(hint.tooltip.ends_with(COMPUTED), "{hint:?}");
            shown.insert_str(hint.offset, &format!("<{}>", hint.label));
        }
        shown
    }

    /// The note with the hints of one kind.
    pub fn shown(text: &str, kind: &str) -> String {
        let mut wanted = none();
        *wanted.of_word(kind).expect("a kind") = true;
        shown_with(text, wanted)
    }

    fn none() -> Hints {
        let mut none = Hints::default();
        for kind in Hints::KINDS {
            *none.of_word(kind).expect("a kind") = false;
        }
        none
    }

    const CHART: &str = "referral: 2026-10-01 to 2026-12-31, 12 visits\ndx: M54.2\ngoal 1: sit 60 minutes by 2026-12-15\n\nvisit: 2026-11-20\n97124 lumbar 10:02-10:27\n";

    #[test]
    fn every_kind_can_be_switched_off() {
        assert_eq!(
            shown_with(CHART, Hints::default()),
            "referral: 2026-10-01 to 2026-12-31, 12 visits<= 39 days left, 1 of 12 visits used>\n\
             dx: M54.2<= Cervicalgia>\n\
             goal 1: sit 60 minutes by 2026-12-15<= 23 days left>\n\n\
             visit: 2026-11-20<= visit 1 of 12><= 25 timed min, 2 units>\n\
             97124 lumbar 10:02-10:27<= 25 min, 2 units>\n"
        );
        assert_eq!(shown_with(CHART, none()), CHART);
        for kind in Hints::KINDS {
            let (with, all) = (shown(CHART, kind), shown_with(CHART, Hints::default()));
            assert!(with.len() > CHART.len() && with.len() < all.len(), "{kind}");
        }
    }

    #[test]
    fn only_those_of_the_span() {
        let document = Document::new(CHART);
        let policy = Policy::default().on(jiff::civil::date(2026, 11, 22));
        let analysis = Analysis::of(&document, &Arc::new(policy));
        let all = hints(&analysis, Span::new(0, document.len()));
        assert_eq!(all.len(), 6);
        for at in 0..=document.len() {
            let here = hints(&analysis, Span::at(at));
            let expected: Vec<_> = all.iter().filter(|h| h.offset == at).cloned().collect();
            assert_eq!(here, expected, "{at}");
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]
        #[test]
        fn any_text_is_taken(lines in proptest::collection::vec(
            proptest::prop_oneof![
                "visit: 2026-11-(0[1-9]|2[0-9])( 3 of 6)?",
                "referral: (2026-10-01 )?(to 2026-(11|12)-15, )?([0-9] visits|___)?",
                "goal [12]: sit 6é minutes by 2026-(11|12)-(01|30)",
                "dx: [MS][0-9]{2}\\.[0-9X]{1,3}( neck 😀 pain)?; M54.2?",
                "plan of care: 2026-10-0[1-9], 2x/wk x [1-9] wks",
                "97(124|140|010) neck [0-9]{1,2} min( x[12])?",
                "A: goal [12] (not )?met",
                "(O: |é )?Manual therapy 😀 \\(97140(-GP)?\\)(:|,) (R neck )?[0-9]{1,2} min(, then MFR é 97110 x2 8 min\\.)?",
                "\\| CPT \\| Min é \\|\n\\| 97110-GP \\| 25 \\|",
                "CPT\tMin\tMod\n97110\t25\tGP",
                "Units: 97110 \\(2 units, 30 min\\), 97(140|124) \\(1 unit\\)",
                "97110(/|, | and )97112 neck 15 min",
                "(- |• |1\\. )?CPT 97110(:| \\()GP\\)? é 15 min",
                "(Medical Diagnosis|Treatment Dx): M54\\.5",
                "Goals:\n[12]\\. sit 6é minutes by 2026-12-01",
                "\\PC{0,12}",
            ], 0..14), end in "(\n|\r\n|\r)"
        ) {
            let text = lines.join(&end);
            let document = Document::new(&text);
            let policy = Policy::default().on(jiff::civil::date(2026, 11, 22));
            let analysis = Analysis::of(&document, &Arc::new(policy));
            for hint in hints(&analysis, Span::new(0, document.len())) {
                proptest::prop_assert!(text.is_char_boundary(hint.offset));
                proptest::prop_assert!(hint.label.starts_with("= "), "{}", hint.label);
            }
        }
    }
}
