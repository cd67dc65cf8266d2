use super::goals::report_lacking;
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "goal-not-measurable",
    group: Group::Documentation,
    level: Level::Warning,
    source: "Palmetto GBA, writing therapy goals",
    page: page!("goal-not-measurable"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    report_lacking(
        case,
        found,
        |goal| goal.measure.is_none(),
        "This goal has no number to measure it by, such as minutes, distance, degrees or a score, so a payer cannot see progress.",
        ("Say how much (a blank to fill)", " for ___ minutes"),
    );
}
