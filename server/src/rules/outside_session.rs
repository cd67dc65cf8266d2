//! `outside-session`: see its page in `docs/rules/`.

use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::time::clock;
use crate::policy::Level;

/// The rule.
pub static RULE: Rule = Rule {
    name: "outside-session",
    group: Group::Time,
    level: Level::Warning,
    source: "CMS Pub. 100-02 ch. 15 §220.3.E",
    page: page!("outside-session"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let Some(session) = case.session() else {
        return;
    };
    let Some(hours) = session.clock.filter(|s| s.minutes().is_some()) else {
        return;
    };
    let blocks = case
        .visit
        .modalities
        .iter()
        .flat_map(|m| m.clock.iter().map(move |r| (m, r)));
    let blocks: Vec<_> = blocks.filter(|(_, r)| r.minutes().is_some()).collect();
    let first = blocks
        .iter()
        .map(|(_, r)| r.start)
        .min()
        .unwrap_or(hours.start)
        .min(hours.start);
    let last = blocks
        .iter()
        .map(|(_, r)| r.end)
        .max()
        .unwrap_or(hours.end)
        .max(hours.end);
    for (modality, range) in blocks {
        if range.start >= hours.start && range.end <= hours.end {
            continue;
        }
        let draft = Draft::new(
            range.span,
            format!(
                "This block of {} lies outside the session of {} to {}. A payer that compares the two will ask which is right.",
                modality.code,
                clock(hours.start),
                clock(hours.end)
            ),
        )
        .related(hours.span, "The session");
        let widened = format!("{}-{}", clock(first), clock(last));
        let fits = last - first <= 8 * 60;
        found.push(if fits {
            draft.fix(
                format!("Extend the session to {widened}"),
                hours.span,
                widened,
            )
        } else {
            draft
        });
    }
}
