//! Dates as notes write them: `2026-11-20`, `11/20/2026`, `11/20/26`, `Nov 20, 2026` (US order).

use jiff::civil::Date;

use crate::pattern::letters::{blanks, is_word_at, is_word_before};
use crate::text::Span;

/// A date as written. The span is relative to the visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrittenDate {
    /// Where it stands.
    pub span: Span,
    /// The day, or `None` if the calendar has no such day.
    pub day: Option<Date>,
}

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// Every date in a text, in order; `offset` is added to the spans.
pub fn find_in(text: &str, offset: usize) -> Vec<WrittenDate> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(figures) = next_date(text, from) {
        from = figures.span.end;
        let Figures {
            year,
            month,
            day,
            span,
        } = figures;
        // The figures have four and two digits at most.
        let day = i16::try_from(year).ok().and_then(|year| {
            let month = i8::try_from(month).ok()?;
            Date::new(year, month, i8::try_from(day).ok()?).ok()
        });
        found.push(WrittenDate {
            span: span.shifted(offset),
            day,
        });
    }
    found
}

/// The figures of a date, be there such a day or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Figures {
    year: u32,
    month: u32,
    day: u32,
    span: Span,
}

/// The first date that begins at an offset or behind it, where a word begins.
fn next_date(text: &str, from: usize) -> Option<Figures> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        let begins = |at: usize| bytes[at].is_ascii_alphanumeric() && !is_word_before(bytes, at);
        at = (at..bytes.len()).find(|at| begins(*at))?;
        let found = if bytes[at].is_ascii_digit() {
            in_digits(bytes, at)
        } else {
            with_a_name(text, at)
        };
        if found.is_some() {
            return found;
        }
        at += 1;
    }
}

/// The number of so many digits at most at an offset, and its end.
fn number(bytes: &[u8], at: usize, most: usize) -> (u32, usize) {
    let digits = bytes.get(at..).unwrap_or_default().iter().take(most);
    let digits = digits.take_while(|b| b.is_ascii_digit());
    digits.fold((0, at), |(number, end), digit| {
        (number * 10 + u32::from(digit - b'0'), end + 1)
    })
}

/// `2026-11-20`, `11/20/2026`, `11/20/26`
fn in_digits(bytes: &[u8], start: usize) -> Option<Figures> {
    let (first, first_end) = number(bytes, start, 4);
    let joint = *bytes.get(first_end)?;
    let (second, second_end) = number(bytes, first_end + 1, 2);
    if second_end == first_end + 1 || bytes.get(second_end) != Some(&joint) {
        return None;
    }
    let (third, end) = number(bytes, second_end + 1, 4);
    let digits = (first_end - start, end - second_end - 1);
    let (year, month, day) = match (joint, digits) {
        (b'-', (4, 1 | 2)) => (first, second, third),
        (b'/', (1 | 2, 4 | 2)) => (third, first, second),
        _ => return None,
    };
    // A year that is written with four digits may be 26 as well.
    let century = if joint == b'/' && year < 100 { 2000 } else { 0 };
    (!is_word_at(bytes, end)).then_some(Figures {
        year: century + year,
        month,
        day,
        span: Span::new(start, end),
    })
}

/// `Nov 20, 2026`, `november 20 2026`
fn with_a_name(text: &str, start: usize) -> Option<Figures> {
    let bytes = text.as_bytes();
    let name = bytes.get(start..start + 3)?;
    let month = MONTHS
        .iter()
        .position(|m| name.eq_ignore_ascii_case(m.as_bytes()))?;
    let letters = bytes[start..]
        .iter()
        .take_while(|b| b.is_ascii_alphabetic());
    let mut at = start + letters.count();
    at += usize::from(bytes.get(at) == Some(&b'.'));
    let day_start = after_blanks(text, at);
    let (day, day_end) = number(bytes, day_start, 2);
    if day_start == at || day_end == day_start {
        return None;
    }
    let comma = bytes.get(day_end) == Some(&b',');
    let year_start = after_blanks(text, day_end + usize::from(comma));
    let (year, end) = number(bytes, year_start, 4);
    let whole = (comma || year_start > day_end) && end == year_start + 4 && !is_word_at(bytes, end);
    whole.then_some(Figures {
        year,
        month: u32::try_from(month).ok()? + 1,
        day,
        span: Span::new(start, end),
    })
}

fn after_blanks(text: &str, at: usize) -> usize {
    at + blanks(&text[at..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::pattern;
    use crate::trial::each_varied;

    pattern!(
        DATE,
        r"(?ix)
            \b(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})\b
            | \b(?P<um>\d{1,2})/(?P<ud>\d{1,2})/(?P<uy>\d{4}|\d{2})\b
            | \b(?P<nm>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+(?P<nd>\d{1,2})(?:,\s*|\s+)(?P<ny>\d{4})\b"
    );

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
        ] {
            assert_eq!(day(text), expected, "{text}");
        }
        assert_eq!(day("2026-02-30"), None);
        assert_eq!(find_in("2026-02-30", 0).len(), 1);
        assert!(find_in("110/135, 3/10, 2/9/", 0).is_empty());
    }

    /// The reader finds what the pattern that describes it finds.
    #[test]
    fn dates_are_those_of_their_pattern() {
        let check = |text: &str| {
            // Letters beyond ASCII whose capitals or small letters are in it.
            if text.contains(['\u{17f}', '\u{212a}']) {
                return;
            }
            let (mut found, mut from) = (Vec::new(), 0);
            while let Some(date) = next_date(text, from) {
                from = date.span.end;
                found.push(date);
            }
            let described: Vec<Figures> = DATE
                .captures_iter(text)
                .map(|hit| {
                    let number =
                        |name: &str| Some(hit.name(name)?.as_str().parse::<u32>().unwrap());
                    let (year, month, day) = if let Some(year) = number("y") {
                        (year, number("m"), number("d"))
                    } else if let Some(year) = number("uy") {
                        let century = if year < 100 { 2000 } else { 0 };
                        (century + year, number("um"), number("ud"))
                    } else {
                        let name = hit["nm"].to_ascii_lowercase();
                        let month = MONTHS.iter().zip(1..).find(|(m, _)| **m == name);
                        (number("ny").unwrap(), month.map(|(_, n)| n), number("nd"))
                    };
                    Figures {
                        year,
                        month: month.unwrap(),
                        day: day.unwrap(),
                        span: Span::from(hit.get(0).unwrap().range()),
                    }
                })
                .collect();
            assert_eq!(found, described, "{text:?}");
        };
        each_varied(1, check);
        let pieces = [
            "2026",
            "26",
            "1",
            "11",
            "123",
            "-",
            "/",
            "Nov",
            "september",
            "may.",
            " ",
            "\u{a0}",
            ",",
            "_",
            "é",
            "\n",
            "x",
        ];
        let mut seed = 7_usize;
        for _ in 0..20_000 {
            let mut text = String::new();
            for _ in 0..9 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                text += pieces[(seed >> 33) % pieces.len()];
            }
            check(&text);
        }
    }
}
