//! `unused-waiver`: see its page in `docs/rules/`.

use std::collections::BTreeSet;

use super::{ChartCase, Check, Draft, Group, Rule, ScopedWaiver, find, waivers_of};
use crate::chart::{FieldKind, Visit};
use crate::policy::{Level, Waiver, nearest};
use crate::text::Span;

/// The rule.
pub static RULE: Rule = Rule {
    name: "unused-waiver",
    group: Group::Chart,
    level: Level::Information,
    source: "A waiver that waives nothing hides the next finding",
    page: page!("unused-waiver"),
    check: Check::Waivers,
};

/// The findings about waivers: with the index of their visit, or none for what stands before the first
/// heading. `used` are the places of the names that waived something.
pub(super) fn drafts(case: &ChartCase<'_>, used: &BTreeSet<Span>) -> Vec<(Option<usize>, Draft)> {
    let mut found = Vec::new();
    // What is still being written may yet be what the waiver is for.
    let settled = case.visits.iter().any(|v| v.last && !v.is_open());
    if let Some((text, visit)) = case.preamble {
        let open = !settled;
        let known = case.preamble_facts.map(|facts| &facts.waivers);
        let waivers = known.map_or(&[][..], |w| w.get_or_init(|| waivers_of(text, visit)));
        judge(case, (text, visit, waivers), 0, open, used, |draft| {
            found.push((None, draft));
        });
    }
    for (index, visit) in case.visits.iter().enumerate() {
        if !visit.gist.has_waivers {
            continue;
        }
        let read = || waivers_of(visit.text, visit.visit);
        let waivers = visit.facts.waivers.get_or_init(read);
        if !case.is_preamble(visit) && !waivers.is_empty() {
            judge(
                case,
                (visit.text, visit.visit, waivers),
                visit.start,
                visit.is_open(),
                used,
                |draft| found.push((Some(index), draft)),
            );
        }
    }
    found
}

fn judge(
    case: &ChartCase<'_>,
    (text, visit, waivers): (&str, &Visit, &[ScopedWaiver]),
    start: usize,
    open: bool,
    used: &BTreeSet<Span>,
    mut push: impl FnMut(Draft),
) {
    for (scope, waiver) in waivers {
        // Without a reason it has a finding of its own.
        if !waiver.has_reason {
            continue;
        }
        for (name, place) in &waiver.rules {
            let at = place.shifted(start);
            let Some(rule) = find(name) else {
                let rules = super::ALL.iter().map(|r| r.name);
                if let Some(near) = nearest(name, rules) {
                    push(
                        Draft::new(
                            at,
                            format!("There is no rule with this name, so nothing is waived. Did you mean \"{near}\"?"),
                        )
                        .fix(format!("Change it to {near}"), at, near)
                        .preferred(),
                    );
                } else if !waiver.rules.iter().any(|(name, _)| find(name).is_some()) {
                    push(Draft::new(
                        at,
                        "There is no rule with this name, so nothing is waived. A finding shows the name of its rule.",
                    ));
                }
                continue;
            };
            let off = case.policy.rules.get(rule.name) == Some(&Level::Off);
            if used.contains(&at) || off || open || *rule == RULE {
                continue;
            }
            let place = match scope {
                Some(_) => "in this block",
                None if visit.heading.is_none() && case.preamble.is_some() => "in this chart",
                None => "in this visit",
            };
            let mut draft = Draft::new(
                at,
                format!(
                    "This waiver has no effect {place}. It would hide a finding that comes later."
                ),
            );
            if let Some((title, span, words)) = without(
                text,
                visit,
                &(*scope, waiver.clone()),
                *place_of(waiver, name),
            ) {
                draft = draft.fix(title, span.shifted(start), words).preferred();
            }
            push(draft);
        }
    }
}

fn place_of<'a>(waiver: &'a Waiver, name: &str) -> &'a Span {
    let found = waiver.rules.iter().find(|(other, _)| other == name);
    found.map_or(&waiver.rules[0].1, |(_, place)| place)
}

/// The edit that takes a name out of a waiver, or the whole line if it is the only one.
fn without(
    text: &str,
    visit: &Visit,
    (_, waiver): &ScopedWaiver,
    place: Span,
) -> Option<(&'static str, Span, String)> {
    if waiver.rules.len() > 1 {
        let (first, last) = (waiver.rules.first()?.1, waiver.rules.last()?.1);
        let kept = waiver.rules.iter().filter(|(_, other)| *other != place);
        let kept: Vec<&str> = kept.map(|(_, other)| &text[other.range()]).collect();
        return Some((
            "Take this rule out of the waiver",
            Span::new(first.start, last.end),
            kept.join(", "),
        ));
    }
    let field = visit
        .fields_of(FieldKind::Waive)
        .find(|f| f.value.is_some_and(|v| v.touches(place.start)));
    let span = field.map_or_else(
        || {
            let start = text[..place.start]
                .rfind(['\n', '\r'])
                .map_or(0, |at| at + 1);
            let rest = &text[place.end..];
            let end = rest.find(['\n', '\r']).map_or(rest.len(), |at| {
                at + if rest[at..].starts_with("\r\n") { 2 } else { 1 }
            });
            Span::new(start, place.end + end)
        },
        |field| field.span,
    );
    Some(("Take this waiver out", span, String::new()))
}
