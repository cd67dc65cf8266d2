//! `goal-without-date`: see its page in `docs/rules/`.

use super::goals::{finished, with};
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::policy::Level;

/// The rule.
pub static RULE: Rule = Rule {
    name: "goal-without-date",
    group: Group::Documentation,
    level: Level::Warning,
    source: "Palmetto GBA, writing therapy goals",
    page: page!("goal-without-date"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for goal in finished(case) {
        if goal.time_frame.is_none() {
            found.push(
                Draft::new(
                    goal.span,
                    "This goal does not say by when. Payers expect a date or a number of weeks or visits.",
                )
                .fix_of("Say by when (a blank to fill)", vec![with(case, goal, " by ___")])
                .preferred(),
            );
        }
    }
}
