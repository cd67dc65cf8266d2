//! Referrals, prescriptions and plans of care: from when to when, how many visits.

use jiff::ToSpan;
use jiff::civil::Date;

use super::date::{self, WrittenDate};
use super::{Field, FieldKind, Visit};
use crate::pattern::{pattern, words};
use crate::text::Span;

/// What a `referral` or `plan of care` field says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Referral {
    pub span: Span,
    /// The first day, if the field says which one it is.
    pub from: Option<WrittenDate>,
    /// The last day, if the field says which one it is.
    pub to: Option<WrittenDate>,
    /// How many visits it allows at most.
    pub visits: Option<u32>,
    /// The number of visits is written as such, not only as so many a week for so many weeks.
    pub counts_visits: bool,
    /// For how many weeks at most, if there is only one such figure.
    pub weeks: Option<u32>,
    /// A placeholder is still to be filled: until then it stands for whatever is needed.
    pub has_placeholder: bool,
    /// Holds some date.
    dated: bool,
}

/// The numbers that are written in words, from one on.
const NUMERALS: [&str; 12] = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
];

pattern!(
    /// A number of visits, `n`.
    pub(super) VISITS,
    &format!(
        r"(?i)\b(?:\d{{1,3}}\s*(?:-|–|to)\s*)?(?P<n>\d{{1,3}}|{})\s*(?:more\s+|total\s+|pt\s+|massage\s+|therapy\s+|treatment\s+)?(?:visits?|sessions?|treatments?|txs?|appointments?|appts?)\b",
        NUMERALS.join("|")
    )
);
// `2 visits per week` says how often, not how many.
words!(
    HOW_OFTEN,
    r"(?i)^\s*(?:/|per |a w(?:ee)?k|each|every|weekly)"
);
pattern!(
    WEEKLY,
    r"(?ix)
    (?: \b(?:\d{1,2}\s*(?:-|–|to)\s*)?(?P<n>\d{1,2}) \s*(?:[x×]|times?|visits?|sessions?)\s*(?:/|per|a|each|every)?\s*w(?:ee)?ks?\b
      | \b(?P<word>once|twice|three\ times)\s*(?:/|per|a|each|every)\s*w(?:ee)?k\b
      | \b(?P<weekly>weekly)\b )"
);
pattern!(
    WEEKS,
    r"(?ix) ^[\s,;.]*(?:x|×|for|over|during)?\s*(?:the\ next\s+)?(?:\d{1,2}\s*(?:-|–|to)\s*)?(?P<n>\d{1,2})\s*(?P<unit>w(?:ee)?ks?|mo(?:nth)?s?)\b"
);
words!(
    BETWEEN,
    r"(?i)^\s*(?:to|-|–|—|through|thru|until|till|and|→)\s*$"
);
words!(
    ENDING,
    r"(?i)(?:through|thru|until|till|to|expir(?:es|ed|ing|y|ation)(?: date)?|exp\.?|end(?:s|ing)?|ends? on|up to)\s*:?\s*(?:on\s+)?$"
);
words!(
    STARTING,
    r"(?i)(?:^|\b(?:rx|from|start(?:s|ing|ed)?|dated|written|effective|eff\.?|begin(?:s|ning)?|since|soc|start of care|initial(?: evaluation| eval)?|eval(?:uation)?|signed)(?: on)?\s*:?)\s*$"
);
words!(
    FREQUENCY,
    r"(?ix)
      (?:\d+|_{2,}) \s*(?:[x×]|times?|visits?|sessions?|tx|treatments?|days?)\s*(?:/|per\b|a\b|each\b|every\b|weekly|monthly)
    | (?:\d+|_{2,}) \s*[x×]\s*(?:w(?:ee)?k|mo|month|day|d)\b
    | (?:\d+|_{2,}) \s*/\s*(?:w(?:ee)?k|mo|month)\b
    | (?:\d+|_{2,}) \s*(?:more\s+)?(?:visits?|sessions?|treatments?|tx)\b
    | \b(?:bi-?|semi-?|tri-?)?(?:weekly|monthly|daily)\b
    | \b(?:biw|tiw|qiw|qd|qod|bid|tid|q\.?\s*\d*\s*-?\s*(?:w(?:ee)?ks?|d(?:ays?)?|mo(?:nths?)?|visits?))\b
    | \b(?:once|twice|thrice|(?:one|two|three|four|five)\ times)\b
    | \b(?:every|each)\s+(?:other\s+|second\s+|\d+\s+|few\s+)?(?:days?|w(?:ee)?ks?|months?|mon|tue|wed|thu|fri|sat|sun)
    | \b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:days?)?\b
    | \bm\s*[/,]\s*w\b | \bt\s*[/,]\s*th\b | \bmwf\b
    | \b(?:prn|as\ needed|frequency)\b"
);

impl Referral {
    /// Reads the value of a field; `offset` is where it stands.
    pub fn read(text: &str, offset: usize) -> Self {
        let dates = date::find_in(text, 0);
        let (from, to) = ends(text, &dates);
        // A range that ends before it begins is a slip: it says nothing.
        let reversed = from
            .zip(to)
            .is_some_and(|(from, to)| from.day.zip(to.day).is_some_and(|(from, to)| from > to));
        let (from, to) = if reversed { (None, None) } else { (from, to) };
        let moved = |date: WrittenDate| WrittenDate {
            span: date.span.shifted(offset),
            ..date
        };
        let written = VISITS
            .captures_iter(text)
            .filter(|found| {
                let end = found.get(0).map_or(0, |m| m.end());
                !is_how_often(&text[end..])
            })
            .filter_map(|found| number(found.name("n")?.as_str()))
            .max();
        let (weekly, weeks) = by_weeks(text);
        Self {
            span: Span::new(offset, offset + text.len()),
            from: from.map(moved),
            to: to.map(moved),
            visits: written.or(weekly),
            counts_visits: written.is_some(),
            weeks,
            has_placeholder: text.contains("___"),
            dated: !dates.is_empty(),
        }
    }

    /// Whether a day lies inside. `None` if the field does not say.
    pub fn covers(&self, day: Date) -> Option<bool> {
        if self.has_placeholder {
            return Some(true);
        }
        let from = self.from.and_then(|d| d.day);
        let to = self.to.and_then(|d| d.day);
        (from.is_some() || to.is_some())
            .then(|| from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to))
    }

    /// The last day of a plan that Medicare certified: 90 days from its start, or its own end if
    /// that comes first.
    pub fn certified_until(&self) -> Option<Date> {
        let from = self.from.and_then(|d| d.day);
        let own = self.to.and_then(|d| d.day).or_else(|| {
            let weeks = i64::from(self.weeks?);
            from?.checked_add(weeks.weeks()).ok()
        });
        let longest = from.and_then(|from| from.checked_add(90.days()).ok());
        own.into_iter().chain(longest).min()
    }
}

/// Which date begins and which ends: a range says so, else the word before a date.
fn ends(text: &str, dates: &[WrittenDate]) -> (Option<WrittenDate>, Option<WrittenDate>) {
    for pair in dates.windows(2) {
        if BETWEEN.is_match(&text[pair[0].span.end..pair[1].span.start]) {
            return (Some(pair[0]), Some(pair[1]));
        }
    }
    let (mut from, mut to) = (Vec::new(), Vec::new());
    for date in dates {
        let before = &text[..date.span.start];
        if ENDING.is_match(before) {
            to.push(*date);
        } else if STARTING.is_match(before) {
            from.push(*date);
        }
    }
    // Two of a kind: which one counts is not certain.
    let only = |found: &[WrittenDate]| match found {
        [one] => Some(*one),
        _ => None,
    };
    (only(&from), only(&to))
}

/// `2x/wk x 6 wks` is 12 visits; `3x/wk x 2 wks, then 1x/wk x 4 wks` is 10. A part without its
/// weeks leaves the number open. Also the weeks, if there is one such part.
fn by_weeks(text: &str) -> (Option<u32>, Option<u32>) {
    let mut visits = Some(0);
    let mut weeks = Vec::new();
    let mut parts = 0;
    for found in WEEKLY.captures_iter(text) {
        parts += 1;
        let end = found.get(0).map_or(0, |m| m.end());
        let often = match (found.name("n"), found.name("word")) {
            (Some(n), _) => number(n.as_str()),
            (_, Some(word)) => Some(match word.as_str().to_ascii_lowercase().as_str() {
                "once" => 1,
                "twice" => 2,
                _ => 3,
            }),
            _ => Some(1),
        };
        let long = WEEKS.captures(&text[end..]).and_then(|long| {
            let n = number(long.name("n")?.as_str())?;
            let months = long.name("unit")?.as_str().to_ascii_lowercase();
            Some(if months.starts_with('m') { n * 5 } else { n })
        });
        weeks.extend(long);
        visits = visits
            .zip(often.zip(long))
            .map(|(sum, (often, long))| sum + often * long);
    }
    let weeks = match weeks.as_slice() {
        [one] if parts == 1 && !text.to_ascii_lowercase().contains("then") => Some(*one),
        _ => None,
    };
    (visits.filter(|_| parts > 0), weeks)
}

/// Whether what follows a number of visits makes it so many at a time: `2 visits` `per week`.
pub(super) fn is_how_often(rest: &str) -> bool {
    HOW_OFTEN.is_match(rest)
}

/// A number in figures or words.
pub(super) fn number(word: &str) -> Option<u32> {
    let word = word.to_ascii_lowercase();
    let spelt = NUMERALS.iter().zip(1..).find(|(name, _)| **name == word);
    spelt.map(|(_, n)| n).or_else(|| word.parse().ok())
}

/// Whether a text says how often the patient is to come.
pub fn says_how_often(text: &str) -> bool {
    FREQUENCY.is_match(text)
}

/// The fields of a visit, or of what stands before the first one, that are a referral; with what
/// they say. `Rx: stretch daily` or `Order: x-ray 12/1/26` in a section is none: in a section a
/// referral has a number of visits or both of its days, in a visit one of them or a day.
pub fn referrals<'a>(
    text: &'a str,
    visit: &'a Visit,
    preamble: bool,
) -> impl Iterator<Item = (&'a Field, Referral)> {
    read_all(text, visit, FieldKind::Referral).filter(move |(field, referral)| {
        let ranged = referral.from.is_some() && referral.to.is_some();
        match field.section {
            Some(_) => referral.counts_visits || ranged,
            None if preamble || visit.heading.is_none() => true,
            None => referral.counts_visits || referral.dated,
        }
    })
}

/// The fields that are a plan of care, with what they say.
pub fn plans<'a>(text: &'a str, visit: &'a Visit) -> impl Iterator<Item = (&'a Field, Referral)> {
    read_all(text, visit, FieldKind::PlanOfCare)
}

fn read_all<'a>(
    text: &'a str,
    visit: &'a Visit,
    kind: FieldKind,
) -> impl Iterator<Item = (&'a Field, Referral)> {
    visit.fields_of(kind).filter_map(move |field| {
        let value = field.value?;
        Some((field, Referral::read(&text[value.range()], value.start)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<String>, Option<String>, Option<u32>) {
        let referral = Referral::read(text, 7);
        let day = |d: Option<WrittenDate>| d.and_then(|d| d.day).map(|d| d.to_string());
        (day(referral.from), day(referral.to), referral.visits)
    }

    #[test]
    fn every_spelling() {
        assert_eq!(
            read("2026-10-01 to 2026-12-31, 12 visits, Dr. Okafor"),
            (
                Some("2026-10-01".to_owned()),
                Some("2026-12-31".to_owned()),
                Some(12)
            )
        );
        assert_eq!(
            read("Rx 10/1/26, 2x/wk x 6 wks"),
            (Some("2026-10-01".to_owned()), None, Some(12))
        );
        assert_eq!(
            read("12 visits through 12/31/2026"),
            (None, Some("2026-12-31".to_owned()), Some(12))
        );
        assert_eq!(
            read("Dr. Okafor, Oct 1, 2026 - Dec 31, 2026"),
            (
                Some("2026-10-01".to_owned()),
                Some("2026-12-31".to_owned()),
                None
            )
        );
        assert_eq!(
            read("10/1/26, exp. 12/31/26, 6-8 sessions"),
            (
                Some("2026-10-01".to_owned()),
                Some("2026-12-31".to_owned()),
                Some(8)
            )
        );
        assert_eq!(
            read("3x/wk x 2 wks, then 1x/wk x 4 wks"),
            (None, None, Some(10))
        );
        assert_eq!(read("2 visits per week for 4 weeks").2, Some(8));
        // A month may reach into a fifth week.
        assert_eq!(read("2x/week for 3 months").2, Some(30));
        assert_eq!(read("six visits, Dr. Okafor").2, Some(6));
    }

    #[test]
    fn what_is_not_said_stays_open() {
        assert_eq!(read("Dr. Okafor"), (None, None, None));
        assert_eq!(
            read("3x/week, 6 weeks, then 1x/week").2,
            None,
            "the last part has no end"
        );
        assert_eq!(
            read("Dr. Okafor, injury of 9/15/26, next review 12/1/26"),
            (None, None, None)
        );
        assert_eq!(read("M75.01, 2x/week").2, None);
    }

    #[test]
    fn a_placeholder_covers_what_is_needed() {
        let day = Date::new(2026, 11, 20).unwrap_or_default();
        assert_eq!(Referral::read("___ to ___", 0).covers(day), Some(true));
        assert_eq!(
            Referral::read("2026-12-01 to ___", 0).covers(day),
            Some(true)
        );
        assert_eq!(
            Referral::read("from 2026-12-01", 0).covers(day),
            Some(false)
        );
        assert_eq!(Referral::read("Dr. Okafor", 0).covers(day), None);
    }

    #[test]
    fn ninety_days_or_the_plans_own_end() {
        let until = |text: &str| {
            Referral::read(text, 0)
                .certified_until()
                .map(|d| d.to_string())
        };
        assert_eq!(until("2026-10-01, 2x/week"), Some("2026-12-30".to_owned()));
        assert_eq!(
            until("2026-10-01 to 2026-11-15, 2x/week"),
            Some("2026-11-15".to_owned())
        );
        assert_eq!(
            until("2026-10-01 to 2027-03-01, 2x/week"),
            Some("2026-12-30".to_owned())
        );
        assert_eq!(
            until("2026-10-01, 2x/week for 8 weeks"),
            Some("2026-11-26".to_owned())
        );
        assert_eq!(until("2x/week for 8 weeks"), None);
    }

    #[test]
    fn how_often() {
        for text in [
            "2x/wk x 6 wks",
            "Weekly for 4 weeks",
            "1×/week",
            "twice a week",
            "q week x 5",
            "every other Tuesday",
            "12 visits over 6 weeks",
            "q2 wks",
            "___x/week for ___ weeks",
        ] {
            assert!(says_how_often(text), "{text}");
        }
        for text in [
            "continue with manual therapy",
            "2026-10-01 to 2026-12-23, Dr. Okafor",
            "strengthening 3 x 10, gait training",
        ] {
            assert!(!says_how_often(text), "{text}");
        }
    }
}
