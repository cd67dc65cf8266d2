//! Which findings a note waives, and which of its waivers were of use.

use std::collections::BTreeSet;

use super::anchor::Anchor;
use crate::chart::{FieldKind, Visit};
use crate::policy::Waiver;
use crate::text::Span;

/// A waiver with the part of its visit that it holds for.
#[derive(Clone, Debug)]
pub(super) struct ScopedWaiver {
    /// The modality that it holds for, by its index and place; none for the whole visit.
    scope: Option<(usize, Span)>,
    /// The number of its first rule name among all names in waivers of the visit.
    first: usize,
    /// Where its value stands.
    pub value: Span,
    /// What it says.
    pub waiver: Waiver,
}

/// The rule names in waivers that were of use in judging a visit, by their number among the names of the
/// visit's waivers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waived {
    /// In the visit itself.
    pub here: BTreeSet<usize>,
    /// In what stands before the first visit heading.
    pub chart: BTreeSet<usize>,
}

/// A waiver as the rules across visits see it.
#[derive(Debug, PartialEq, Eq)]
pub struct WaiverSummary {
    /// The modality that it holds for, by its index; none for the whole visit.
    pub scope: Option<usize>,
    /// The number of its first rule name among all names in waivers of the visit.
    pub first: usize,
    /// The names of the rules, in small letters and as written, with their places.
    pub names: Vec<(String, String, Anchor)>,
    /// From the first name to the last.
    pub all_names: Anchor,
    /// Whether a reason is given.
    pub has_reason: bool,
}

impl WaiverSummary {
    /// The numbers of the names by which it waives a rule.
    pub fn waives(&self, rule: &str) -> impl Iterator<Item = usize> {
        let names = (self.first..).zip(&self.names);
        let waiving = names.filter(move |(_, (name, ..))| self.has_reason && name == rule);
        waiving.map(|(number, _)| number)
    }
}

/// The rules that a visit and its blocks waive with a reason, each with its place.
pub fn waived_rules(text: &str, visit: &Visit) -> Vec<(String, Span)> {
    let waivers = waivers_of(text, visit).into_iter();
    let with_reason = waivers.filter(|scoped| scoped.waiver.has_reason);
    with_reason.flat_map(|scoped| scoped.waiver.rules).collect()
}

/// The waivers of a visit: of the whole visit, then of each modality.
pub(super) fn waivers_of(text: &str, visit: &Visit) -> Vec<ScopedWaiver> {
    let whole = visit
        .fields_of(FieldKind::Waive)
        .filter_map(|f| f.value)
        .map(|value| (None, value));
    let blocks = visit.modalities.iter().enumerate().flat_map(|(index, m)| {
        m.details_of(FieldKind::Waive)
            .map(move |detail| (Some((index, m.span)), detail.span))
    });
    let mut first = 0;
    let waivers = whole.chain(blocks).map(|(scope, value)| {
        let waiver = Waiver::read(&text[value.range()], value.start);
        let scoped = ScopedWaiver {
            scope,
            first,
            value,
            waiver,
        };
        first += scoped.waiver.rules.len();
        scoped
    });
    waivers.collect()
}

/// Where the values of a visit's waivers stand.
pub(super) fn spans(visit: &Visit) -> impl Iterator<Item = Span> {
    let whole = visit.fields_of(FieldKind::Waive).filter_map(|f| f.value);
    let blocks = visit.modalities.iter();
    let blocks = blocks.flat_map(|m| m.details_of(FieldKind::Waive));
    whole.chain(blocks.map(|detail| detail.span))
}

/// The waivers that hold for the whole chart, of what stands before the first visit heading.
pub(super) fn chart_waivers(preamble: Option<(&str, &Visit)>) -> Vec<ScopedWaiver> {
    let mut all = preamble.map_or_else(Vec::new, |(text, visit)| waivers_of(text, visit));
    all.retain(|waiver| waiver.scope.is_none());
    all
}

/// Whether a finding about a visit is waived; the names that waived it go to `used`.
pub(super) fn is_waived(
    waivers: &[ScopedWaiver],
    rule: &str,
    span: Span,
    used: &mut BTreeSet<usize>,
) -> bool {
    let mut waived = false;
    for ScopedWaiver {
        scope,
        first,
        waiver,
        ..
    } in waivers
    {
        if waiver.waives(rule) && scope.is_none_or(|(_, place)| place.meets(span)) {
            let names = (*first..).zip(&waiver.rules);
            used.extend(names.filter(|(_, (name, _))| name == rule).map(|(n, _)| n));
            waived = true;
        }
    }
    waived
}

/// The waivers of a visit as the rules across visits see them.
pub(super) fn summarize(text: &str, visit: &Visit) -> Vec<WaiverSummary> {
    let waivers = waivers_of(text, visit).into_iter();
    let named = waivers.filter(|scoped| !scoped.waiver.rules.is_empty());
    let summaries = named.map(|scoped| {
        let rules = &scoped.waiver.rules;
        let ends = rules.first().zip(rules.last());
        let all = ends.map_or_else(Span::default, |((_, first), (_, last))| {
            Span::new(first.start, last.end)
        });
        WaiverSummary {
            scope: scoped.scope.map(|(index, _)| index),
            first: scoped.first,
            all_names: Anchor::of(visit, all),
            has_reason: scoped.waiver.has_reason,
            names: rules
                .iter()
                .map(|(name, place)| {
                    let written = text[place.range()].to_owned();
                    (name.clone(), written, Anchor::of(visit, *place))
                })
                .collect(),
        }
    });
    summaries.collect()
}
