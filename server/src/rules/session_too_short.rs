//! `session-too-short`: see its page in `docs/rules/`.

use super::wording::minutes;
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::length::Length;
use crate::policy::Level;
use crate::reference::procedures::Attendance;

/// The rule.
pub static RULE: Rule = Rule {
    name: "session-too-short",
    group: Group::Time,
    level: Level::Warning,
    source: "CMS Pub. 100-02 ch. 15 §220.3.E",
    page: page!("session-too-short"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let Some(session) = case.session() else {
        return;
    };
    let Some(length) = session.minutes else {
        return;
    };
    // A block outside the session is the same slip, and `outside-session` names it.
    let outside = session.clock.is_some_and(|hours| {
        let mut ranges = case.visit.modalities.iter().flat_map(|m| &m.clock);
        ranges.any(|r| r.start < hours.start || r.end > hours.end)
    });
    if outside {
        return;
    }
    // Heat or stimulation under supervision may run beside other work; hands-on time may not.
    let attended: Length = case
        .visit
        .modalities
        .iter()
        .filter(|m| {
            m.procedure
                .is_some_and(|p| matches!(p.attendance, Attendance::OneOnOne | Attendance::Group))
        })
        .filter_map(|m| m.minutes().stated())
        .sum();
    if attended > length {
        found.push(Draft::new(
            session.value,
            format!(
                "The blocks add up to {}, more than the session's {length}. A payer that compares the two will deny units.",
                minutes(attended)
            ),
        ));
    }
}
