use super::wording::minutes;
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::policy::Level;
use crate::reference::procedures::Timing;

pub static RULE: Rule = Rule {
    name: "under-first-unit",
    group: Group::Time,
    level: Level::Error,
    source: "CPT time rule: past the midpoint, unless a code asks for full minutes",
    page: page!("under-first-unit"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for modality in &case.visit.modalities {
        let code = modality.code.as_str();
        let timing = modality.procedure.map(|p| p.timing);
        let Some(period) = timing.and_then(Timing::period) else {
            continue;
        };
        // `x0` says that nothing is billed for these minutes, which is right.
        let waived = modality.claimed.is_some_and(|claimed| claimed.units == 0);
        let plan = case.plan(modality);
        let is_last = case
            .last_here(plan, code)
            .is_some_and(|m| std::ptr::eq(m, modality));
        if waived || !is_last || case.is_being_typed(modality) {
            continue;
        }
        let Some(given) = case.minutes_of(plan, code) else {
            continue;
        };
        let least = u32::from(period.least());
        if given.minutes() >= least {
            continue;
        }
        let why = if period.is_full {
            format!("it counts in full periods of {} minutes", period.minutes)
        } else {
            format!("its unit of {} minutes begins at {least}", period.minutes)
        };
        let time = modality.durations.last().map(|d| d.span);
        let span = modality.clock.last().map(|c| c.span).or(time);
        found.push(Draft::new(
            span.unwrap_or(modality.code_span),
            format!(
                "{code} has only {} and earns no unit: {why}. A payer will deny it.",
                minutes(given)
            ),
        ));
    }
}
