//! `goal-not-measurable`: see its page in `docs/rules/`.

use super::goals::{finished, with};
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::policy::Level;

/// The rule.
pub static RULE: Rule = Rule {
    name: "goal-not-measurable",
    group: Group::Documentation,
    level: Level::Warning,
    source: "Palmetto GBA, writing therapy goals",
    page: page!("goal-not-measurable"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for goal in finished(case) {
        if goal.measure.is_none() {
            found.push(
                Draft::new(
                    goal.span,
                    "This goal has no figure to measure it by, such as minutes, distance, degrees or a score, so a payer cannot see progress.",
                )
                .fix_of("Say how much (a blank to fill)", vec![with(case, goal, " for ___ minutes")])
                .preferred(),
            );
        }
    }
}
