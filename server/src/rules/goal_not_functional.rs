use super::goals::report_lacking;
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "goal-not-functional",
    group: Group::Documentation,
    level: Level::Warning,
    source: "Palmetto GBA, writing therapy goals",
    page: page!("goal-not-functional"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    report_lacking(
        case,
        found,
        |goal| goal.activity.is_none() && goal.impairment,
        "This goal names no activity of daily living or work. Payers want to see what the patient will be able to do, not only less pain or more range.",
        (
            "Say what it is for (a blank to fill)",
            " so that the patient can ___",
        ),
    );
}
