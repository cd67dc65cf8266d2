//! `minutes-mismatch`: see its page in `docs/rules/`.

use super::wording::minutes;
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::{Inexact, time};
use crate::policy::Level;

/// The rule.
pub static RULE: Rule = Rule {
    name: "minutes-mismatch",
    group: Group::Time,
    level: Level::Error,
    source: "CMS Pub. 100-04 ch. 5 §20.2",
    page: page!("minutes-mismatch"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for modality in &case.visit.modalities {
        let Some(by_clock) = modality
            .clock
            .iter()
            .map(crate::chart::ClockRange::minutes)
            .sum::<Option<u32>>()
        else {
            continue;
        };
        let [stated] = modality.durations.as_slice() else {
            continue;
        };
        if modality.clock.is_empty() || stated.inexact != Inexact::No || stated.minutes == by_clock
        {
            continue;
        }
        let mut draft = Draft::new(
            stated.span,
            format!(
                "This block says {}, but its clock times add up to {}. The clock times count here; a payer that sees both figures may deny the code.",
                minutes(stated.minutes),
                minutes(by_clock)
            ),
        )
        .fix(format!("Write {by_clock} min, as the clock says"), stated.span, format!("{by_clock} min"));
        for range in &modality.clock {
            draft = draft.related(range.span, "The clock times of the block");
        }
        // The other answer is offered where it moves nothing else: one range, and time enough
        // before the next block and the session's end.
        if let [range] = modality.clock.as_slice() {
            let end = range.start + stated.minutes;
            let free = stated.minutes >= 8
                && end < 24 * 60
                && case.claimed().is_empty()
                && case
                    .visit
                    .field(crate::chart::FieldKind::TimedMinutes)
                    .is_none()
                && case
                    .session()
                    .and_then(|s| s.clock)
                    .is_none_or(|s| end <= s.end)
                && case
                    .visit
                    .modalities
                    .iter()
                    .filter(|other| other.code_span != modality.code_span)
                    .flat_map(|other| &other.clock)
                    .all(|other| other.end <= range.start || other.start >= end);
            if free && !range.ambiguous {
                draft = draft.fix(
                    format!("End the block at {}, as the minutes say", time::clock(end)),
                    range.ends[1],
                    time::clock_like(case.str(range.ends[1]), end),
                );
            }
        }
        found.push(draft);
    }
}
