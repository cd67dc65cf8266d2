//! Figures beside a code that no word counts: `97110: 25`. The label of their line may say what they are, or a line
//! above their list.

use std::ops::Range;

use super::{Duration, Inexact, time};
use crate::pattern::{pattern, words};
use crate::text::Span;

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    Minutes,
    Units,
}

/// A figure, and what it is if it is minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    pub minutes: Duration,
    /// It is written as hours and minutes, and so is no number of units.
    pub is_time: bool,
}

/// How far back from a code the start of its line is looked for, in bytes.
const LONGEST_LINE: usize = 400;
/// How many lines of a list are looked at for the line above it.
const LONGEST_LIST: usize = 30;

pattern!(CODE, r"(?i)\b(?:\d{5}|[A-Z]\d{4})(?:\b|_)");
// `Minutes:`, `Timed codes (minutes):`, `Minutes: TE (`, `Units/min:`
words!(
    LABEL,
    r"(?ix)^\W* (?:[a-z]+[\ /(-]+){0,3} (?:minutes?|mins?|units?|time(?:[\ ]spent)?)\b [^:=0-9]{0,25} [:=] [^0-9.;]{0,40}$"
);
// `Minutes (97110):`, `Minutes for 97110:`
words!(
    LABEL_OF_CODE,
    r"(?ix)^\W* (?:[a-z]+[\ ]){0,2} (?:minutes?|mins?|units?|time(?:[\ ]spent)?) [\ \t]* (?:(?:for|of|per)[\ ]+)? (?:cpt|code)? [\ (\[\#]*$"
);
// `Minutes per code`, `CPT / Min / Units`
words!(
    LINE_ABOVE,
    r"(?i)^[^0-9.]{0,40}\b(?:minutes?|mins?|units?)\b[^0-9.]{0,40}$"
);
pattern!(NAME, r"(?i)\b(?:(?P<minutes>minutes?|mins?|time)|units?)\b");
pattern!(
    FIGURE,
    r"(?:^|[ \t\x{A0}:,(\[=@|/–—-])(?P<figure>(?P<hours>\d{0,2}):(?P<beside>[0-5]\d)|\d{1,3}(?:\.\d)?)(?:[ \t\x{A0},;)\]|/]|\.?$)"
);
// `3 x 10`, `x 8`: repetitions.
words!(REPEATED, r"(?i)[x×@#]$");
words!(REPETITIONS, r"(?i)^[ \t]*[x×][ \t]*\d");

/// What figures beside the code of a line count, in their order; nothing where no label says so.
pub fn counted(text: &str, code: Span) -> Vec<Counted> {
    let lines = lines_before(text, code.start);
    let mut lines = lines.into_iter();
    let Some(own) = lines.next() else {
        return Vec::new();
    };
    let label = CODE.find(own).map_or(own, |first| &own[..first.start()]);
    if LABEL.is_match(label) || LABEL_OF_CODE.is_match(label) {
        return names(label);
    }
    let above = lines.find(|line| !CODE.is_match(line));
    let above = above.filter(|line| LINE_ABOVE.is_match(line));
    above.map_or(Vec::new(), names)
}

/// The line that holds an offset, up to it, and the lines above that nothing parts from it.
fn lines_before(text: &str, offset: usize) -> Vec<&str> {
    let earliest = |end: usize| {
        let start = end.saturating_sub(LONGEST_LINE);
        (start..end)
            .find(|at| text.is_char_boundary(*at))
            .unwrap_or(end)
    };
    let mut lines = Vec::new();
    let mut end = offset;
    while lines.len() < LONGEST_LIST {
        let first = earliest(end);
        let found = text[first..end].rfind(['\n', '\r']).map(|at| first + at);
        let Some(start) = found.map(|at| at + 1).or((first == 0).then_some(0)) else {
            break;
        };
        let line = text[start..end].trim_start();
        if line.is_empty() && !lines.is_empty() {
            break;
        }
        lines.push(line);
        let Some(line_break) = found else { break };
        end = line_break - usize::from(text[..=line_break].ends_with("\r\n"));
    }
    lines
}

fn names(label: &str) -> Vec<Counted> {
    let mut all = Vec::new();
    for found in NAME.captures_iter(label) {
        let counted = match found.name("minutes") {
            Some(_) => Counted::Minutes,
            None => Counted::Units,
        };
        if !all.contains(&counted) {
            all.push(counted);
        }
    }
    all
}

/// The figures of words that nothing counts, each with its place. `is_counted` says whether words behind a figure
/// count it.
pub fn lone(words: &str, is_counted: impl Fn(&str) -> bool) -> Vec<(Range<usize>, Figure)> {
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(found) = FIGURE.captures_at(words, at) {
        let Some(figure) = found.name("figure") else {
            break;
        };
        at = figure.end();
        let (before, behind) = (words[..figure.start()].trim_end(), &words[figure.end()..]);
        if REPEATED.is_match(before) || REPETITIONS.is_match(behind) || is_counted(behind) {
            continue;
        }
        let number = |name: &str| found.name(name)?.as_str().parse::<u32>().ok();
        let minutes = match number("beside") {
            Some(beside) => (number("hours").unwrap_or(0) * 60 + beside).into(),
            None => match time::tenths(figure.as_str()) {
                Some(minutes) => minutes,
                None => continue,
            },
        };
        let minutes = Duration {
            span: Span::from(figure.range()),
            minutes,
            inexact: Inexact::No,
        };
        let is_time = found.name("beside").is_some();
        all.push((figure.range(), Figure { minutes, is_time }));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_figures_count() {
        use Counted::{Minutes, Units};
        for (text, expected) in [
            ("Minutes: 97116 - 12", &[Minutes][..]),
            ("Minutes: 97116 - 12, 97140", &[Minutes]),
            ("Tx minutes: 97116", &[Minutes]),
            ("Timed codes (minutes): 97116", &[Minutes]),
            ("Minutes (97116", &[Minutes]),
            ("Minutes for 97116", &[Minutes]),
            ("Minutes: gait (97116", &[Minutes]),
            ("Time spent: 97116", &[Minutes]),
            ("Units/min: 97116", &[Units, Minutes]),
            ("Units: 97116", &[Units]),
            ("Minutes by code\r\n97116", &[Minutes]),
            ("CPT, MIN, UNITS\n97140 9 1\n97116", &[Minutes, Units]),
            ("Minutes\n\n97116", &[]),
            ("Slow for minutes.\n97116", &[]),
            ("Walked 12 minutes\n97116", &[]),
            ("O: 97116", &[]),
            ("97116", &[]),
        ] {
            let start = text.rfind("97").unwrap();
            assert_eq!(
                counted(text, Span::new(start, start + 5)),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn figures_that_nothing_counts() {
        for (words, expected) in [
            (": 12", &["12"][..]),
            (" - 12, 9", &["12", "9"]),
            (" (12)", &["12"]),
            (" 2/12", &["2", "12"]),
            (" 0:12", &["12"]),
            (" :12 hallway", &["12"]),
            (" 7.5.", &["7.5"]),
            (" 3 x 10", &[]),
            (" C4-6", &["6"]),
            (" 12 reps", &[]),
            (" 4/5", &["4", "5"]),
            (" 1200", &[]),
        ] {
            let found = lone(words, |behind| behind.starts_with(" reps"));
            let found: Vec<String> = found
                .iter()
                .map(|f| f.1.minutes.minutes.to_string())
                .collect();
            assert_eq!(found, expected, "{words}");
        }
    }
}
