//! What an editor can offer to do at a place of the note beyond the fixes of findings: a file for
//! each kind of offer, a row for each in [`OFFERS`].

mod fix_all;
mod next_visit;
mod organize;
mod stamp_time;
#[cfg(test)]
mod testing;
mod timed_block;

pub use fix_all::edits_for;

use jiff::civil::DateTime;

use crate::analysis::Analysis;
use crate::rules::Edit;
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

/// The offers of one file.
type Offer = for<'a> fn(&Asked<'a>) -> Vec<Action>;

/// Every offer, in the order in which they are shown, with the kind of all of its actions.
static OFFERS: &[(Kind, Offer)] = &[
    (Kind::Add, stamp_time::actions),
    (Kind::Add, next_visit::actions),
    (Kind::Fix, fix_all::fix_rule),
    (Kind::Rewrite, timed_block::timed_block),
    (Kind::Rewrite, organize::rewrite),
    (Kind::Organize, organize::organize),
    (Kind::FixAll, fix_all::fix_all),
];

/// What can be done, of the kinds that are wanted. What is offered under two kinds is offered once
/// where both are wanted.
pub fn actions(asked: &Asked<'_>, wanted: impl Fn(Kind) -> bool) -> Vec<Action> {
    let mut actions: Vec<Action> = Vec::new();
    for (_, offer) in OFFERS.iter().filter(|(kind, _)| wanted(*kind)) {
        for action in offer(asked) {
            let same = |a: &Action| a.title == action.title && a.edits == action.edits;
            if !actions.iter().any(same) {
                actions.push(action);
            }
        }
    }
    actions
}
