use super::goals::report_lacking;
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "goal-without-date",
    group: Group::Documentation,
    level: Level::Warning,
    source: "Palmetto GBA, writing therapy goals",
    page: page!("goal-without-date"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    report_lacking(
        case,
        found,
        |goal| goal.time_frame.is_none(),
        "This goal does not say when it should be met. Payers expect a date or a number of weeks or visits.",
        ("Say when it should be met (a blank to fill)", " by ___"),
    );
}
