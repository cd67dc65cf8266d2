use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::Minutes;
use crate::pattern::pattern;
use crate::policy::{Level, Requirement};
use crate::text::Span;

/// The rule. Off but for payers that ask for clock times.
pub static RULE: Rule = Rule {
    name: "missing-clock-times",
    group: Group::Documentation,
    level: Level::Off,
    source: "Payers that ask for start and end times",
    page: page!("missing-clock-times"),
    check: Check::Visit(check),
};

pattern!(
/// A time of day, also in words that the grammar does not read as a range: `start 10:02, end 10:27`.
    CLOCK,
    r"\b\d{1,2}:\d{2}\b"
);

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    // A level that the payer's profile sets goes before what its requirement means.
    let asked =
        case.payer.requires(Requirement::ClockTimes) && !case.payer.levels.contains_key(RULE.name);
    for modality in &case.visit.modalities {
        // No time at all, or none that can be billed by, is named by its own rule.
        let stated = matches!(modality.minutes(), Minutes::Stated(_));
        let (Some(duration), true) = (modality.durations.first(), modality.is_timed() && stated)
        else {
            continue;
        };
        if !modality.clock.is_empty()
            || modality.time_placeholder
            || case.is_being_typed(modality)
            || CLOCK.find_iter(case.str(modality.span)).count() >= 2
        {
            continue;
        }
        let message = format!(
            "{} gives minutes but no start and end time. This payer asks for the clock times of every timed code and denies units without them.",
            modality.code
        );
        let title = "Add the start and end (blanks to fill)";
        let before = Span::at(duration.span.start);
        let mut draft = Draft::new(duration.span, message).fix(title, before, "___-___ ");
        draft.level = asked.then_some(Level::Error);
        found.push(draft.preferred());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day() {
        for (text, count) in [
            ("start 10:02, end 10:27", 2),
            ("10:02-10:27", 2),
            ("at 9:30", 1),
            ("10:02:30", 1),
            ("12:345", 0),
            ("9:5", 0),
            (":30", 0),
            ("110:05", 0),
            ("a10:00", 0),
        ] {
            assert_eq!(CLOCK.find_iter(text).count(), count, "{text}");
        }
    }
}
