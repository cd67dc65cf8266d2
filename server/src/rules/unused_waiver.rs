use std::collections::BTreeSet;

use super::chart_draft::ChartPlace;
use super::summary::VisitSummary;
use super::waivers::WaiverSummary;
use super::{ChartCase, ChartDraft, ChartEdit, Check, Group, Rule, clinic, find_in};
use crate::policy::{Level, nearest};

pub static RULE: Rule = Rule {
    name: "unused-waiver",
    group: Group::Chart,
    level: Level::Information,
    source: "A waiver that waives nothing hides the next finding",
    page: page!("unused-waiver"),
    check: Check::Waivers,
};

/// The findings about waivers. `used` are the names that waived something: their pieces, and their
/// numbers there.
pub(super) fn drafts(case: &ChartCase<'_>, used: &BTreeSet<(usize, usize)>) -> Vec<ChartDraft> {
    let mut found = Vec::new();
    // What is still being written may yet be what the waiver is for.
    let settled = case.visits.iter().any(|v| v.is_last && !v.is_open);
    for (piece, summary) in case.pieces() {
        let is_before = piece == 0 && case.preamble.is_some();
        let about = About {
            case,
            piece,
            visit: (!is_before).then(|| piece - case.first_piece()),
            summary,
            open: if is_before { !settled } else { summary.is_open },
        };
        // Without a reason it has a finding of its own.
        for waiver in summary.waivers.iter().filter(|w| w.has_reason) {
            about.judge(waiver, used, &mut found);
        }
    }
    found
}

/// The piece of the document that waivers stand in.
struct About<'c, 'a> {
    case: &'c ChartCase<'a>,
    piece: usize,
    /// The visit's index; none for what stands before the first heading.
    visit: Option<usize>,
    summary: &'c VisitSummary,
    /// It is still being written.
    open: bool,
}

impl About<'_, '_> {
    fn judge(
        &self,
        waiver: &WaiverSummary,
        used: &BTreeSet<(usize, usize)>,
        found: &mut Vec<ChartDraft>,
    ) {
        for (number, (name, _, anchor)) in (waiver.first..).zip(&waiver.names) {
            let at = ChartPlace::new(self.piece, *anchor);
            let Some(rule) = find_in(self.case.policy, name) else {
                found.extend(self.unknown(waiver, name, at));
                continue;
            };
            let off = self.case.policy.rules.get(rule.name) == Some(&Level::Off);
            if used.contains(&(self.piece, number)) || off || self.open || *rule == RULE {
                continue;
            }
            let place = match waiver.scope {
                Some(_) => "in this block",
                None if !self.summary.has_heading && self.case.preamble.is_some() => {
                    "in this chart"
                }
                None => "in this visit",
            };
            let message = format!(
                "This waiver has no effect {place}. It would hide a finding that comes later."
            );
            let (title, edit) = without(waiver, name, at);
            let draft = ChartDraft::new(self.visit, at, message);
            found.push(draft.fix(title, edit).preferred());
        }
    }

    fn unknown(&self, waiver: &WaiverSummary, name: &str, at: ChartPlace) -> Option<ChartDraft> {
        let own = clinic::of_policy(self.case.policy);
        let rules = super::ALL.iter().copied().chain(own).map(|r| r.name);
        if let Some(near) = nearest(name, rules) {
            let message = format!(
                "There is no rule with this name, so nothing is waived. Did you mean \"{near}\"?"
            );
            let edit = ChartEdit::Replace(at, near.to_owned());
            let draft = ChartDraft::new(self.visit, at, message);
            return Some(draft.fix(format!("Change it to {near}"), edit).preferred());
        }
        let known = waiver
            .names
            .iter()
            .any(|(name, ..)| find_in(self.case.policy, name).is_some());
        (!known).then(|| {
            ChartDraft::new(
                self.visit,
                at,
                "There is no rule with this name, so nothing is waived. A finding shows the name of its rule.",
            )
        })
    }
}

/// The edit that takes a name out of a waiver, or the whole line if it is the only one.
fn without(waiver: &WaiverSummary, name: &str, at: ChartPlace) -> (&'static str, ChartEdit) {
    if waiver.names.len() == 1 {
        return ("Take this waiver out", ChartEdit::TakeOut(at));
    }
    // The name may be there twice.
    let first = waiver.names.iter().position(|(other, ..)| other == name);
    let kept = waiver.names.iter().enumerate();
    let kept = kept.filter(|(index, _)| Some(*index) != first);
    let kept: Vec<&str> = kept.map(|(_, (_, written, _))| written.as_str()).collect();
    let all = ChartPlace::new(at.piece, waiver.all_names);
    let edit = ChartEdit::Replace(all, kept.join(", "));
    ("Take this rule out of the waiver", edit)
}
