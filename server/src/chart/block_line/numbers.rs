//! Numbers that are neither minutes nor units: of a place, a visit, an age, a fee.

use regex::Captures;

use super::Reader;
use crate::pattern::pattern;
use crate::text::Span;

// `POS 11 Units 2`, `Auth 12 of 20 Min 30`: what it numbers is no treatment.
pattern!(
    NUMBERED,
    r"(?ix)\b (?P<number> (?:pos|place[\ ]of[\ ]service|visits?|line|auth\w*|row|item|seq) [\ \t]*[:=\#]?[\ \t]* \d{1,2}
        (?: [\ \t]*(?:of|/)[\ \t]* \d{1,2} )? )
      [\ \t,;]+ (?:units?|min(?:ute)?s?|mod\w*|qty) [\ \t]*[:=]?[\ \t]* [0-9GKCX_]"
);
// `Age 59 Min 30 Units 2`, `Fee 76.00 Units 2 Min 30`: each label may stand before its figure, or behind it.
pattern!(
    LABELS_LEAD,
    r"(?ix)(?P<number> (?P<first>\d+)(?:[.,/]\d+)* ) [\ \t,;]+
      (?: (?:minutes?|mins?)[\ \t]*[:=]?[\ \t]*(?P<minutes>\d{1,3})(?:\.\d)? [\ \t,;]+ units?[\ \t]*[:=]?[\ \t]*(?P<units>\d{1,2})
        | units?[\ \t]*[:=]?[\ \t]*(?P<units_first>\d{1,2}) [\ \t,;]+ (?:minutes?|mins?)[\ \t]*[:=]?[\ \t]*(?P<minutes_last>\d{1,3})(?:\.\d)? )
      [\ \t]*(?:\.[\ \t]|[.,;|)]?[\ \t]*$|[,;|)])"
);
// `Pain 5 Min 30`
pattern!(
    LABEL_LEADS,
    r"(?ix)\b(?: age | hr | pulse | pain | dx | ptr | icd | rev | acct | charge | chg | fee | rate | amt | copay | room | rm | loc | week | wk | level
        | ref | fac | tos | prov | tax | ins | ltg | stg ) [\ \t]*[:=\#]?[\ \t]* (?P<number> \d+(?:[.,/]\d+)* ) [\ \t,;]+
      (?:minutes?|mins?|units?)[\ \t]*[:=]?[\ \t]*\d{1,3}(?:\.\d)? [\ \t]*(?:[.,;|)]|$)"
);
// `59 - 30 min` is a modifier and a time, `2 x 15 - 25 min` repetitions and a time: no ranges.
pattern!(
    NO_RANGE,
    r"(?:\b59[ \t]*|\d[ ]?[x×][ ]?\d{1,2}[ \t]*)(?P<number>[-–—])[ \t]*(?:[1-4]?\d|5[0-8])[ \t]?(?i:m\b|mins?\b|minutes?\b|')"
);

impl Reader<'_> {
    /// Passes over what numbers something else, and over a dash that makes no range.
    pub(super) fn pass_over_numbers(&mut self) {
        // On most lines nothing like that stands behind a figure.
        let words = || {
            self.rest
                .split([' ', '\t', ',', ';'])
                .filter(|word| !word.is_empty())
        };
        let mut pairs = words().zip(words().skip(1));
        let has_label = pairs.any(|(word, next)| {
            let next = next.starts_with(['m', 'M', 'u', 'U', 'q', 'Q']);
            next && word.ends_with(|c: char| c.is_ascii_digit())
        });
        let labels = [&NUMBERED, &LABELS_LEAD, &LABEL_LEADS];
        let labels = labels.into_iter().filter(|_| has_label);
        let has_dash = self.rest.contains(['-', '–', '—']);
        let dash = [&NO_RANGE].into_iter().filter(|_| has_dash);
        for pattern in labels.chain(dash) {
            let found = pattern.captures_iter(&self.rest);
            // Of one that asks for no agreement it holds.
            let found = found.filter(|found| labels_lead(found));
            let numbers = found.filter_map(|found| Some(found.name("number")?.range()));
            let numbers: Vec<Span> = numbers.map(|number| self.span(number)).collect();
            for number in numbers {
                self.take(number);
            }
        }
    }
}

/// Whether the labels of minutes and units stand before their figures: `Age 59 Min 30 Units 2`, but not `30 min 2 units 72`, whose
/// figures agree as they stand.
fn labels_lead(found: &Captures<'_>) -> bool {
    let figure = |name: &str| -> Option<u32> { found.name(name)?.as_str().parse().ok() };
    // A unit is a quarter of an hour, give or take one.
    let agree =
        |minutes: u32, units: u32| minutes >= 8 && minutes.abs_diff(units.saturating_mul(15)) <= 15;
    let minutes = figure("minutes").or(figure("minutes_last"));
    let Some((first, minutes)) = figure("first").zip(minutes) else {
        return true;
    };
    let stand_behind = match figure("units_first") {
        Some(units) => agree(units, first),
        None => agree(first, minutes),
    };
    minutes >= 8 && !stand_behind
}
