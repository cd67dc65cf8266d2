//! Whether the rules about several visits can tell a visit from what it was before a keystroke.
//!
//! Most keystrokes put a letter into a sentence that none of these rules reads for more than a few
//! facts. Then their findings are what they were, and the chart's other visits need not be looked at.

use std::sync::Arc;

use super::certification_expired::certifies_again;
use super::cloned_note::is_clone;
use super::goal_overdue::{same_words_of_goals, says_what_became};
use super::missing_referral::names_referral;
use super::no_progress::measures_of;
use super::progress_report_due::is_report;
use super::{ChartVisit, diagnoses};
use crate::chart::measures;
use crate::chart::{Field, FieldKind, Modality, SectionKind};
use crate::policy::Policy;

/// Whether nothing that a rule about several visits sees of a visit has changed, but for its place and
/// that of its parts. `before` and `after` are the visits beside it. In doubt it has.
pub fn is_unseen(
    old: &ChartVisit<'_>,
    new: &ChartVisit<'_>,
    before: Option<&ChartVisit<'_>>,
    after: Option<&ChartVisit<'_>>,
    policy: &Policy,
) -> bool {
    is_simple(new)
        && is_simple(old)
        && !leaves_side_open(old, policy)
        && !leaves_side_open(new, policy)
        && std::ptr::eq(old.payer, new.payer)
        && old.last == new.last
        && old.visit.is_signed() == new.visit.is_signed()
        && heading(old) == heading(new)
        && old
            .visit
            .sections
            .iter()
            .map(|s| s.kind)
            .eq(new.visit.sections.iter().map(|s| s.kind))
        && same_fields(old, new)
        && same_modalities(old, new)
        && certifies_again(old) == certifies_again(new)
        && is_report(old) == is_report(new)
        && says_the_same_of_goals(old, new)
        && says_referral(old) == says_referral(new)
        && same_measures(old, new)
        && [before, after]
            .into_iter()
            .flatten()
            .all(|beside| is_clone(old, beside) == is_clone(new, beside))
}

/// Whether the visit has nothing of what few visits have and these rules look at closely: goals,
/// waivers, evaluations, diagnoses that may still be being typed.
fn is_simple(visit: &ChartVisit<'_>) -> bool {
    let waives = |m: &Modality| m.details_of(FieldKind::Waive).next().is_some();
    visit.visit.goals.is_empty()
        && visit.visit.field(FieldKind::Waive).is_none()
        && !visit.visit.modalities.iter().any(waives)
        && !visit
            .visit
            .modalities
            .iter()
            .any(|m| m.procedure.is_some_and(|p| p.evaluation))
        && !(visit.last && diagnoses::own(visit.visit).next().is_some())
        && visit.waived.here.is_empty()
        && visit.waived.chart.is_empty()
}

/// Whether a diagnosis of this visit, or of what stands before the first one, leaves its side open, so
/// that every word of the notes may tell it.
pub fn leaves_side_open(visit: &ChartVisit<'_>, policy: &Policy) -> bool {
    let release = policy.release();
    let open = || {
        let mut own = diagnoses::own(visit.visit);
        own.any(|d| super::unspecified_side::leaves_side_open(release, visit.text, d))
    };
    visit.facts.leaves_side_open.get(release, open)
}

fn heading<'v>(visit: &ChartVisit<'v>) -> Option<&'v str> {
    let heading = visit.visit.heading.as_ref()?;
    Some(visit.str(heading.span))
}

fn same_fields<'v>(old: &ChartVisit<'v>, new: &ChartVisit<'v>) -> bool {
    let same = |(one, other): (&Field, &Field)| {
        let value = |visit: &ChartVisit<'v>, field: &Field| field.value.map(|v| visit.str(v));
        one.kind == other.kind
            && one.section == other.section
            && old.str(one.key) == new.str(other.key)
            && value(old, one) == value(new, other)
    };
    let (before, after) = (&old.visit.fields, &new.visit.fields);
    before.len() == after.len() && before.iter().zip(after).all(same)
}

fn same_modalities<'v>(old: &ChartVisit<'v>, new: &ChartVisit<'v>) -> bool {
    let same = |(one, other): (&'v Modality, &'v Modality)| {
        let modifiers = |m: &'v Modality| m.modifiers.iter().map(|m| m.code.as_str());
        let clock = |m: &'v Modality| m.clock.iter().map(|r| (r.start, r.end));
        let codes = |m: &'v Modality| m.diagnoses.iter().map(|d| d.code.as_str());
        one.code == other.code
            && modifiers(one).eq(modifiers(other))
            && clock(one).eq(clock(other))
            && codes(one).eq(codes(other))
    };
    old.visit.modalities.len() == new.visit.modalities.len()
        && old
            .visit
            .modalities
            .iter()
            .zip(&new.visit.modalities)
            .all(same)
}

/// Whether the measures are the same; those of lines that did not change are not read again.
fn same_measures<'v>(old: &ChartVisit<'v>, new: &ChartVisit<'v>) -> bool {
    fn lines<'v>(visit: &ChartVisit<'v>) -> impl Iterator<Item = (SectionKind, &'v str)> + Clone {
        let visit = *visit;
        visit.visit.prose.iter().filter_map(move |line| {
            let kind = line.section?;
            let measured = !matches!(kind, SectionKind::Plan | SectionKind::Treatment);
            measured.then(|| (kind, visit.str(line.span)))
        })
    }
    if !measures::are_same(lines(old), lines(new)) {
        return measures_of(old) == measures_of(new);
    }
    if let Some(known) = old.facts.pain.get() {
        let _ = new.facts.pain.set(*known);
    }
    if let Some(known) = old.facts.measures.get() {
        let _ = new.facts.measures.set(Arc::clone(known));
    }
    true
}

/// Whether both say, or both do not, what became of the goals; what is known of one is known of the
/// other then.
fn says_the_same_of_goals(old: &ChartVisit<'_>, new: &ChartVisit<'_>) -> bool {
    if !same_words_of_goals(old, new) {
        return says_what_became(old) == says_what_became(new);
    }
    if let Some(known) = old.facts.speaks_of_goals.get() {
        let _ = new.facts.speaks_of_goals.set(*known);
    }
    true
}

fn says_referral(visit: &ChartVisit<'_>) -> bool {
    names_referral(visit.text, visit.visit, visit.facts)
}
