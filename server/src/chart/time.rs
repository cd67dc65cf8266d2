//! Clock times and durations as notes write them.

use regex::Captures;

use crate::pattern::pattern;
use crate::text::Span;

/// Minutes in half a day, the step between `1:05` and `1:05 pm`.
const HALF_DAY: u32 = 12 * 60;
/// A block of more than this across noon is a slip of the pen, not a block.
const LONGEST_ACROSS_NOON: u32 = 180;

/// A clock range as written. Times are minutes after midnight, 0 to 1439.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockRange {
    pub span: Span,
    pub start: u32,
    /// When it ends; not after `start` if the range is inverted.
    pub end: u32,
    /// Neither end says am or pm and both could be either.
    pub ambiguous: bool,
    /// How each end was written, for a correction that leaves the rest alone.
    pub ends: [Span; 2],
}

impl ClockRange {
    /// Length in minutes, or `None` for an inverted range.
    pub fn minutes(&self) -> Option<u32> {
        (self.end > self.start).then(|| self.end - self.start)
    }

    /// Moves an ambiguous range by half a day when that brings it nearer to `reference`, so that
    /// `1:00-1:40` fits a session of `12:30-1:45`.
    pub fn align(&mut self, reference: u32) {
        if !self.ambiguous {
            return;
        }
        let start = self.start % HALF_DAY;
        let Some(length) = self.end.checked_sub(self.start) else {
            return;
        };
        // The first of two that are as near.
        let halves = [start, start + HALF_DAY].into_iter();
        self.start = halves
            .min_by_key(|start| start.abs_diff(reference))
            .unwrap_or(start);
        self.end = self.start + length;
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duration {
    pub span: Span,
    /// The minutes; for a range such as `8-15 min` the smaller figure.
    pub minutes: u32,
    /// `~15 min`, `about 15 min` or a range: not a number of minutes to bill by.
    pub inexact: Inexact,
}

/// In what way a duration is not one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inexact {
    No,
    Roughly,
    Range,
}

// `10:02 am - 10:27`, `1002-1027`
pattern!(
    CLOCK,
    r"(?ix)
      (?P<start> (?P<start_hour>\d{1,2}):(?P<start_minute>\d{2}) (?:[\ \t]*(?P<start_half>[ap])\.?m\.?)? )
      [\ \t]*(?:-|–|—|to|until)[\ \t]*
      (?P<end> (?P<end_hour>\d{1,2}):(?P<end_minute>\d{2}) (?:[\ \t]*(?P<end_half>[ap])\.?m\.?)? )
    | (?P<military_start> (?P<military_start_hour>\d{1,2})(?P<military_start_minute>\d{2}) )
      [\ \t]*[-–—][\ \t]*
      (?P<military_end> (?P<military_end_hour>\d{1,2})(?P<military_end_minute>\d{2}) )"
);

/// Every clock range in a text, in order; `offset` is added to the spans. A range whose hours or
/// minutes no clock shows is left out.
pub fn clock_ranges(text: &str, offset: usize) -> Vec<ClockRange> {
    let ranges = CLOCK.captures_iter(text).filter_map(|found| {
        let (from, first) = moment(&found, START).or_else(|| moment(&found, MILITARY_START))?;
        let (to, second) = moment(&found, END).or_else(|| moment(&found, MILITARY_END))?;
        if !is_on_a_clock(first) || !is_on_a_clock(second) {
            return None;
        }
        let (start, end, ambiguous) = resolve(first, second);
        Some(ClockRange {
            span: Span::new(from.start, to.end).shifted(offset),
            start,
            end,
            ambiguous,
            ends: [from.shifted(offset), to.shifted(offset)],
        })
    });
    ranges.collect()
}

/// The names of the groups of an end of a clock range: the whole, its hour, minute and half of the day.
type Groups = [&'static str; 4];

const START: Groups = ["start", "start_hour", "start_minute", "start_half"];
const END: Groups = ["end", "end_hour", "end_minute", "end_half"];
const MILITARY_START: Groups = [
    "military_start",
    "military_start_hour",
    "military_start_minute",
    "",
];
const MILITARY_END: Groups = [
    "military_end",
    "military_end_hour",
    "military_end_minute",
    "",
];

/// An end of a clock range.
fn moment(found: &Captures<'_>, [whole, hour, minute, half]: Groups) -> Option<(Span, Written)> {
    let span = Span::from(found.name(whole)?.range());
    let number = |name: &str| found.name(name)?.as_str().parse().ok();
    let half = found
        .name(half)
        .map(|half| half.as_str().eq_ignore_ascii_case("p"));
    Some((span, (number(hour)?, number(minute)?, half)))
}

fn is_on_a_clock((hour, minute, half): Written) -> bool {
    let hours = if half.is_some() { 1..=12 } else { 0..=23 };
    hours.contains(&hour) && minute < 60
}

/// Hour, minute, and whether it is the afternoon if that is said.
type Written = (u32, u32, Option<bool>);

/// The minutes after midnight that two written times mean, and whether they could mean another
/// half of the day.
fn resolve(first: Written, second: Written) -> (u32, u32, bool) {
    let morning = |(hour, minute, _): Written| (hour % 12) * 60 + minute;
    let on_the_day = |written: Written| match written.2 {
        None => written.0 * 60 + written.1,
        Some(afternoon) => morning(written) + if afternoon { HALF_DAY } else { 0 },
    };
    let (mut start, mut end) = (on_the_day(first), on_the_day(second));
    match (first.2, second.2) {
        (Some(_), Some(_)) => (start, end, false),
        // `1:05-1:30 pm`, `11:30-12:15 pm`: the start takes the half that makes a positive range.
        (None, Some(_)) => {
            if first.0 <= 12 {
                let late = morning(first) + HALF_DAY < end;
                start = morning(first) + if late { HALF_DAY } else { 0 };
            }
            (start, end, false)
        }
        (Some(_), None) => {
            if second.0 <= 12 {
                let early = morning(second) > start;
                end = morning(second) + if early { 0 } else { HALF_DAY };
            }
            (start, end, false)
        }
        (None, None) => {
            let could_be_either = first.0 <= 12 && second.0 <= 12;
            // `12:50-1:15`: across noon, as a wall clock shows it.
            if could_be_either
                && end <= start
                && (end + HALF_DAY).saturating_sub(start) <= LONGEST_ACROSS_NOON
            {
                end += HALF_DAY;
            }
            // Nobody treats at five in the morning: `1:05` is in the afternoon.
            if could_be_either && (1..=6).contains(&first.0) && end > start {
                start += HALF_DAY;
                end += HALF_DAY;
            }
            (start, end, could_be_either)
        }
    }
}

/// The words before a figure that is not exact.
const ROUGHLY: &str = r"about|approx(?:\.|imately)?|around|roughly|ca\.?";

// `about 25 min`, `x 8-15 min`, `25'`, `1.5 hours`, `1 h 5 min`
pattern!(
    DURATION,
    &format!(
        r"(?ix)
        (?P<rough> [~≈][\ \t]* | \b(?:{ROUGHLY})[\ \t]+ )?
        (?:[x@][\ \t]*)?
        (?:
            (?P<hours>\d+(?:\.\d+)?)[\ \t]*-?(?:hours?|hrs?|h)\b\.?
            (?:[\ \t]*(?P<beside_hours>\d+)(?:[\ \t]*(?:minutes?|mins?|m)\b\.?|['’′])?)?
          | (?P<minutes>\d+)(?:\.\d+)?(?:[\ \t]*[-–][\ \t]*(?P<to>\d+))?
            [\ \t]*-?(?:(?:minutes?|mins?|m)\b\.?|['’′])
        )"
    )
);
pattern!(
    ROUGHLY_BEFORE,
    &format!(r"(?i)(?:^|[ \t(])(?P<word>[~≈]|{ROUGHLY})\s*$")
);

/// Every duration in a text, in order; `offset` is added to the spans.
pub fn durations(text: &str, offset: usize) -> Vec<Duration> {
    let found = DURATION.captures_iter(text);
    found
        .filter_map(|found| duration(text, &found, offset))
        .collect()
}

fn duration(text: &str, found: &Captures<'_>, offset: usize) -> Option<Duration> {
    let span = Span::from(found.get(0)?.range());
    // `C4-6'`, `110:30 min`: a figure that goes on to the left is not a duration's.
    let before = text[..span.start].chars().next_back();
    if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, ':' | '.' | '/')) {
        return None;
    }
    let number = |name: &str| found.name(name)?.as_str().parse::<u32>().ok();
    let minutes = if let Some(hours) = found.name("hours") {
        let hours: f64 = hours.as_str().parse().ok()?;
        let whole_minutes = (hours * 60.0).round();
        if !(0.0..=f64::from(24 * 60)).contains(&whole_minutes) {
            return None;
        }
        // In range by the check above.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let whole_minutes = whole_minutes as u32;
        whole_minutes.checked_add(number("beside_hours").unwrap_or(0))?
    } else {
        number("minutes")?
    };
    let inexact = match (found.name("to"), found.name("rough")) {
        (Some(_), _) => Inexact::Range,
        (None, Some(_)) => Inexact::Roughly,
        (None, None) => Inexact::No,
    };
    (minutes <= 24 * 60).then_some(Duration {
        span: span.shifted(offset),
        minutes,
        inexact,
    })
}

/// Where the word begins with which a text ends, if it makes the figure behind it an inexact one.
pub fn roughly_before(text: &str) -> Option<usize> {
    Some(ROUGHLY_BEFORE.captures(text)?.name("word")?.start())
}

/// A time of day as `10:05`.
pub fn clock(minutes: u32) -> String {
    format!("{}:{:02}", minutes / 60 % 24, minutes % 60)
}

/// A time of day in the manner of another: `1027` beside `1002`, `1:05 pm` beside `1:30 pm`.
pub fn clock_like(model: &str, minutes: u32) -> String {
    let (hour, minute) = (minutes / 60 % 24, minutes % 60);
    let half = model.find(|c: char| c.is_ascii_alphabetic());
    if !model.contains(':') {
        format!("{hour:02}{minute:02}")
    } else if let Some(at) = half {
        let gap = if model[..at].ends_with(' ') { " " } else { "" };
        let half = if hour < 12 { "am" } else { "pm" };
        format!("{}:{minute:02}{gap}{half}", (hour + 11) % 12 + 1)
    } else {
        clock(minutes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(text: &str) -> Option<(u32, u32)> {
        clock_ranges(text, 0).first().map(|r| (r.start, r.end))
    }

    #[test]
    fn clock_ranges_in_every_spelling() {
        let morning = Some((602, 627));
        for text in [
            "10:02-10:27",
            "10:02 – 10:27",
            "10:02 to 10:27",
            "1002-1027",
            "10:02am-10:27am",
            "10:02-10:27 a.m.",
        ] {
            assert_eq!(range(text), morning, "{text}");
        }
        assert_eq!(range("1:05-1:30 pm"), Some((785, 810)));
        assert_eq!(range("11:30-12:15 pm"), Some((690, 735)));
        assert_eq!(range("11:30 am-12:15"), Some((690, 735)));
        assert_eq!(range("1305-1330"), Some((785, 810)));
        assert_eq!(range("12:50-1:15"), Some((770, 795)));
        assert_eq!(range("1:05-1:30"), Some((785, 810)));
        assert_eq!(range("10:27-10:02"), Some((627, 602)), "inverted");
        assert_eq!(range("25:00-26:00"), None);
        assert_eq!(range("C4-C6"), None);
    }

    #[test]
    fn where_clock_ranges_begin_and_end() {
        let words = |text: &'static str| {
            let ranges = clock_ranges(text, 3).into_iter();
            let words = |s: Span| &text[s.start - 3..s.end - 3];
            ranges
                .map(|r| (words(r.span), r.ends.map(words)))
                .collect::<Vec<_>>()
        };
        for (text, all, ends) in [
            ("at 10:02-10:27.", "10:02-10:27", ["10:02", "10:27"]),
            (
                "1:05 p.m. until 1:30 PM.",
                "1:05 p.m. until 1:30 PM.",
                ["1:05 p.m.", "1:30 PM."],
            ),
            ("1:05TO\t1:30", "1:05TO\t1:30", ["1:05", "1:30"]),
            ("1002 — 1027", "1002 — 1027", ["1002", "1027"]),
            ("905-1010", "905-1010", ["905", "1010"]),
            // Half a sign of the half of the day is none of it.
            ("1:05-1:30 a.", "1:05-1:30", ["1:05", "1:30"]),
            // What goes on is read from within.
            ("110:02-10:27", "10:02-10:27", ["10:02", "10:27"]),
            ("1:05-1:305", "1:05-1:30", ["1:05", "1:30"]),
            ("12345-1027", "2345-1027", ["2345", "1027"]),
            ("9:00-10:02-10:27", "9:00-10:02", ["9:00", "10:02"]),
        ] {
            assert_eq!(words(text), [(all, ends)], "{text}");
        }
        for text in [
            "10:02 10:27",
            "10:02- -10:27",
            "10:02\u{a0}-10:27",
            "10:02-\n10:27",
            "10:02-1027",
            "9:5-9:30",
            "1002 to 1027",
            "12-15",
            "0:05 am-1:00 am",
            "13:05 pm-1:30 pm",
            "10:60-11:00",
            "1002-2400",
        ] {
            assert_eq!(words(text), [], "{text}");
        }
    }

    #[test]
    fn an_ambiguous_range_moves_to_the_session() {
        let mut block = clock_ranges("1:00-1:40", 0)[0];
        block.align(12 * 60 + 30);
        assert_eq!(block.start, 13 * 60);
        let mut early = clock_ranges("6:45-7:00", 0)[0];
        early.align(7 * 60);
        assert_eq!(early.start, 6 * 60 + 45);
    }

    fn minutes(text: &str) -> Vec<(u32, Inexact)> {
        durations(text, 0)
            .iter()
            .map(|d| (d.minutes, d.inexact))
            .collect()
    }

    #[test]
    fn durations_in_every_spelling() {
        for text in [
            "25 min",
            "25min",
            "25 minutes",
            "25'",
            "(25 min)",
            "x25 min",
            "@ 25 min",
            "25-minute",
            "25 m",
        ] {
            assert_eq!(minutes(text), [(25, Inexact::No)], "{text}");
        }
        assert_eq!(minutes("1 h 5 min"), [(65, Inexact::No)]);
        assert_eq!(minutes("1 hr"), [(60, Inexact::No)]);
        assert_eq!(minutes("1.25 hours"), [(75, Inexact::No)]);
        assert_eq!(minutes("~15 min"), [(15, Inexact::Roughly)]);
        assert_eq!(minutes("about 15 min"), [(15, Inexact::Roughly)]);
        assert_eq!(minutes("8-15 min"), [(8, Inexact::Range)]);
        assert_eq!(minutes("25 minimal"), []);
        assert_eq!(minutes("10:02-10:27"), []);
    }

    #[test]
    fn where_durations_begin_and_end() {
        let words = |text: &'static str| {
            let durations = durations(text, 3).into_iter();
            durations
                .map(|d| (&text[d.span.start - 3..d.span.end - 3], d.minutes))
                .collect::<Vec<_>>()
        };
        for (text, all, minutes) in [
            ("for about  25 min.", "about  25 min.", 25),
            ("Approx. 25 Mins", "Approx. 25 Mins", 25),
            ("ca 1.5 hrs today", "ca 1.5 hrs", 90),
            ("≈25’", "≈25’", 25),
            ("~x 25′", "~x 25′", 25),
            ("(x25 m)", "x25 m", 25),
            ("roughly @25 minutes", "roughly @25 minutes", 25),
            ("8 – 15-minute", "8 – 15-minute", 8),
            ("2.5 min", "2.5 min", 2),
            ("1 h 5", "1 h 5", 65),
            ("1 hr. 5' ", "1 hr. 5'", 65),
            ("1-hour", "1-hour", 60),
            // No word of its own, and no space behind it.
            ("xabout 25 min", "25 min", 25),
            ("about25 min", "", 0),
            ("about\u{a0}25 min", "25 min", 25),
            ("_25 min", "25 min", 25),
            ("25 minſ", "25 min", 25),
        ] {
            let expected = if all.is_empty() {
                vec![]
            } else {
                vec![(all, minutes)]
            };
            assert_eq!(words(text), expected, "{text}");
        }
        for text in [
            "C4-6'",
            "110:30 min",
            "1/2 hour",
            "25 mi",
            "1h5m",
            "25 m_",
            "25\u{a0}min",
            "25  --min",
            "25 min5",
            "30 hours",
            "2000 min",
            "1 h 4294967295 min",
            "99999999999 min",
        ] {
            assert_eq!(words(text), [], "{text}");
        }
    }

    #[test]
    fn words_before_a_figure_that_is_not_exact() {
        for (text, at) in [
            ("97124 neck about ", Some(11)),
            ("97124 (Approximately\t", Some(7)),
            ("ca.", Some(0)),
            ("97124 ~ ", Some(6)),
            ("97124 -about ", None),
            ("97124 about it ", None),
            ("97124 approximate ", None),
            ("", None),
        ] {
            assert_eq!(roughly_before(text), at, "{text}");
        }
    }
}
