use super::{Check, Draft, Group, Rule, VisitCase};
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "too-many-modifiers",
    group: Group::Coding,
    level: Level::Information,
    source: "CMS-1500 claim form, item 24D",
    page: page!("too-many-modifiers"),
    check: Check::Visit(check),
};

/// A claim line has places for so many modifiers.
const MOST: usize = 4;

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for modality in &case.visit.modalities {
        let Some(fifth) = modality.modifiers.get(MOST) else {
            continue;
        };
        found.push(Draft::new(
            fifth.span,
            format!(
                "A claim line has places for {MOST} modifiers, and {} has {}. Those that change the payment go first; the others will not reach the payer.",
                modality.code,
                modality.modifiers.len()
            ),
        ));
    }
}
