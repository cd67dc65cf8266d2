use super::wording::minutes;
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::{ClockRange, FieldKind, Inexact, time};
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "minutes-mismatch",
    group: Group::Time,
    level: Level::Error,
    source: "CMS Pub. 100-04 ch. 5 §20.2",
    page: page!("minutes-mismatch"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let modalities = &case.visit.modalities;
    for modality in modalities {
        let clock = modality.clock.as_slice();
        let by_clock: Option<u32> = clock.iter().map(ClockRange::minutes).sum();
        let (Some(by_clock), [stated]) = (by_clock, modality.durations.as_slice()) else {
            continue;
        };
        if clock.is_empty() || stated.inexact != Inexact::No || stated.minutes == by_clock {
            continue;
        }
        let message = format!(
            "This block says {}, but its clock times add up to {}. The clock times count here; a payer that sees both figures may deny the code.",
            minutes(stated.minutes),
            minutes(by_clock)
        );
        let text = format!("{by_clock} min");
        let title = format!("Write {text}, as the clock says");
        let mut draft = Draft::new(stated.span, message).fix(title, stated.span, text);
        for range in clock {
            draft = draft.related(range.span, "The clock times of the block");
        }
        // The other answer is offered where it moves nothing else: one range, and time enough
        // before the next block and the session's end.
        if let [range] = clock {
            let end = range.start + stated.minutes.minutes();
            let total = case.visit.field(FieldKind::TimedMinutes);
            let session = case.session().and_then(|s| s.clock);
            let others = modalities
                .iter()
                .filter(|m| m.code_span != modality.code_span);
            let free = !range.ambiguous
                && stated.minutes >= 8
                && stated.minutes == stated.minutes.minutes()
                && end < 24 * 60
                && !case.claims_units()
                && total.is_none()
                && session.is_none_or(|s| end <= s.end)
                && others
                    .flat_map(|other| &other.clock)
                    .all(|other| other.end <= range.start || other.start >= end);
            if free {
                let written = (case.str(range.ends[1]), range.end);
                let text = time::clock_beside(written, end);
                let title = format!("End the block at {text}, as the minutes say");
                draft = draft.fix(title, range.ends[1], text);
            }
        }
        found.push(draft);
    }
}
