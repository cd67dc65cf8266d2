use super::wording::minutes;
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::length::Length;
use crate::policy::Level;
use crate::reference::procedures::{Attendance, Procedure};

pub static RULE: Rule = Rule {
    name: "session-too-short",
    group: Group::Time,
    level: Level::Warning,
    source: "CMS Pub. 100-02 ch. 15 §220.3.E",
    page: page!("session-too-short"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let session = case.session();
    let Some((session, length)) = session.and_then(|s| Some((s, s.minutes?))) else {
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
    let is_attended =
        |p: &Procedure| matches!(p.attendance, Attendance::OneOnOne | Attendance::Group);
    let modalities = case.visit.modalities.iter();
    let attended = modalities.filter(|m| m.procedure.is_some_and(is_attended));
    let attended: Length = attended.filter_map(|m| m.minutes().stated()).sum();
    if attended > length {
        let message = format!(
            "The blocks add up to {}, more than the session's {length}. A payer that compares the two will deny units.",
            minutes(attended)
        );
        found.push(Draft::new(session.value, message));
    }
}
