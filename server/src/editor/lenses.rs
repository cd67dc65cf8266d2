//! Code lenses: what stands above each visit's heading, to see and to press.
//!
//! Each visit with something to bill has the same lenses while it is typed, so that the lines below do
//! not jump: its units, the claim lines to copy, and on the last one the next visit. A visit with words and
//! nothing to bill says so. Everything is in what was judged already, so that there is nothing to find out
//! later.

use super::claim_preview::{one_line, payer_as_named};
use super::{counted, stated_by};
use crate::analysis::{Analysis, Piece};
use crate::chart::FieldKind;
use crate::text::Span;

/// Something above a visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lens {
    /// The visit's heading, or the first code of a note without one.
    pub span: Span,
    pub title: String,
    pub press: Press,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Press {
    /// Shows how the units came about.
    ShowClaim,
    /// Gives the claim lines to paste.
    CopyClaimLines,
    NextVisit,
}

/// The lenses. Where a hint behind the heading says the totals, no lens says them again.
pub fn lenses(analysis: &Analysis, totals_in_hints: bool) -> Vec<Lens> {
    let last = analysis.pieces().last().map(|p| p.start);
    let mut all = Vec::new();
    for piece in analysis.pieces() {
        let visit = &piece.visit;
        if !piece.is_visit() {
            continue;
        }
        if !visit.is_treated() {
            let heading = visit.heading.as_ref().map(|h| h.span);
            let with_words = heading.filter(|heading| heading.end < visit.text_end);
            all.extend(with_words.map(|heading| Lens {
                span: heading.shifted(piece.start),
                title: "no timed or billed block was read".to_owned(),
                press: Press::ShowClaim,
            }));
            continue;
        }
        let first = visit.modalities.first().map(|m| m.code_span);
        let Some(anchor) = visit.heading.as_ref().map(|h| h.span).or(first) else {
            continue;
        };
        let span = anchor.shifted(piece.start);
        let mut lens = |title: String, press| all.push(Lens { span, title, press });
        let hinted = totals_in_hints && visit.heading.is_some() && has_totals(piece);
        let title = units(analysis, piece, hinted);
        lens(title, Press::ShowClaim);
        lens("copy claim lines".to_owned(), Press::CopyClaimLines);
        if last == Some(piece.start) {
            lens("next visit".to_owned(), Press::NextVisit);
        }
    }
    all
}

/// Whether there are totals for a hint to say.
fn has_totals(piece: &Piece) -> bool {
    !piece.judgement.claim.disciplines.is_empty()
}

/// "3 units, 40 timed minutes (medicare)", or "show claim (medicare)" where a hint says the totals.
fn units(analysis: &Analysis, piece: &Piece, hinted: bool) -> String {
    let claim = &piece.judgement.claim;
    let preamble = analysis.preamble().map(|p| (&*p.text, &*p.visit));
    let here = (&*piece.text, &*piece.visit);
    let named = stated_by(here, preamble, FieldKind::Payer, one_line);
    let payers = &analysis.policy().payers;
    let profile = payers.iter().find(|p| p.name == piece.judgement.payer);
    let payer = profile.map_or_else(String::new, |payer| payer_as_named(payer, named));
    if hinted {
        return format!("show claim ({payer})");
    }
    let minutes = counted(claim.timed_minutes, "timed minute");
    let sum = if claim.disciplines.is_empty() {
        let lines = u32::try_from(claim.lines.len()).unwrap_or(u32::MAX);
        format!("{}, no timed minutes", counted(lines, "claim line"))
    } else if claim.incomplete {
        format!("{minutes} so far")
    } else {
        format!("{}, {minutes}", counted(claim.timed_units(), "unit"))
    };
    match analysis.visits_of_day(piece).len() {
        1 => format!("{sum} ({payer})"),
        visits => format!("{sum} on this day, {visits} visits ({payer})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;
    use crate::text::Document;
    use std::sync::Arc;

    /// Each lens as `what it stands at|its title`.
    fn shown(text: &str) -> Vec<String> {
        let document = Document::new(text);
        let analysis = Analysis::of(&document, &Arc::new(Policy::default()));
        lenses(&analysis, false)
            .iter()
            .map(|l| format!("{}|{}", document.slice(l.span), l.title))
            .collect()
    }

    #[test]
    fn on_every_visit_that_has_something_to_bill() {
        assert_eq!(
            shown(
                "payer: medicare\nvisit: 2026-11-13\n97124 25 min\n97140 15 min\n\
                 visit: 2026-11-16\nS: cancelled\nvisit: 2026-11-20\r\n97010\r\n"
            ),
            [
                "visit: 2026-11-13|3 units, 40 timed minutes (medicare)",
                "visit: 2026-11-13|copy claim lines",
                "visit: 2026-11-16|no timed or billed block was read",
                "visit: 2026-11-20|1 claim line, no timed minutes (medicare)",
                "visit: 2026-11-20|copy claim lines",
                "visit: 2026-11-20|next visit",
            ]
        );
        assert_eq!(shown("97124 8 min").len(), 3);
        for nothing in [
            "",
            "\u{feff}\0",
            "S: pasted prose, 25 min",
            "visit: 2026-11-20",
        ] {
            assert_eq!(shown(nothing), [""; 0]);
        }
    }

    #[test]
    fn on_a_visit_whose_blocks_stand_in_sentences_and_tables() {
        let all = [
            "DOS: 11/20/2026|2 units, 37 timed minutes (payer not known)",
            "DOS: 11/20/2026|copy claim lines",
            "DOS: 11/20/2026|next visit",
        ];
        for treatment in [
            "O: Manual therapy (97140) 12 min. Ther ex 25 min - 97110",
            "| CPT | Min |\n| 97140 | 12 |\n| 97110 | 25 |",
            "Tx: 97140 12 min; 97110 25 min",
        ] {
            assert_eq!(shown(&format!("DOS: 11/20/2026\n{treatment}\n")), all);
        }
    }

    #[test]
    fn as_many_whatever_is_typed_below_the_code() {
        let text = "visit: 2026-11-20\n97124 lumbar 10:02-10:27\n  response: \u{1F600}\n";
        for end in text.find("97124 ").unwrap() + 6..=text.len() {
            if text.is_char_boundary(end) {
                assert_eq!(shown(&text[..end]).len(), 3, "{:?}", &text[..end]);
            }
        }
        assert_eq!(
            shown("97124")[0],
            "97124|0 timed minutes so far (payer not known)"
        );
    }

    #[test]
    fn totals_are_said_once() {
        let said = |text: &str| {
            let document = Document::new(text);
            let analysis = Analysis::of(&document, &Arc::new(Policy::default()));
            let lenses = lenses(&analysis, true).into_iter();
            lenses.map(|l| l.title).next().unwrap()
        };
        let heading = "payer: Acme Health\nvisit: 2026-11-20\n";
        assert_eq!(
            said(&format!("{heading}97124 25 min\n")),
            "show claim (Acme Health (not known to Soapstone))"
        );
        // There is no hint that says these.
        assert_eq!(
            said(&format!("{heading}97010\n")),
            "1 claim line, no timed minutes (Acme Health (not known to Soapstone))"
        );
        assert_eq!(
            said("97124 25 min"),
            "2 units, 25 timed minutes (payer not known)"
        );
    }
}
