//! Clock times and durations as notes write them.

use crate::pattern::letters::{is_word_at, is_word_before};
use crate::text::Span;

/// Minutes in half a day, the step between `1:05` and `1:05 pm`.
const HALF_DAY: u32 = 12 * 60;
/// A block of more than this across noon is a slip of the pen, not a block.
const LONGEST_ACROSS_NOON: u32 = 180;

/// A clock range as written. Times are minutes after midnight, 0 to 1439.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockRange {
    /// Where it stands, relative to the visit.
    pub span: Span,
    /// When it begins.
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
        let length = self.end.checked_sub(self.start);
        let Some(length) = length else { return };
        let later = start + HALF_DAY;
        let chosen = if later.abs_diff(reference) < start.abs_diff(reference) {
            later
        } else {
            start
        };
        self.start = chosen;
        self.end = chosen + length;
    }
}

/// A duration as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duration {
    /// Where it stands, relative to the visit.
    pub span: Span,
    /// The minutes; for a range such as `8-15 min` the smaller figure.
    pub minutes: u32,
    /// `~15 min`, `about 15 min` or a range: not a number of minutes to bill by.
    pub inexact: Inexact,
}

/// In what way a duration is not one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inexact {
    /// One plain number.
    No,
    /// `~15 min`, `about 15 min`.
    Roughly,
    /// `8-15 min`.
    Range,
}

/// Every clock range in a text, in order; `offset` is added to the spans. A range whose hours or
/// minutes no clock shows is left out.
pub fn clock_ranges(text: &str, offset: usize) -> Vec<ClockRange> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(range) = next_range(text.as_bytes(), from) {
        let [first, second] = range;
        from = second.span.end;
        let on_a_clock = |(hour, minute, half): Written| {
            minute < 60
                && if half.is_some() {
                    (1..=12).contains(&hour)
                } else {
                    hour < 24
                }
        };
        if !on_a_clock(first.written) || !on_a_clock(second.written) {
            continue;
        }
        let (start, end, ambiguous) = resolve(first.written, second.written);
        found.push(ClockRange {
            span: Span::new(first.span.start, second.span.end).shifted(offset),
            start,
            end,
            ambiguous,
            ends: [first.span.shifted(offset), second.span.shifted(offset)],
        });
    }
    found
}

/// A time of day as written, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Moment {
    span: Span,
    written: Written,
}

/// The first `10:02 am - 10:27` or `1002-1027` behind an offset.
fn next_range(text: &[u8], from: usize) -> Option<[Moment; 2]> {
    let mut at = from;
    loop {
        at += text.get(at..)?.iter().position(u8::is_ascii_digit)?;
        let range = range_at(text, at, time_of_day, joint)
            .or_else(|| range_at(text, at, military_time, dash));
        if range.is_some() {
            return range;
        }
        at += 1;
    }
}

/// A time, what joins it to another one, and that one; blanks may stand around the joint.
fn range_at(
    text: &[u8],
    at: usize,
    time: impl Fn(&[u8], usize) -> Option<Moment>,
    joint: impl Fn(&[u8]) -> usize,
) -> Option<[Moment; 2]> {
    let first = time(text, at)?;
    let joint_at = after_blanks(text, first.span.end);
    let length = joint(&text[joint_at..]);
    if length == 0 {
        return None;
    }
    let second = time(text, after_blanks(text, joint_at + length))?;
    Some([first, second])
}

fn after_blanks(text: &[u8], at: usize) -> usize {
    let blanks = text[at..].iter().take_while(|b| matches!(b, b' ' | b'\t'));
    at + blanks.count()
}

/// The number of so many digits at most at an offset, and how many there are.
fn digits(text: &[u8], at: usize, most: usize) -> (u32, usize) {
    let digits = text.get(at..).unwrap_or_default().iter().take(most);
    let digits = digits.take_while(|b| b.is_ascii_digit());
    digits.fold((0, 0), |(number, count), digit| {
        (number * 10 + u32::from(digit - b'0'), count + 1)
    })
}

/// `10:02`, `1:02 pm`
fn time_of_day(text: &[u8], at: usize) -> Option<Moment> {
    let (hour, length) = digits(text, at, 2);
    let colon = at + length;
    let (minute, minute_digits) = digits(text, colon + 1, 2);
    if length == 0 || text.get(colon) != Some(&b':') || minute_digits != 2 {
        return None;
    }
    let (half, end) = half_of_the_day(text, colon + 3);
    Some(Moment {
        span: Span::new(at, end),
        written: (hour, minute, half),
    })
}

/// ` pm`, `a.m.`: whether it is the afternoon, and the end.
fn half_of_the_day(text: &[u8], at: usize) -> (Option<bool>, usize) {
    let letters = after_blanks(text, at);
    let dot = |at: usize| at + usize::from(text.get(at) == Some(&b'.'));
    let afternoon = match text.get(letters) {
        Some(b'a' | b'A') => false,
        Some(b'p' | b'P') => true,
        _ => return (None, at),
    };
    let m = dot(letters + 1);
    if matches!(text.get(m), Some(b'm' | b'M')) {
        (Some(afternoon), dot(m + 1))
    } else {
        (None, at)
    }
}

/// `1002`
fn military_time(text: &[u8], at: usize) -> Option<Moment> {
    let (number, length) = digits(text, at, 4);
    (length >= 3).then(|| Moment {
        span: Span::new(at, at + length),
        written: (number / 100, number % 100, None),
    })
}

/// The length of the dash that a text begins with.
fn dash(text: &[u8]) -> usize {
    match text {
        [b'-', ..] => 1,
        // An en dash or an em dash.
        [0xE2, 0x80, 0x93 | 0x94, ..] => 3,
        _ => 0,
    }
}

/// The length of the dash, the `to` or the `until` that a text begins with.
fn joint(text: &[u8]) -> usize {
    let begins = |word: &str| {
        let start = text.get(..word.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
    };
    match dash(text) {
        0 if begins("to") => 2,
        0 if begins("until") => 5,
        length => length,
    }
}

/// Hour, minute, and whether it is the afternoon if that is said.
type Written = (u32, u32, Option<bool>);

/// The minutes after midnight that two written times mean, and whether they could mean another
/// half of the day.
fn resolve(first: Written, second: Written) -> (u32, u32, bool) {
    let on_the_day = |(hour, minute, half): Written| match half {
        None => hour * 60 + minute,
        Some(afternoon) => (hour % 12) * 60 + minute + if afternoon { HALF_DAY } else { 0 },
    };
    let (mut start, mut end) = (on_the_day(first), on_the_day(second));
    match (first.2, second.2) {
        (Some(_), Some(_)) => (start, end, false),
        // `1:05-1:30 pm`, `11:30-12:15 pm`: the start takes the half that makes a positive range.
        (None, Some(_)) => {
            if first.0 <= 12 {
                let morning = (first.0 % 12) * 60 + first.1;
                start = if morning + HALF_DAY < end {
                    morning + HALF_DAY
                } else {
                    morning
                };
            }
            (start, end, false)
        }
        (Some(_), None) => {
            if second.0 <= 12 {
                let morning = (second.0 % 12) * 60 + second.1;
                end = if morning > start {
                    morning
                } else {
                    morning + HALF_DAY
                };
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

/// Every duration in a text, in order; `offset` is added to the spans.
pub fn durations(text: &str, offset: usize) -> Vec<Duration> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(told) = next_length(text.as_bytes(), from) {
        from = told.span.end;
        found.extend(told.duration(text, offset));
    }
    found
}

/// A length of time as written; the spans are those of its figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Length {
    span: Span,
    rough: bool,
    hours: Option<Span>,
    /// The minutes, or those beside the hours.
    minutes: Option<Span>,
    /// There is a second figure, as in `8-15 min`.
    range: bool,
}

impl Length {
    fn duration(&self, text: &str, offset: usize) -> Option<Duration> {
        // `C4-6'`, `110:30 min`: a figure that goes on to the left is not a duration's.
        let before = text[..self.span.start].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, ':' | '.' | '/')) {
            return None;
        }
        let minutes = self.minutes.map(|m| text[m.range()].parse::<u32>());
        let minutes = if let Some(hours) = self.hours {
            let hours: f64 = text[hours.range()].parse().ok()?;
            let whole_minutes = (hours * 60.0).round();
            if !(0.0..=f64::from(24 * 60)).contains(&whole_minutes) {
                return None;
            }
            // In range by the check above.
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let whole_minutes = whole_minutes as u32;
            whole_minutes + minutes.and_then(Result::ok).unwrap_or(0)
        } else {
            minutes?.ok()?
        };
        let inexact = match (self.range, self.rough) {
            (true, _) => Inexact::Range,
            (false, true) => Inexact::Roughly,
            (false, false) => Inexact::No,
        };
        (minutes <= 24 * 60).then_some(Duration {
            span: self.span.shifted(offset),
            minutes,
            inexact,
        })
    }
}

/// The first length of time behind an offset.
fn next_length(text: &[u8], from: usize) -> Option<Length> {
    let mut at = from;
    loop {
        at += text.get(at..)?.iter().position(u8::is_ascii_digit)?;
        let length = hours_at(text, at).or_else(|| minutes_at(text, at));
        if let Some(length) = length {
            let (start, rough) = start_with_mark(text, from, at);
            return Some(Length {
                span: Span::new(start, length.span.end),
                rough,
                ..length
            });
        }
        at = digits_end(text, at);
    }
}

/// `1.5 hours`, `1 h 5 min`
fn hours_at(text: &[u8], at: usize) -> Option<Length> {
    let figure = Span::new(at, decimals_end(text, digits_end(text, at)));
    let unit = after_dash(text, after_blanks(text, figure.end));
    let end = unit_end(text, unit, &["hour", "hours", "hr", "hrs", "h"])?;
    let minutes = after_blanks(text, end);
    let minutes_end = digits_end(text, minutes);
    let hours_alone = Length {
        span: Span::new(at, end),
        rough: false,
        hours: Some(figure),
        minutes: None,
        range: false,
    };
    if minutes_end == minutes {
        return Some(hours_alone);
    }
    let unit = unit_end(text, after_blanks(text, minutes_end), MINUTES);
    let end = unit.or_else(|| mark_end(text, minutes_end));
    Some(Length {
        span: Span::new(at, end.unwrap_or(minutes_end)),
        minutes: Some(Span::new(minutes, minutes_end)),
        ..hours_alone
    })
}

const MINUTES: &[&str] = &["minute", "minutes", "min", "mins", "m"];

/// `25 min`, `8-15 min`, `25'`
fn minutes_at(text: &[u8], at: usize) -> Option<Length> {
    let figure = Span::new(at, digits_end(text, at));
    let mut end = decimals_end(text, figure.end);
    let to = after_blanks(text, end);
    let to = match &text[to..] {
        [b'-', ..] => Some(after_blanks(text, to + 1)),
        // An en dash.
        [0xE2, 0x80, 0x93, ..] => Some(after_blanks(text, to + 3)),
        _ => None,
    };
    let to = to.filter(|to| digits_end(text, *to) > *to);
    if let Some(to) = to {
        end = digits_end(text, to);
    }
    let unit = after_dash(text, after_blanks(text, end));
    let end = unit_end(text, unit, MINUTES).or_else(|| mark_end(text, unit))?;
    Some(Length {
        span: Span::new(at, end),
        rough: false,
        hours: None,
        minutes: Some(figure),
        range: to.is_some(),
    })
}

/// Where the marks before a figure begin, `about`, `~`, `x` or `@`, and whether it is a rough one.
fn start_with_mark(text: &[u8], from: usize, figure: usize) -> (usize, bool) {
    const WORDS: &[&str] = &[
        "about",
        "approx",
        "approx.",
        "approximately",
        "around",
        "roughly",
        "ca",
        "ca.",
    ];
    let before_blanks = |end: usize| {
        let blanks = text[from..end].iter().rev();
        end - blanks.take_while(|b| matches!(b, b' ' | b'\t')).count()
    };
    let mut start = figure;
    let cross = before_blanks(figure);
    if cross > from && matches!(text[cross - 1], b'x' | b'X' | b'@') {
        start = cross - 1;
    }
    let end = before_blanks(start);
    let before = &text[from..end];
    if before.ends_with(b"~") {
        return (end - 1, true);
    }
    if before.ends_with("≈".as_bytes()) {
        return (end - "≈".len(), true);
    }
    let rough = WORDS.iter().find_map(|word| {
        let at = before.len().checked_sub(word.len())?;
        let same = before[at..].eq_ignore_ascii_case(word.as_bytes());
        let alone = !is_word_before(text, from + at);
        (same && alone && end < start).then_some(from + at)
    });
    rough.map_or((start, false), |start| (start, true))
}

fn digits_end(text: &[u8], at: usize) -> usize {
    at + text[at..].iter().take_while(|b| b.is_ascii_digit()).count()
}

/// The end of `.5`, or its beginning if there is none.
fn decimals_end(text: &[u8], at: usize) -> usize {
    if text.get(at) != Some(&b'.') {
        return at;
    }
    let end = digits_end(text, at + 1);
    if end > at + 1 { end } else { at }
}

fn after_dash(text: &[u8], at: usize) -> usize {
    at + usize::from(text.get(at) == Some(&b'-'))
}

/// The end of one of these words and its dot.
fn unit_end(text: &[u8], at: usize, units: &[&str]) -> Option<usize> {
    // Hours or minutes: mostly another letter tells that it is neither.
    if !matches!(text.get(at)?, b'h' | b'H' | b'm' | b'M') {
        return None;
    }
    let end = (at..text.len()).find(|end| !is_word_at(text, *end));
    let end = end.unwrap_or(text.len());
    let word = &text[at..end];
    let known = units
        .iter()
        .any(|unit| word.eq_ignore_ascii_case(unit.as_bytes()));
    known.then(|| end + usize::from(text.get(end) == Some(&b'.')))
}

/// The end of a mark for minutes.
fn mark_end(text: &[u8], at: usize) -> Option<usize> {
    match &text[at..] {
        [b'\'', ..] => Some(at + 1),
        // A right quotation mark or a prime.
        [0xE2, 0x80, 0x99 | 0xB2, ..] => Some(at + 3),
        _ => None,
    }
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
    use crate::pattern::pattern;
    use crate::trial::each_varied;

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

    pattern!(
        CLOCK,
        r"(?ix)
            (?P<a> (?P<ah>\d{1,2}):(?P<am>\d{2}) (?:[\ \t]*(?P<ap>[ap])\.?m\.?)? )
            [\ \t]*(?:-|–|—|to|until)[\ \t]*
            (?P<b> (?P<bh>\d{1,2}):(?P<bm>\d{2}) (?:[\ \t]*(?P<bp>[ap])\.?m\.?)? )
            | (?P<ma>\d{3,4})[\ \t]*[-–—][\ \t]*(?P<mb>\d{3,4})"
    );

    pattern!(
        DURATION,
        r"(?ix)
            (?P<rough>[~≈][\ \t]*|\b(?:about|approx(?:\.|imately)?|around|roughly|ca\.?)[\ \t]+)?
            (?:[x@][\ \t]*)?
            (?:
                (?P<h>\d+(?:\.\d+)?)[\ \t]*-?(?:hours?|hrs?|h)\b\.?(?:[\ \t]*(?P<hm>\d+)(?:[\ \t]*(?:minutes?|mins?|m)\b\.?|['’′])?)?
                | (?P<m>\d+)(?:\.\d+)?(?:[\ \t]*[-–][\ \t]*(?P<to>\d+))?[\ \t]*-?(?:(?:minutes?|mins?|m)\b\.?|['’′])
            )"
    );

    /// The reader finds what the pattern that describes it finds.
    #[test]
    fn durations_are_those_of_their_pattern() {
        let check = |text: &str| {
            // A letter beyond ASCII whose capital is in it.
            if text.contains('\u{17f}') {
                return;
            }
            let (mut found, mut from) = (Vec::new(), 0);
            while let Some(length) = next_length(text.as_bytes(), from) {
                from = length.span.end;
                found.push(length);
            }
            let described: Vec<Length> = DURATION
                .captures_iter(text)
                .map(|hit| {
                    let span = |name: &str| hit.name(name).map(|m| Span::from(m.range()));
                    Length {
                        span: Span::from(hit.get(0).unwrap().range()),
                        rough: span("rough").is_some(),
                        hours: span("h"),
                        minutes: span("hm").or(span("m")),
                        range: span("to").is_some(),
                    }
                })
                .collect();
            assert_eq!(found, described, "{text:?}");
        };
        each_varied(1, check);
        let pieces = [
            "about",
            "Approx.",
            "approximately",
            "roughly",
            "ca",
            "ca.",
            "~",
            "≈",
            "x",
            "X",
            "@",
            "1",
            "15",
            "2.5",
            "-",
            "–",
            "min",
            "Mins",
            "minute",
            "m",
            "h",
            "hrs",
            "hours",
            ".",
            "'",
            "’",
            "′",
            " ",
            " ",
            "\t",
            "\u{a0}",
            ":",
            "/",
            "é",
            "_",
            "\n",
            "a",
        ];
        let mut seed = 7_usize;
        for _ in 0..40_000 {
            let mut text = String::new();
            for _ in 0..10 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                text += pieces[(seed >> 33) % pieces.len()];
            }
            check(&text);
        }
    }

    /// The reader finds what the pattern that describes it finds.
    #[test]
    fn clock_ranges_are_those_of_their_pattern() {
        let check = |text: &str| {
            let (mut found, mut from) = (Vec::new(), 0);
            while let Some(range) = next_range(text.as_bytes(), from) {
                from = range[1].span.end;
                found.push(range);
            }
            let described: Vec<[Moment; 2]> = CLOCK
                .captures_iter(text)
                .map(|hit| {
                    let number = |name: &str| hit.name(name).unwrap().as_str().parse::<u32>();
                    let moment = |whole: &str, written| Moment {
                        span: Span::from(hit.name(whole).unwrap().range()),
                        written,
                    };
                    if hit.name("ma").is_some() {
                        return ["ma", "mb"].map(|name| {
                            let number = number(name).unwrap();
                            moment(name, (number / 100, number % 100, None))
                        });
                    }
                    [("a", "ah", "am", "ap"), ("b", "bh", "bm", "bp")].map(|(whole, h, m, p)| {
                        let half = hit.name(p).map(|p| p.as_str().eq_ignore_ascii_case("p"));
                        moment(whole, (number(h).unwrap(), number(m).unwrap(), half))
                    })
                })
                .collect();
            assert_eq!(found, described, "{text:?}");
        };
        each_varied(1, check);
        let ends = [
            "10:02", "1:05 p.m", "1:05 pm.", "1002", "123", "12345", "9:5", "1:05a.", "99:99am",
        ];
        let joints = [
            "-",
            " – ",
            "—",
            " to ",
            "until",
            " ",
            "- -",
            "\t-\u{a0}",
            "TO",
        ];
        each_varied(0, |text| {
            let n = text.len();
            let (end, joint) = (ends[n % ends.len()], joints[n % joints.len()]);
            check(&format!("{text}{end}{joint}{}", ends[n / 7 % ends.len()]));
        });
        for one in ends {
            for joint in joints {
                for two in ends {
                    check(&format!(
                        "1{one}{joint}{two}{joint}{one} {two}{joint}5{one}"
                    ));
                }
            }
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
}
