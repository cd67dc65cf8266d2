//! `goal-not-functional`: see its page in `docs/rules/`.

use super::goals::{finished, with};
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::policy::Level;

/// The rule.
pub static RULE: Rule = Rule {
    name: "goal-not-functional",
    group: Group::Documentation,
    level: Level::Warning,
    source: "Palmetto GBA, writing therapy goals",
    page: page!("goal-not-functional"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for goal in finished(case) {
        if goal.activity.is_none() {
            found.push(
                Draft::new(
                    goal.span,
                    "This goal names no activity of daily life or work. Payers want to see what the patient will be able to do, not only less pain or more range.",
                )
                .fix_of("Say what it is for (a blank to fill)", vec![with(case, goal, " so that the patient can ___")])
                .preferred(),
            );
        }
    }
}
