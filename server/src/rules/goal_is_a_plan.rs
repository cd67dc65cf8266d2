use super::goals::{therapist, typed};
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "goal-is-a-plan",
    group: Group::Documentation,
    level: Level::Warning,
    source: "Palmetto GBA, writing therapy goals",
    page: page!("goal-is-a-plan"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for goal in typed(case) {
        if let Some(span) = therapist(case, goal) {
            found.push(Draft::new(
                span,
                "This says what the therapist will do, which is a plan and not a goal. Payers look for what the patient will be able to do, how much and by when.",
            ));
        }
    }
}
