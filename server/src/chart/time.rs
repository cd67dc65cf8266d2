//! Clock times and durations as notes write them.

use regex::Captures;

use crate::length::Length;
use crate::pattern::{pattern, words};
use crate::text::Span;

/// Minutes in half a day, the step between `1:05` and `1:05 pm`.
const HALF_DAY: u32 = 12 * 60;
/// Minutes in a day.
pub const DAY: u32 = 2 * HALF_DAY;
/// A block of more than this across noon or midnight is a slip of the pen, not a block.
const LONGEST_ACROSS_NOON: u32 = 180;

/// A clock range as written. Times are minutes after the midnight before it, from 1440 on after the
/// midnight that it passes.
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

    /// Moves an ambiguous range by halves of a day when that brings it nearer to `reference`, so that
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
        let halves = [start, start + HALF_DAY, start + DAY].into_iter();
        self.start = halves
            .min_by_key(|start| start.abs_diff(reference))
            .unwrap_or(start);
        self.end = self.start + length;
    }

    /// Moves a range of the morning to the day that follows.
    pub fn after_midnight(&mut self) {
        if self.start < HALF_DAY {
            self.start += DAY;
            self.end += DAY;
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duration {
    pub span: Span,
    /// The minutes; for a range such as `8-15 min` the smaller figure.
    pub minutes: Length,
    /// `~15 min`, `about 15 min`, a range or the time of one set: not a number of minutes to bill by.
    pub inexact: Inexact,
}

/// In what way a duration is not one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inexact {
    No,
    Roughly,
    Range,
    /// It is the time of one of several: `3 sets of 5 min`, `8 min per side`.
    OfOne,
}

impl Inexact {
    /// Whether it says how long something took as a whole, be it roughly.
    pub fn is_of_all(self) -> bool {
        matches!(self, Self::No | Self::Roughly)
    }
}

/// The words that stand between the two times of a range: `10:00 stop 10:25`, `9:02 AM, time out: 10:05 AM`.
const STOP: &str = r"[,;]?[\ \t\x{A0}\x{2009}\x{202F}]*(?:and[\ \t\x{A0}\x{2009}\x{202F}]+)?\b
    (?:stop(?:ped|s)?|end(?:ed|s)?|finish(?:ed|es)?|(?:time[\ \t\x{A0}\x{2009}\x{202F}]+)?out)\b
    (?:[\ \t\x{A0}\x{2009}\x{202F}]+(?:time|at)\b)*[\ \t\x{A0}\x{2009}\x{202F}]*[:=]?";

// `10:02 am - 10:27`, `10:02a to 10:27a`, `2pm-2:30pm`, `10-10:27`, `start 10:02 stop 10:27`, `1002-1027`
pattern!(
    CLOCK,
    &format!(
        r"(?ix)
          (?P<start> (?P<start_hour>\d{{1,2}})(?::(?P<start_minute>\d{{2}}))? (?P<start_half>[\ \t\x{{A0}}\x{{2009}}\x{{202F}}]*[ap]\.?m\.?|[ap]\b)? )
          [\ \t\x{{A0}}\x{{2009}}\x{{202F}}]*(?:-|–|—|to|until|{STOP})[\ \t\x{{A0}}\x{{2009}}\x{{202F}}]*
          (?P<end> (?P<end_hour>\d{{1,2}})(?::(?P<end_minute>\d{{2}}))? (?P<end_half>[\ \t\x{{A0}}\x{{2009}}\x{{202F}}]*[ap]\.?m\.?|[ap]\b)? )
        | (?P<military_start> (?P<military_start_hour>\d{{1,2}})(?P<military_start_minute>\d{{2}}) )
          [\ \t\x{{A0}}\x{{2009}}\x{{202F}}]*(?:-|–|—|{STOP})[\ \t\x{{A0}}\x{{2009}}\x{{202F}}]*
          (?P<military_end> (?P<military_end_hour>\d{{1,2}})(?P<military_end_minute>\d{{2}}) )"
    )
);

/// Every clock range in a text, in order; `offset` is added to the spans. A range whose hours or
/// minutes no clock shows is left out.
pub fn clock_ranges(text: &str, offset: usize) -> Vec<ClockRange> {
    let mut ranges = Vec::new();
    let mut at = 0;
    while let Some(found) = CLOCK.captures_at(text, at) {
        let ends = moment(&found, START)
            .or_else(|| moment(&found, MILITARY_START))
            .zip(moment(&found, END).or_else(|| moment(&found, MILITARY_END)));
        let Some(((from, first), (to, second))) = ends else {
            break;
        };
        if !is_range(&text[..from.start], &found) {
            // What looked like an hour is a figure of something else; a range may begin within.
            at = from.start + 1;
            continue;
        }
        at = to.end;
        if !is_on_a_clock(first) || !is_on_a_clock(second) {
            continue;
        }
        let (start, end, ambiguous) = resolve(first, second);
        ranges.push(ClockRange {
            span: Span::new(from.start, to.end).shifted(offset),
            start,
            end,
            ambiguous,
            ends: [from.shifted(offset), to.shifted(offset)],
        });
    }
    ranges
}

/// Whether the figures are a range of times: an hour without minutes is one beside `am` or `pm`, and
/// before a time with minutes; else `10-12` is any range of figures.
fn is_range(before: &str, found: &Captures<'_>) -> bool {
    let has = |name: &str| found.name(name).is_some();
    if !has("start") || has("start_minute") && has("end_minute") {
        return true;
    }
    let stands_alone =
        |c: char| !(c.is_alphanumeric() || matches!(c, ':' | '.' | '/' | '-' | '–' | '_'));
    let start = has("start_minute") || before.chars().next_back().is_none_or(stands_alone);
    let end = has("end_minute") || has("end_half") && (has("start_minute") || has("start_half"));
    start && end
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
    let hour = found.name(hour)?.as_str().parse().ok()?;
    let minute = found.name(minute).map_or("0", |minute| minute.as_str());
    let half = found.name(half).map(|half| half.as_str().trim_start());
    let afternoon = half.map(|half| half.starts_with(['p', 'P']));
    Some((span, (hour, minute.parse().ok()?, afternoon)))
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
    // `11:50 pm-12:15 am` ends on the day that follows.
    let passes_midnight =
        |start: u32, end: u32| start >= HALF_DAY && end + DAY - start <= LONGEST_ACROSS_NOON;
    match (first.2, second.2) {
        (Some(_), Some(_)) => {}
        // `1:05-1:30 pm`, `11:30-12:15 pm`: the start takes the half that makes a positive range.
        (None, Some(_)) => {
            if first.0 <= 12 {
                let late = morning(first) + HALF_DAY;
                let is_late = late < end || passes_midnight(late, end);
                start = if is_late { late } else { morning(first) };
            }
        }
        (Some(_), None) => {
            if second.0 <= 12 {
                let early = morning(second);
                let is_early = early > start || passes_midnight(start, early);
                end = if is_early { early } else { early + HALF_DAY };
            }
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
            if could_be_either {
                return (start, end, true);
            }
        }
    }
    if end <= start && passes_midnight(start, end) {
        end += DAY;
    }
    (start, end, false)
}

/// The words before a figure that is not exact.
const ROUGHLY: &str = r"about|approx(?:\.|imately)?|around|roughly|ca\.?|(?:less|more)[\ \t]+than|at[\ \t]+(?:least|most)|up[\ \t]+to|nearly|almost";

/// Numbers that are written out: `twenty-three`, `fifteen`, `two`.
const TENS: &str = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety";
const TO_NINETEEN: &str = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|one|two|three|four|five|six|seven|eight|nine";
/// The values of [`TENS`] and [`TO_NINETEEN`], in their order.
const TENS_FROM: u32 = 20;
const TO_NINETEEN_VALUES: [u32; 19] = [
    10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 1, 2, 3, 4, 5, 6, 7, 8, 9,
];

/// The part of an hour that is added to full ones.
const AND_PART: &str = r"and[\ \t\x{A0}\x{2009}\x{202F}]+(?:a[\ \t\x{A0}\x{2009}\x{202F}]+(?:half|quarter)|three[\ \t-]+quarters)\b";

// `about 25 min`, `x 8-15 min`, `25'`, `7.5 min`, `1.5 hours`, `1 h 5 min`, `twenty minutes`, `half an hour`,
// `three quarters of an hour`
pattern!(
    DURATION,
    &format!(
        r"(?ix)
        (?P<rough> (?:[~≈]|[<>]=?)[\ \t\x{{A0}}\x{{2009}}\x{{202F}}]* | \b(?:{ROUGHLY})[\ \t\x{{A0}}\x{{2009}}\x{{202F}}]+ )?
        (?:(?:\bx|@)[\ \t\x{{A0}}\x{{2009}}\x{{202F}}]*)?
        (?:
            (?P<part_of_hour>
                (?:\b(?:an?|one)[\ \t\x{{A0}}\x{{2009}}\x{{202F}}]+)?(?:\b(?:half|quarter)|1/2|½|1/4|¼)(?:[\ \t-]+(?:of[\ \t]+)?an?)?[\ \t-]+(?:hour|hr)\b
              | (?:\bthree[\ \t-]+quarters?|3/4|¾)(?:[\ \t-]+(?:of[\ \t]+)?an?)?[\ \t-]+(?:hour|hr)\b )
          | (?P<hour_and_part> \b(?:an[\ \t\x{{A0}}\x{{2009}}\x{{202F}}]+)?hour[\ \t\x{{A0}}\x{{2009}}\x{{202F}}]+{AND_PART} )
          | (?P<whole_hours>
                (?:(?P<hours>\d+(?:\.\d+)?|\.\d+)[\ \t\x{{A0}}\x{{2009}}\x{{202F}}]*-?|\b(?P<hours_in_words>an|{TO_NINETEEN})[\ \t-]+)
                (?P<part_between> (?:(?:and[\ \t]+)?\b(?:1/2|1/4|3/4)|[½¼¾]|{AND_PART}) [\ \t-]* )?
                (?:hours?|hrs?|h)\b\.? )
            (?: (?P<and_part> [\ \t\x{{A0}}\x{{2009}}\x{{202F}}]+{AND_PART} )
              | [\ \t\x{{A0}}\x{{2009}}\x{{202F}}]*(?:(?:,|and\b)[\ \t\x{{A0}}\x{{2009}}\x{{202F}}]*)?(?P<minutes_beside>\d+)[\ \t\x{{A0}}\x{{2009}}\x{{202F}}]*(?:(?:minutes?|mins?|m)\b\.?|['’′])
              | [\ \t]+and[\ \t]+(?P<words_beside>(?:{TENS})(?:[\ \t-](?:{TO_NINETEEN}))?|{TO_NINETEEN})[\ \t-]+min(?:ute)?s?\b
              | [\ \t\x{{A0}}\x{{2009}}\x{{202F}}]*(?P<figure_beside>\d+) )?
          | \((?P<bracketed>\d{{1,3}})\)[\ \t]*(?:minutes?|mins?)\b\.?
          | (?P<added>(?:\d{{1,3}}\+|\d{{1,3}}[\ \t]+\+[\ \t]+\b)+)?(?P<minutes>\d+(?:\.\d+)?)
            (?:(?:[\ \t\x{{A0}}\x{{2009}}\x{{202F}}]*[-–][\ \t\x{{A0}}\x{{2009}}\x{{202F}}]*|(?P<between>[\ \t]+(?:to|or)[\ \t]+))(?P<to>\d+)
              |[\ \t]*\([\ \t]*(?:(?:{TENS})(?:[\ \t-](?:{TO_NINETEEN}))?|{TO_NINETEEN})[\ \t]*\)[\ \t]*)?
            (?:[\ \t\x{{A0}}\x{{2009}}\x{{202F}}]*-?(?:(?:minutes?|mins?|m)\b\.?|['’′])|[\ \t]*\r?\n[\ \t]*min(?:ute)?s\b)
          | \b(?P<minutes_in_words>(?:{TENS})(?:[\ \t-](?:{TO_NINETEEN}))?|{TO_NINETEEN})
            [\ \t-]*(?:[\ \t-]|\r?\n)[\ \t]*(?:minutes?|mins?)\b\.?
        )"
    )
);
words!(
    /// What goes on with a part of an hour: `one and`, but not `exercise and`.
    OF_MORE,
    &format!(r"(?i)(?:\d|\b(?:hours?|hrs?|{TO_NINETEEN}))[ \t]*and$")
);
words!(RATE, r"(?i)\b(?:per|each|every)$");
words!(LASTING, r"(?i)\b(?:for|took|lasted|about|ran|was)[ \t]+$");
words!(FROM, r"(?i)\bfrom[ \t]+$");
pattern!(
    /// What stands before the time of one of several: `3 sets of`, `2 x`.
    TIMES_BEFORE,
    r"(?i)(?:^|[ \t,;:(])(?P<times>[2-9]|1\d|two|three|four|five|six)[ \t]?(?:(?:x|×|times)|(?:sets?|bouts?|rounds?|trials?|intervals?|periods?|reps?|repetitions?)[ \t]*(?:of|x|×|@))[ \t]*$"
);
words!(
    /// What a number behind it counts no times after: `grade 3 x 15 min`, `3 x 10 x 15 min`.
    NUMBERED,
    r"(?i)(?:\b(?:grades?|gr|levels?|lvl|stage|phase|type|zone|step|setting|seat|height|incline|intensity|speed|resistance|week|wk|day|visit|no|number|at|on|to|of)\.?|\b\d{1,2}[ \t]*[x×]|#|[-–/.:+])[ \t]*$"
);
words!(
    /// What stands behind the time of one of several: `per side`, `/leg`, `each exercise`.
    EACH_BEHIND,
    r"(?i)^[ \t]*(?:/|(?:per|each|every|a|ea\.?)[ \t]+)(?:side|limb|extremity|region|area|muscle|joint|point|set|rep|repetition|bout|round|trial|position|direction|exercise)\b|^[ \t]*(?:per|each|every)[ \t]+(?:arm|leg|hand|foot|knee|hip|shoulder|[ul]e)[ \t]*(?:$|[^\w \t])"
);

words!(
    /// Two sides that are named together, with what is said of them up to a time: `R and L knee`, `bilateral hips`.
    BOTH_SIDES_BEFORE,
    r"(?i)\b(?:(?:r|rt|right)[ ]?(?:and|&|\+|/|,)[ ]?(?:l|lt|left)|(?:l|lt|left)[ ]?(?:and|&|\+|/|,)[ ]?(?:r|rt|right)|b/l|bilat\w*|both)\b[^0-9;.\r\n]*$"
);
words!(
    EACH_ALONE_BEHIND,
    r"(?i)^[ \t]*(?:each|ea\.?|apiece)[ \t]*(?:$|[.,;)\r\n])"
);
words!(EACH_BEFORE, r"(?i)\b(?:each|ea\.?)[ \t]*(?:for[ \t]+)?$");

/// Every duration in a text, in order; `offset` is added to the spans.
pub fn durations(text: &str, offset: usize) -> Vec<Duration> {
    let found = DURATION.captures_iter(text);
    found
        .filter_map(|found| duration(text, &found, offset))
        .collect()
}

fn duration(text: &str, found: &Captures<'_>, offset: usize) -> Option<Duration> {
    let mut span = Span::from(found.get(0)?.range());
    // `C4-6'`, `110:30 min`: a figure that goes on to the left is not a duration's.
    let before = &text[..span.start];
    // `2u/25m`: a slash behind a word parts two things.
    let parts = before
        .strip_suffix('/')
        .is_some_and(|before| before.ends_with(char::is_alphabetic));
    // `3x5 min`
    let parts = parts || is_of_one(before, "");
    let goes_on =
        !parts && before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, ':' | '.' | '/'));
    // `bike up from 10 to 15 min`, `pain 4/10 to 15 min`: the first figure is none of its minutes.
    let last = found
        .name("between")
        .filter(|_| goes_on || FROM.is_match(before))
        .and(found.name("to"));
    if let Some(last) = last {
        return Some(Duration {
            span: Span::new(last.start(), span.end).shifted(offset),
            minutes: tenths(last.as_str())?,
            inexact: Inexact::No,
        });
    }
    if goes_on {
        return None;
    }
    let has = |name: &str| found.name(name).is_some();
    let words = |name: &str| found.name(name).map(|m| m.as_str());
    let number = |name: &str| words(name)?.parse::<u32>().ok();
    let minutes = if let Some(part) = words("part_of_hour") {
        // `one and a half hour`, `1 1/2 hour` are more than that; `per quarter hour` is a rate.
        let before = before.trim_end();
        if OF_MORE.is_match(before)
            || before.ends_with(|c: char| c.is_ascii_digit())
            || RATE.is_match(before)
        {
            return None;
        }
        Length::from(part_of_hour(part))
    } else if let Some(hour_and_part) = words("hour_and_part") {
        Length::from(60 + part_of_hour(hour_and_part))
    } else if let Some(whole) = found.name("whole_hours") {
        let hours: f64 = match words("hours_in_words") {
            // `3 miles an hour` is a rate.
            Some(word) if word.eq_ignore_ascii_case("an") => {
                if before.trim_end().ends_with(char::is_alphabetic) && !LASTING.is_match(before) {
                    return None;
                }
                1.0
            }
            Some(word) => f64::from(written_out(word)?),
            None => words("hours")?.parse().ok()?,
        };
        let whole_minutes = (hours * 60.0).round();
        if !(0.0..=f64::from(DAY)).contains(&whole_minutes) {
            return None;
        }
        // In range by the check above.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let whole_minutes = whole_minutes as u32;
        let mut beside = match (words("minutes_beside"), words("words_beside")) {
            (Some(minutes), _) => minutes.parse().ok()?,
            (None, Some(minutes)) => written_out(minutes)?,
            (None, None) => number("figure_beside").unwrap_or(0),
        };
        // `1 h 3 sets`, `1 h 10:00-11:00`: the figure belongs to what follows it.
        let after = text[span.end..].trim_start_matches([' ', '\t']);
        if has("figure_beside")
            && after.starts_with(|c: char| c.is_alphanumeric() || matches!(c, ':' | '-' | '–'))
        {
            span.end = whole.end();
            beside = 0;
        }
        if let Some(part) = words("and_part") {
            beside = part_of_hour(part);
        }
        if let Some(part) = words("part_between") {
            beside += part_of_hour(part);
        }
        Length::from(whole_minutes.checked_add(beside)?)
    } else if let Some(word) = words("minutes_in_words") {
        Length::from(written_out(word)?)
    } else {
        // `15 + 10 min`
        let added = words("added").unwrap_or_default().split('+');
        let added: u32 = added
            .filter_map(|figure| figure.trim().parse::<u32>().ok())
            .sum();
        tenths(words("minutes").or(words("bracketed"))?)? + Length::from(added)
    };
    // `x` and `@` may begin the duration itself.
    let figure = text[span.range()].trim_start_matches(['x', 'X', '@', ' ', '\t']);
    let inexact = match () {
        () if has("to") => Inexact::Range,
        () if is_of_one(&text[..span.end - figure.len()], &text[span.end..]) => Inexact::OfOne,
        () if has("rough") => Inexact::Roughly,
        () => Inexact::No,
    };
    (minutes <= Length::from(DAY)).then_some(Duration {
        span: span.shifted(offset),
        minutes,
        inexact,
    })
}

/// Whether a duration between these words is that of one of several.
fn is_of_one(before: &str, behind: &str) -> bool {
    let times = TIMES_BEFORE
        .captures(before)
        .and_then(|found| found.name("times"));
    let is_each = || EACH_ALONE_BEHIND.is_match(behind) || EACH_BEFORE.is_match(before);
    times.is_some_and(|times| !NUMBERED.is_match(&before[..times.start()]))
        || EACH_BEHIND.is_match(behind)
        || is_each() && BOTH_SIDES_BEFORE.is_match(before)
}

/// The length of so many minutes: `25`, `7.5`; what is finer than tenths is dropped.
pub fn tenths(figure: &str) -> Option<Length> {
    let (whole, fraction) = figure.split_once('.').unwrap_or((figure, "0"));
    let tenth = fraction.get(..1)?.parse::<u32>().ok()?;
    let tenths = whole.parse::<u32>().ok()?.checked_mul(10)?;
    Some(Length::of_tenths(tenths.checked_add(tenth)?))
}

/// The minutes of a half, a quarter or three quarters of an hour.
fn part_of_hour(words: &str) -> u32 {
    let small = words.to_ascii_lowercase();
    let has = |names: &[&str]| names.iter().any(|name| small.contains(name));
    if has(&["three", "3/4", "¾"]) {
        45
    } else if has(&["quarter", "1/4", "¼"]) {
        15
    } else {
        30
    }
}

/// The value of a number that is written out.
fn written_out(number: &str) -> Option<u32> {
    let number = number.to_ascii_lowercase();
    let mut words = number.split([' ', '\t', '-']).filter(|w| !w.is_empty());
    let first = words.next()?;
    let below_twenty = |word: &str| {
        let at = TO_NINETEEN.split('|').position(|w| w == word)?;
        TO_NINETEEN_VALUES.get(at).copied()
    };
    let value = match TENS
        .split('|')
        .zip((TENS_FROM..).step_by(10))
        .find(|(w, _)| *w == first)
    {
        Some((_, tens)) => tens,
        None => below_twenty(first)?,
    };
    let ones = words.next().map_or(Some(0), below_twenty)?;
    Some(value + ones)
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

/// Whether these words for a time count twelve hours without saying which half of the day; nothing if they do not tell,
/// as those of a morning.
pub fn counts_twelve_hours(words: &str, minutes: u32) -> Option<bool> {
    let Some((hour, minute)) = words.split_once(':') else {
        return Some(false);
    };
    if !minute.trim().bytes().all(|b| b.is_ascii_digit()) {
        return Some(false);
    }
    let hour: u32 = hour.trim().parse().ok()?;
    (minutes >= 13 * 60).then_some(hour * 60 + 59 < minutes)
}

/// `1:05` for 13:05.
pub fn twelve_hours(minutes: u32) -> String {
    format!("{}:{:02}", (minutes / 60 + 11) % 12 + 1, minutes % 60)
}

/// A time of day in the manner of another, of which both the words and the time are known: `1:50` beside `1:30` in an
/// afternoon.
pub fn clock_beside((words, at): (&str, u32), minutes: u32) -> String {
    match counts_twelve_hours(words, at) {
        Some(true) => twelve_hours(minutes),
        _ => clock_like(words, minutes),
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
            "10:02am-10:27",
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
        for text in [
            "10:02a-10:27a",
            "10:02A - 10:27a.m.",
            "start 10:02 stop 10:27",
            "begin 10:02, end 10:27",
            "started at 10:02; stopped at 10:27",
            "Start time: 10:02 End time: 10:27",
            "from 10:02 to 10:27",
            "in 10:02 out 10:27",
            "time in: 10:02 AM   time out: 10:27 AM",
            "start 1002 stop 1027",
        ] {
            assert_eq!(range(text), morning, "{text}");
        }
        assert_eq!(range("10-10:25"), Some((600, 625)));
        assert_eq!(range("2pm-2:30pm"), Some((840, 870)));
        assert_eq!(range("2:15-3pm"), Some((855, 900)));
        assert_eq!(range("2 pm to 3 pm"), Some((840, 900)));
        assert_eq!(range("10:00-10:25 a bit"), Some((600, 625)));
        for text in [
            "2-3",
            "2-3 pm",
            "4-5 am",
            "10:25-11",
            "C4-10:25",
            "3x10-10:25 rpm",
            "4/10-10:25",
            "10:00 then 10:25",
            "1002 to 1027",
        ] {
            assert_eq!(range(text), None, "{text}");
        }
    }

    #[test]
    fn a_range_that_passes_midnight() {
        for (text, minutes) in [
            ("11:50 pm-12:15 am", 25),
            ("11:50pm - 12:15", 25),
            ("11:50-12:15 am", 25),
            ("23:50-0:15", 25),
            ("2350-0015", 25),
            ("10:30 pm-1:30 am", 180),
        ] {
            let found = clock_ranges(text, 0)[0];
            assert_eq!(found.minutes(), Some(minutes), "{text}");
            assert!(found.start >= HALF_DAY && found.end > DAY && !found.ambiguous);
        }
        for text in [
            "10:30 pm-1:31 am",
            "1:05 pm-1:30 am",
            "13:30-13:05",
            "11:50 am-12:15 am",
        ] {
            assert_eq!(clock_ranges(text, 0)[0].minutes(), None, "{text}");
        }
        let mut after = clock_ranges("12:15-12:30", 0)[0];
        after.align(23 * 60 + 45);
        assert_eq!(after.start, DAY + 15);
        let mut after = clock_ranges("12:15-12:30 am", 0)[0];
        after.after_midnight();
        assert_eq!((after.start, after.end), (DAY + 15, DAY + 30));
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
            .map(|d| (d.minutes.minutes(), d.inexact))
            .collect()
    }

    #[test]
    fn estimates() {
        for text in [
            "about 15 min",
            "< 15 min",
            "less than 15 minutes",
            "up to 15 min",
            "at least 15 min",
            "nearly fifteen minutes",
        ] {
            assert_eq!(minutes(text), [(15, Inexact::Roughly)], "{text}");
        }
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
        assert_eq!(minutes("8-15 min"), [(8, Inexact::Range)]);
        assert_eq!(minutes("8 to 15 min"), [(8, Inexact::Range)]);
        assert_eq!(minutes("8 or 15 min"), [(8, Inexact::Range)]);
        for (text, expected) in [
            ("half an hour", 30),
            ("a half hour", 30),
            ("half hour", 30),
            ("half-hour", 30),
            ("1/2 hour", 30),
            ("½ hr", 30),
            ("half of an hour", 30),
            ("quarter hour", 15),
            ("quarter-hour", 15),
            ("a quarter hour", 15),
            ("one quarter hour", 15),
            ("a quarter of an hour", 15),
            ("¼ hour", 15),
            ("Three quarters of an hour", 45),
            ("three-quarter hour", 45),
            ("¾ hr", 45),
            ("hour and a half", 90),
            ("an hour and a quarter", 75),
            ("hour and a quarter", 75),
            ("one hour and a quarter", 75),
            ("1 hour and three quarters", 105),
            ("an hour and a half", 90),
            ("1 hour and a half", 90),
            ("two hours and a half", 150),
            ("one hour", 60),
            ("two-hour", 120),
            ("1 hour and 15 minutes", 75),
            ("an hour and ten minutes", 70),
            ("one hour and twenty-five minutes", 85),
            ("The session was an hour", 60),
            ("an hour", 60),
            ("massage for an hour", 60),
            ("an hour and 5 minutes", 65),
            ("one and a half hours", 90),
            ("one and a quarter hour", 75),
            ("1 and 1/2 hours", 90),
            ("1 1/2 hr", 90),
            ("2-1/2 hours", 150),
            ("1½ hours", 90),
            ("fifteen (15) minutes", 15),
            (".5 hr", 30),
            ("15+10 min", 25),
            ("15 + 5 + 5 min", 25),
            ("reflexes 2+ 25 min", 25),
            ("15 (fifteen) minutes", 15),
            ("from 10 to 15 minutes", 15),
            ("3/10 to 15 minutes", 15),
            ("1 hour, 15 min", 75),
            ("twenty minutes", 20),
            ("Twenty-three minutes", 23),
            ("thirty five min", 35),
            ("fifteen-minute", 15),
            ("sixty mins.", 60),
        ] {
            assert_eq!(minutes(text), [(expected, Inexact::No)], "{text}");
        }
        assert_eq!(minutes("about twenty minutes"), [(20, Inexact::Roughly)]);
        for text in [
            "3 miles an hour",
            "every hour",
            "half a mile in the hour",
            "several minutes",
            "twenty times",
            "someone minutes",
            "a quarter past the hour",
            "per quarter hour",
            "each half hour",
            "three quarters",
            "(3 x 10) minutes",
            "tenm",
        ] {
            assert_eq!(minutes(text), [], "{text}");
        }
        let exact = |text: &str| durations(text, 0)[0].minutes.to_string();
        assert_eq!(exact("7.5 min"), "7.5");
        assert_eq!(exact("7.58 min"), "7.5");
        assert_eq!(exact("~15.0 min"), "15");
        assert_eq!(minutes("25 minimal"), []);
        assert_eq!(minutes("10:02-10:27"), []);
    }

    #[test]
    fn where_durations_begin_and_end() {
        let words = |text: &'static str| {
            let durations = durations(text, 3).into_iter();
            durations
                .map(|d| (&text[d.span.start - 3..d.span.end - 3], d.minutes.minutes()))
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
            ("1 h 5, lumbar", "1 h 5", 65),
            ("1 h 3 sets", "1 h", 60),
            ("1 h 10:00-11:00", "1 h", 60),
            ("Ther ex 25 min", "25 min", 25),
            ("1 hr. 5' ", "1 hr. 5'", 65),
            ("1-hour", "1-hour", 60),
            // No word of its own, and no space behind it.
            ("xabout 25 min", "25 min", 25),
            ("about25 min", "", 0),
            ("about\u{a0}25 min", "about\u{a0}25 min", 25),
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
            "11/2 hour",
            "25 mi",
            "1h5m",
            "25 m_",
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
}
