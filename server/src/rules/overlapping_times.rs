use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::time::clock;
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "overlapping-times",
    group: Group::Time,
    level: Level::Error,
    source: "CMS Pub. 100-04 ch. 5 §20.2; one-on-one minutes are counted once",
    page: page!("overlapping-times"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let modalities = case.visit.modalities.iter();
    let blocks: Vec<_> = modalities
        .filter(|m| m.is_one_on_one())
        .flat_map(|m| m.clock.iter().map(move |r| (m, r)))
        .filter(|(_, r)| r.minutes().is_some())
        .collect();
    for (index, (modality, range)) in blocks.iter().enumerate() {
        let mut before = blocks[..index].iter();
        let Some((other, taken)) =
            before.find(|(_, other)| other.start < range.end && range.start < other.end)
        else {
            continue;
        };
        let message = format!(
            "{} and {} both claim {} to {}. One-on-one minutes count for one code only, and a payer will deny the overlap.",
            other.code,
            modality.code,
            clock(range.start.max(taken.start)),
            clock(range.end.min(taken.end))
        );
        let other = format!("The other block, {}", other.code);
        found.push(Draft::new(range.span, message).related(taken.span, other));
    }
}
