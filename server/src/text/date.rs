//! Dates as notes write them: `2026-11-20`, `11/20/2026`, `11/20/26`, `11-20-2026`, `Nov 20, 2026`, `20 Nov 2026` (US
//! order).

use jiff::civil::{Date, Weekday};
use jiff::fmt::strtime::BrokenDownTime;
use regex::Captures;

use super::Span;
use crate::pattern::pattern;

/// A date as written. The span is relative to the visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrittenDate {
    /// Where, with a weekday before it.
    pub span: Span,
    /// The day, or `None` if the calendar has no such day.
    pub day: Option<Date>,
}

/// A date; `SHORT` stands for what a year of two digits may follow.
const DATE_FORMS: &str = r"(?ix)
      START (?: (?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})
           | (?P<us_month>\d{1,2})/(?P<us_day>\d{1,2})/(?P<us_year>\d{4}|\d{2})
           | (?P<dashed_month>\d{1,2})[-.](?P<dashed_day>\d{1,2})[-.](?P<dashed_year>\d{4}SHORT)
           | (?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+
             (?P<named_day>\d{1,2})(?:st|nd|rd|th)?(?:,\s*|\s+)(?P<named_year>\d{4})
           | (?P<day_first>\d{1,2})(?:st|nd|rd|th)?\s+
             (?P<late_name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?\s+(?P<late_year>\d{4}) ) \b";

// `10-12-15` alone may be anything; where a date is expected it is one.
pattern!(
    DATE,
    &DATE_FORMS.replace("START", r"\b").replace("SHORT", "")
);
pattern!(
    DATE_AT_START,
    &DATE_FORMS
        .replace(
            "START",
            r"^(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]*\s+)?"
        )
        .replace("SHORT", r"|\d{2}")
);

pattern!(
    WEEKDAY,
    r"(?i)^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]*\s+"
);

/// The first three letters of the day of the week, in small letters.
pub fn weekday(day: Date) -> &'static str {
    match day.weekday() {
        Weekday::Monday => "mon",
        Weekday::Tuesday => "tue",
        Weekday::Wednesday => "wed",
        Weekday::Thursday => "thu",
        Weekday::Friday => "fri",
        Weekday::Saturday => "sat",
        Weekday::Sunday => "sun",
    }
}

/// How long the weekday is that a text begins with, with what follows it.
pub fn weekday_len(text: &str) -> usize {
    WEEKDAY.find(text).map_or(0, |found| found.len())
}

/// The date that a text begins with; a weekday may stand before it and belongs to its span.
pub fn at_start(text: &str) -> Option<WrittenDate> {
    let found = DATE_AT_START.captures(text)?;
    Some(WrittenDate {
        span: Span::from(found.get(0)?.range()),
        day: day_of(&found),
    })
}

/// Every date in a text, in order; `offset` is added to the spans.
pub fn find_in(text: &str, offset: usize) -> Vec<WrittenDate> {
    let dates = DATE.captures_iter(text).filter_map(|found| {
        Some(WrittenDate {
            span: Span::from(found.get(0)?.range()).shifted(offset),
            day: day_of(&found),
        })
    });
    dates.collect()
}

fn day_of(found: &Captures<'_>) -> Option<Date> {
    let number = |name: &str| found.name(name)?.as_str().parse::<i8>().ok();
    let year = |name: &str| found.name(name)?.as_str().parse::<i16>().ok();
    let (year, month, day) = if let Some(year) = year("year") {
        (year, number("month")?, number("day")?)
    } else if let Some(year) = year("us_year") {
        // A year that is written with four digits may be 26 as well.
        let century = if year < 100 { 2000 } else { 0 };
        (century + year, number("us_month")?, number("us_day")?)
    } else if let Some(year) = year("dashed_year") {
        let century = if year < 100 { 2000 } else { 0 };
        (
            century + year,
            number("dashed_month")?,
            number("dashed_day")?,
        )
    } else {
        let name = found.name("name").or_else(|| found.name("late_name"))?;
        let name = BrokenDownTime::parse("%b", name.as_str()).ok()?;
        let day = number("named_day").or_else(|| number("day_first"))?;
        (
            year("named_year").or_else(|| year("late_year"))?,
            name.month()?,
            day,
        )
    };
    Date::new(year, month, day).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<Date> {
        find_in(text, 0).first().and_then(|d| d.day)
    }

    #[test]
    fn every_spelling() {
        let expected = Date::new(2026, 11, 20).ok();
        for text in [
            "2026-11-20",
            "11/20/2026",
            "11/20/26",
            "Nov 20, 2026",
            "november 20 2026",
            "Nov. 20, 2026",
            "11-20-2026",
            "11.20.2026",
            "20 Nov 2026",
            "November 20th, 2026",
        ] {
            assert_eq!(day(text), expected, "{text}");
        }
        assert_eq!(day("2026-02-30"), None);
        assert_eq!(find_in("2026-02-30", 0).len(), 1);
        assert!(find_in("110/135, 3/10, 2/9/", 0).is_empty());
    }

    #[test]
    fn where_dates_begin_and_end() {
        for (text, found) in [
            ("2026-1-2, 1/2/26.", &["2026-1-2", "1/2/26"][..]),
            ("Septembre. 5,2026", &["Septembre. 5,2026"]),
            ("MAY\u{a0}1\n2026", &["MAY\u{a0}1\n2026"]),
            ("é2026-11-20é", &["2026-11-20"]),
            // The day and the year are not distinguished.
            ("Nov 202026", &[]),
            ("Nov2 2026", &[]),
            ("Dismay 2 2026", &[]),
            ("_2026-11-20", &[]),
            ("2026-11-201", &[]),
            ("1/2/226", &[]),
            ("2026-11/20", &[]),
            // A part of what is none.
            ("12026-11-20", &[]),
            ("2026-2026-11-20", &["2026-11-20"]),
            ("1/11/20/26", &["1/11/20"]),
            ("may march 3, 2026", &["march 3, 2026"]),
        ] {
            let spans = find_in(text, 3).into_iter().map(|date| date.span);
            let words: Vec<&str> = spans.map(|s| &text[s.start - 3..s.end - 3]).collect();
            assert_eq!(words, found, "{text}");
        }
    }

    #[test]
    fn every_month_by_its_name() {
        let months =
            "January February March April May June July August September October November December";
        for (name, month) in months.split(' ').zip(1..) {
            for name in [name, &name[..3], &name.to_uppercase()] {
                let expected = Date::new(2026, month, 3).ok();
                assert_eq!(day(&format!("{name} 3, 2026")), expected, "{name}");
            }
        }
        assert_eq!(day("ſep 3, 2026"), None);
    }

    #[test]
    fn years_of_two_digits_are_of_this_century() {
        assert_eq!(day("1/2/03"), Date::new(2003, 1, 2).ok());
        assert_eq!(day("1/2/0026"), Date::new(2026, 1, 2).ok());
        assert_eq!(day("1/2/0100"), Date::new(100, 1, 2).ok());
        assert_eq!(day("1-2-0100"), Date::new(100, 1, 2).ok());
        assert_eq!(day("0026-1-2"), Date::new(26, 1, 2).ok());
    }
}
