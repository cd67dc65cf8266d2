//! `overlapping-times`: see its page in `docs/rules/`.

use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::time::clock;
use crate::policy::Level;

/// The rule.
pub static RULE: Rule = Rule {
    name: "overlapping-times",
    group: Group::Time,
    level: Level::Error,
    source: "CMS Pub. 100-04 ch. 5 §20.2; one-on-one minutes are counted once",
    page: page!("overlapping-times"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let blocks: Vec<_> = case
        .visit
        .modalities
        .iter()
        .filter(|m| m.is_one_on_one())
        .flat_map(|m| {
            m.clock
                .iter()
                .filter(|r| r.minutes().is_some())
                .map(move |r| (m, r))
        })
        .collect();
    for (index, (modality, range)) in blocks.iter().enumerate() {
        let before = blocks[..index]
            .iter()
            .find(|(_, other)| other.start < range.end && range.start < other.end);
        let Some((other, taken)) = before else {
            continue;
        };
        let (from, to) = (range.start.max(taken.start), range.end.min(taken.end));
        found.push(
            Draft::new(
                range.span,
                format!(
                    "{} and {} both claim {} to {}. One-on-one minutes count for one code only, and a payer will deny the overlap.",
                    other.code,
                    modality.code,
                    clock(from),
                    clock(to)
                ),
            )
            .related(taken.span, format!("The other block, {}", other.code)),
        );
    }
}
