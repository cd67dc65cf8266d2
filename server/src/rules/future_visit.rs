use super::{Check, Draft, Group, Rule, VisitCase};
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "future-visit",
    group: Group::Chart,
    level: Level::Warning,
    source: "A service is billed after it was given",
    page: page!("future-visit"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    // A heading made ahead of an appointment is no mistake until something is charted below it.
    let charted = case.visit.is_treated() || case.visit.is_signed();
    if let Some(date) = case.visit.heading.as_ref().and_then(|h| h.date)
        && let (Some(day), Some(today)) = (date.day, case.policy.today)
        && charted
        && day > today
    {
        found.push(Draft::new(
            date.span,
            "This visit is dated after today. A payer rejects a claim for a future date, and a note written before the visit looks like a copy.",
        ));
    }
}
