//! `duplicate-visit`: see its page in `docs/rules/`.

use std::collections::BTreeSet;

use super::{ChartCase, ChartVisit, Check, Draft, Group, Rule};
use crate::chart::FieldKind;
use crate::chart::time;
use crate::policy::Level;

/// The rule.
pub static RULE: Rule = Rule {
    name: "duplicate-visit",
    group: Group::Chart,
    level: Level::Warning,
    source: "Payers reject a second claim for the same service on the same day",
    page: page!("duplicate-visit"),
    check: Check::Chart(check),
};

fn check(case: &ChartCase<'_>, found: &mut Vec<(usize, Draft)>) {
    let visits = case.treated_by_day();
    for (at, (index, day)) in visits.iter().enumerate() {
        let visit = &case.visits[*index];
        let same_day = visits[..at].iter().rev().take_while(|(_, of)| of == day);
        let twin = same_day
            .map(|(before, _)| &case.visits[*before])
            .filter(|before| is_twin(before, visit))
            .last();
        if let Some(twin) = twin {
            found.push((
                *index,
                Draft::new(
                    visit.date_span(),
                    "This visit has the same day and the same codes as another. A payer pays one of them and rejects the other as a duplicate; if the patient came twice, give the times of both.",
                )
                .related(twin.date_span(), "The other visit"),
            ));
        }
    }
}

fn is_twin(one: &ChartVisit<'_>, other: &ChartVisit<'_>) -> bool {
    if one.payer.name != other.payer.name || codes(one) != codes(other) {
        return false;
    }
    let differ = |one: BTreeSet<String>, other: BTreeSet<String>| {
        !one.is_empty() && !other.is_empty() && one != other
    };
    let provider = |v: &ChartVisit<'_>| {
        let named = v.visit.field(FieldKind::Provider).and_then(|f| f.value);
        named
            .map(|s| v.str(s).trim().to_lowercase())
            .into_iter()
            .collect()
    };
    !differ(times(one), times(other)) && !differ(provider(one), provider(other))
}

/// The codes, each with the discipline that it is billed under.
fn codes(visit: &ChartVisit<'_>) -> BTreeSet<String> {
    visit
        .visit
        .modalities
        .iter()
        .map(|m| {
            let therapy = m
                .modifiers
                .iter()
                .find(|x| ["GP", "GO", "GN"].contains(&x.code.as_str()));
            format!("{} {}", m.code, therapy.map_or("", |x| &x.code))
        })
        .collect()
}

/// The clock times of the visit: its session's, else its modalities'.
fn times(visit: &ChartVisit<'_>) -> BTreeSet<String> {
    let session = visit.visit.field(FieldKind::Session).and_then(|f| f.value);
    let session = session.map_or_else(Vec::new, |s| time::clock_ranges(visit.str(s), s.start));
    let blocks: Vec<_> = visit
        .visit
        .modalities
        .iter()
        .flat_map(|m| m.clock.clone())
        .collect();
    let ranges = if session.is_empty() { blocks } else { session };
    ranges
        .iter()
        .map(|r| format!("{}-{}", time::clock(r.start), time::clock(r.end)))
        .collect()
}
