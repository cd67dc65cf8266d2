//! The times in a sentence about treatment, as a block's line gives them.

use crate::chart::{ClockRange, Duration, Inexact, time};
use crate::length::Length;
use crate::pattern::{pattern, words};
use crate::text::Span;

/// A time in a sentence, as it is and as a block's line gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Time {
    pub span: Span,
    /// `30 min` or `10:00-10:25`.
    pub written: String,
    /// How long it is; `None` for a clock range that ends before it begins.
    pub minutes: Option<Length>,
    /// It is no estimate.
    pub is_exact: bool,
}

/// The times in a sentence, as a block's line gives them.
pub fn times(words: &str) -> Vec<String> {
    let found = find_in(&words.replace(['\n', '\r'], " "));
    found.into_iter().map(|time| time.written).collect()
}

words!(
    /// `min A`: minimal assistance.
    ASSISTED,
    r"^[ ]*(?:A\b|assist)"
);
words!(
    /// What stands before a figure that is only the end of a longer one.
    GOES_ON,
    r"(?i)(?:\bhundred(?: and)?[ ]*|\d,|[^\w ]-|^-|[ ]-|\bto[ ])$"
);
pattern!(TIMES_BEHIND, r"(?i)^[ ]?(?:x|×)[ ]?(?P<times>\d+)\b");
words!(
    /// What goes on with hours: `two hours thirty`.
    AND_MINUTES,
    r"(?i)^[ ,]*(?:and[ ]+)?(?:ten|fifteen|twenty|thirty|forty|forty-five|fifty)[ .,;]*$"
);
words!(
    /// How long something took, if not to the minute; `up to 25 min` is a limit.
    ESTIMATE,
    r"(?i)^(?:about|approx(?:\.|imately)?|around|roughly|ca\.?|~)[ ]*[0-9a-z]+(?:[.-][0-9a-z]+)?[ -]?(?:min|hour|hr|'|’)"
);
words!(AND_SECONDS, r"(?i)^[ ,]*(?:and[ ]+)?\d+[ ]?sec");
words!(HOURS_AND, r"(?i)^,?[ ]+(?:and[ ]+)?$");

/// The longest treatment that a sentence is believed; more is a slip of the pen.
const LONGEST: u32 = 240;

pub(super) fn find_in(words: &str) -> Vec<Time> {
    let mut clock = time::clock_ranges(words, 0);
    clock.retain(|range| {
        let said = &words[range.span.range()];
        said.contains([':', 'm', 'M']) || is_military(words, range)
    });
    let of_clock = |range: &ClockRange| Time {
        span: range.span,
        written: words[range.span.range()].to_owned(),
        minutes: range.minutes().map(Length::from),
        is_exact: true,
    };
    if !clock.is_empty() {
        let believed = |range: &&ClockRange| range.minutes().is_none_or(|m| m <= LONGEST);
        return clock.iter().filter(believed).map(of_clock).collect();
    }
    let found = with_minutes(words, time::durations(words, 0));
    let exact = found.iter().filter(|time| is_exact(words, time));
    let time = |time: &Duration| {
        // The block says that it is an estimate, as the sentence does.
        let about = match time.inexact {
            Inexact::No => "",
            _ => "about ",
        };
        Time {
            span: time.span,
            written: format!("{about}{} min", time.minutes),
            minutes: Some(time.minutes),
            is_exact: about.is_empty(),
        }
    };
    exact.map(time).collect()
}

/// Whether figures without a colon are a range of times, `1300-1330`; `503-555-0142` is a telephone number.
fn is_military(words: &str, range: &ClockRange) -> bool {
    let goes_on = |c: char| c.is_alphanumeric() || c == '-' || c == '.';
    let (before, behind) = (&words[..range.span.start], &words[range.span.end..]);
    range.ends.iter().all(|end| end.end - end.start == 4)
        && range.minutes().is_some()
        && !before.ends_with(goes_on)
        && !behind.starts_with(|c: char| c.is_alphanumeric() || c == '-')
}

/// The durations, hours and the minutes behind them as one: `one hour and fifteen minutes`.
fn with_minutes(words: &str, durations: Vec<Duration>) -> Vec<Duration> {
    let mut all: Vec<Duration> = Vec::new();
    for next in durations {
        match all.last_mut() {
            Some(last)
                if words[last.span.range()].contains(['h', 'H'])
                    && next.minutes < 60
                    && HOURS_AND.is_match(&words[last.span.end..next.span.start]) =>
            {
                last.span.end = next.span.end;
                last.minutes += next.minutes;
            }
            _ => all.push(next),
        }
    }
    all
}

/// Whether a duration is a number of minutes to bill by, and no part of one, no distance and no help.
fn is_exact(words: &str, time: &Duration) -> bool {
    let span = time.span;
    let (before, behind) = (&words[..span.start], &words[span.end..]);
    let said = &words[span.range()];
    let is_feet = said.ends_with(['\'', '’', '′']) && time.minutes > 60;
    let in_hours = said.contains(['h', 'H']);
    let goes_on = in_hours && AND_MINUTES.is_match(behind) || AND_SECONDS.is_match(behind);
    // `30 min x2` may say that it is two units.
    let is_repeated = TIMES_BEHIND.captures(behind).is_some_and(|found| {
        let after = &behind[found.get(0).map_or(0, |all| all.end())..];
        // `x 4 weeks` says how often.
        if after.trim_start().starts_with(|c: char| c.is_alphabetic()) {
            return false;
        }
        let times = found["times"].parse().ok();
        let units = (1..=99).take_while(|units| time.minutes >= 15 * units - 7);
        times != units.last()
    });
    (time.inexact == Inexact::No || time.inexact == Inexact::Roughly && ESTIMATE.is_match(said))
        && time.minutes > 0
        && time.minutes <= LONGEST
        && !is_feet
        && !goes_on
        && !ASSISTED.is_match(behind)
        && !GOES_ON.is_match(before)
        && !is_repeated
        && !behind.trim_start().starts_with('?')
}

#[cfg(test)]
mod tests {
    use super::find_in;

    /// Four figures are a time of the day where no longer number goes on with them.
    #[test]
    fn times_of_the_day_without_a_colon() {
        for (words, found) in [
            ("Massage 1300-1330", &["1300-1330"][..]),
            ("Massage (1300-1330)", &["1300-1330"]),
            ("Room 5-1300-1330", &[]),
            ("Room v.1300-1330", &[]),
            ("Room B1300-1330", &[]),
            ("Room 1300-1330-12", &[]),
        ] {
            let times = find_in(words);
            let written: Vec<&str> = times.iter().map(|time| time.written.as_str()).collect();
            assert_eq!(written, found, "{words}");
        }
    }
}
