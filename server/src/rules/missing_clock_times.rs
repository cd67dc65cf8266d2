//! `missing-clock-times`: see its page in `docs/rules/`.

use super::{Check, Draft, Edit, Group, Rule, VisitCase};
use crate::chart::Minutes;
use crate::pattern::letters::is_edge;
#[cfg(test)]
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

#[cfg(test)]
pattern!(CLOCK, r"\b\d{1,2}:\d{2}\b");

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
            || modality.time_blank
            || case.is_being_typed(modality)
            || times(case.str(modality.span)) >= 2
        {
            continue;
        }
        let draft = Draft::new(
            duration.span,
            format!(
                "{} gives minutes but no start and end time. This payer asks for the clock times of every timed code and denies units without them.",
                modality.code
            ),
        )
        .fix_of(
            "Add the start and end (blanks to fill)",
            vec![Edit {
                span: Span::at(duration.span.start),
                text: "___-___ ".to_owned(),
            }],
        )
        .preferred();
        found.push(if asked {
            draft.level(Level::Error)
        } else {
            draft
        });
    }
}

/// How many times of day stand in a text, also in words that the grammar does not read as a range:
/// `start 10:02, end 10:27`.
fn times(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut free_from = 0;
    let colons = bytes.iter().enumerate().filter(|(_, byte)| **byte == b':');
    let times = colons.filter(|(colon, _)| {
        let is_hour = |start: usize| {
            start >= free_from && (start..*colon).all(digit) && is_edge(bytes, start)
        };
        let hour = (1..=2).any(|length| colon.checked_sub(length).is_some_and(is_hour));
        let end = colon + 3;
        let is_time = hour && (colon + 1..end).all(digit) && is_edge(bytes, end);
        if is_time {
            free_from = end;
        }
        is_time
    });
    times.count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial;

    #[test]
    fn times_are_counted_as_by_the_pattern() {
        let words = [
            "10:02",
            "1:30",
            "12:345",
            "9:5",
            ":30",
            "10:02:30",
            "a10:00",
            "start 10:02",
        ];
        trial::each(&words, |text| {
            assert_eq!(times(text), CLOCK.find_iter(text).count(), "{text:?}");
        });
    }
}
