//! What an editor can offer to do at a place of the note: the fixes of findings, and what there is beside them, a file for
//! each kind of offer, a row for each in [`OFFERS`].

mod fix_all;
mod next_visit;
mod organize;
mod stamp_time;
#[cfg(test)]
mod testing;
mod timed_block;

pub use fix_all::edits_for;

use std::cmp::Reverse;

use jiff::civil::DateTime;

use crate::analysis::Analysis;
use crate::rules::{Edit, Finding};
use crate::text::{Document, Span};

/// Something that the clinician may choose to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// What it does, as an order.
    pub title: String,
    pub kind: Kind,
    /// The spans are offsets of the document and do not overlap.
    pub edits: Vec<Edit>,
}

/// What sort of a change an action makes, so that an editor can put it into its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Mends what a finding is about.
    Fix,
    /// Adds something that was not there.
    Add,
    /// Says the same in another form.
    Rewrite,
    /// Mends all that has one plain answer.
    FixAll,
    /// Puts visits in order.
    Organize,
}

/// What is asked, and when.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub document: &'a Document,
    pub analysis: &'a Analysis,
    /// The selection in the document; empty for a cursor.
    pub span: Span,
    pub now: DateTime,
    /// The editor asks by itself, as the cursor moves, so that what could be done anywhere would
    /// only keep a light bulb burning.
    pub unbidden: bool,
}

/// What one file offers.
type Offered = for<'a> fn(&Asked<'a>) -> Vec<Action>;

/// What is offered beside the fixes of findings, in the order in which it is shown, with the kind of all actions of a file.
static OFFERS: &[(Kind, Offered)] = &[
    (Kind::Fix, fix_all::fix_rule),
    (Kind::Add, stamp_time::actions),
    (Kind::Add, next_visit::actions),
    (Kind::Rewrite, timed_block::timed_block),
    (Kind::Rewrite, organize::rewrite),
    (Kind::Organize, organize::organize),
    (Kind::FixAll, fix_all::fix_all),
];

/// An action in the list that the clinician sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub action: Action,
    /// The findings that it mends, as indices of those that were looked at.
    pub mends: Vec<usize>,
    /// It is the one right answer to a finding.
    pub preferred: bool,
}

/// What can be done, of the kinds that are wanted: the fixes of these findings, the best first, then all else. What comes to
/// the same text, or says the same of itself, is offered once.
pub fn offers(
    asked: &Asked<'_>,
    findings: &[Finding],
    wanted: impl Fn(Kind) -> bool,
) -> Vec<Offer> {
    let mut offers = List(fixes(findings));
    for (_, offered) in OFFERS.iter().filter(|(kind, _)| wanted(*kind)) {
        for action in offered(asked) {
            offers.add(Offer {
                action,
                mends: Vec::new(),
                preferred: false,
            });
        }
    }
    offers.0
}

/// The fixes of findings. The one right answer to a finding comes before what is a choice, and an error's before a
/// warning's.
fn fixes(findings: &[Finding]) -> Vec<Offer> {
    let mut all = Vec::new();
    for (index, finding) in findings.iter().enumerate() {
        all.extend(finding.fixes.iter().map(|fix| (index, fix)));
    }
    all.sort_by_key(|(index, fix)| Reverse((fix.preferred, findings[*index].level)));
    let mut offers = List::default();
    for (index, fix) in all {
        offers.add(Offer {
            action: Action {
                title: fix.title.to_string(),
                kind: Kind::Fix,
                edits: fix.edits.clone(),
            },
            mends: vec![index],
            preferred: fix.preferred,
        });
    }
    offers.0
}

/// Offers that differ in what they say and in what they do.
#[derive(Default)]
struct List(Vec<Offer>);

impl List {
    fn add(&mut self, offer: Offer) {
        let same = |known: &&mut Offer| {
            let (known, new) = (&known.action, &offer.action);
            known.title == new.title || known.edits == new.edits
        };
        match self.0.iter_mut().find(same) {
            Some(known) if known.action.edits == offer.action.edits => {
                known.mends.extend(offer.mends);
                known.preferred |= offer.preferred;
            }
            Some(_) => {}
            None => self.0.push(offer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::testing::Note;
    use super::*;

    /// The titles of what is offered on the whole of a note.
    fn titles(text: &str) -> Vec<String> {
        let note = Note::new(text);
        let asked = note.asked(Span::new(0, text.len()));
        let found = note.analysis.findings();
        let offers = offers(&asked, &found, |_| true).into_iter();
        offers.map(|o| o.action.title).collect()
    }

    #[test]
    fn the_best_fix_first() {
        let text = "visit: 2026-11-20\n97124 lumbar\nprovidr: x\n";
        let note = Note::new(text);
        let found = note.analysis.findings();
        let asked = note.asked(Span::new(0, text.len()));
        let offers = offers(&asked, &found, |_| true);
        let weight = |offer: &Offer| {
            let level = offer.mends.first().map(|i| found[*i].level);
            (offer.preferred, level)
        };
        let fixes: Vec<_> = offers.iter().filter(|o| !o.mends.is_empty()).collect();
        assert!(fixes.len() > 2, "{offers:#?}");
        assert!(fixes.is_sorted_by_key(|o| Reverse(weight(o))));
        assert!(offers.iter().is_sorted_by_key(|o| o.mends.is_empty()));
    }

    #[test]
    fn one_offer_for_one_purpose() {
        // Both visits lack the same line, and all misspelt names are all that can be mended.
        let text = "visit: 2026-11-13\n97124 lumbar 10:00-10:25\nprovidr: x\nvisit: 2026-11-20\n97124 lumbar 10:00-10:25\nprovidr: x\n";
        let titles = titles(text);
        assert!(
            titles
                .iter()
                .any(|t| t == "Correct all 2 misspelled names in this note")
        );
        assert!(!titles.iter().any(|t| t.contains("headings and date forms")));
        for title in &titles {
            assert_eq!(
                titles.iter().filter(|t| *t == title).count(),
                1,
                "{titles:?}"
            );
        }
    }
}
