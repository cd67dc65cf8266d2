//! A line below a block that says one thing of it: `25 min`, `Minutes: 25`, `Units: 2`.

use super::{ClockRange, Duration, Inexact, UnitClaim, time};
use crate::pattern::{pattern, words};
use crate::text::Span;

/// What such a line says.
#[derive(Clone, Debug)]
pub enum Said {
    Clock(ClockRange),
    Duration(Duration),
    Units(UnitClaim),
}

pattern!(
    LABEL,
    r"(?i)^(?:(?:(?:total|treatment)[ \t]+)?(?:minutes?|mins?|time|duration)(?:[ \t]*\([a-z.]+\))?[ \t]*[:=]|total[ \t]*[:=]|(?:minutes|mins?)[ \t])"
);
words!(FIGURE, r"^\d{1,3}(?:\.\d)?$");
pattern!(
    UNITS,
    r"(?i)^(?:(?:billed[ \t]+)?units?(?:[ \t]+billed)?[ \t]*[:=][ \t]*(?P<units>\d{1,2})|(?P<counted>\d{1,2})[ \t]*units?)$"
);

/// What a line says alone; `None` where it says anything else or more.
pub fn read(text: &str, line: Span) -> Option<Said> {
    let words = text[line.range()].trim_end_matches([' ', '\t', '.']);
    if let Some(found) = UNITS.captures(words) {
        let units = found.name("units").or(found.name("counted"))?;
        return Some(Said::Units(UnitClaim {
            span: Span::from(units.range()).shifted(line.start),
            units: units.as_str().parse().ok()?,
        }));
    }
    let label = LABEL.find(words).map_or(0, |found| found.end());
    let value = words[label..].trim_start();
    let start = line.start + words.len() - value.len();
    let all = Span::new(start, start + value.len());
    let is_alone = |span: Span| span.start == all.start && span.end >= all.end;
    let value_to_end = &text[start..line.end];
    if let [one] = time::clock_ranges(value_to_end, start)[..] {
        return is_alone(one.span).then_some(Said::Clock(one));
    }
    if let [one] = time::durations(value_to_end, start)[..] {
        return is_alone(one.span).then_some(Said::Duration(one));
    }
    if label == 0 || !FIGURE.is_match(value) {
        return None;
    }
    Some(Said::Duration(Duration {
        span: all,
        minutes: time::tenths(value)?,
        inexact: Inexact::No,
    }))
}

/// Whether a line speaks of time at all.
pub fn has_time(words: &str) -> bool {
    !time::clock_ranges(words, 0).is_empty() || !time::durations(words, 0).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_line_says_alone() {
        for (line, expected) in [
            ("25 min", "25 min"),
            ("x 25 minutes.", "25 min"),
            ("Total: 25 min", "25 min"),
            ("Minutes 25", "25 min"),
            ("Minutes: 25", "25 min"),
            ("Time (min): 7.5", "7.5 min"),
            ("Duration: 25 min", "25 min"),
            ("a quarter hour", "15 min"),
            ("10:00-10:25", "25 clock"),
            ("Time: 10:00 am - 10:25 am", "25 clock"),
            ("Units: 2", "2 units"),
            ("2 units", "2 units"),
            ("bike 25 min", "-"),
            ("25 min on the bike", "-"),
            ("25", "-"),
            ("Minutes: many", "-"),
            ("SLR, bridges", "-"),
        ] {
            let text = format!("  {line}\n");
            let said = match read(&text, Span::new(2, 2 + line.len())) {
                Some(Said::Clock(range)) => format!("{} clock", range.minutes().unwrap_or(0)),
                Some(Said::Duration(duration)) => {
                    assert!(line.contains(&text[duration.span.range()]));
                    format!("{} min", duration.minutes)
                }
                Some(Said::Units(claim)) => format!("{} units", &text[claim.span.range()]),
                None => "-".to_owned(),
            };
            assert_eq!(said, expected, "{line}");
        }
    }
}
