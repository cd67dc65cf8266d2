//! Dates as notes write them: `2026-11-20`, `11/20/2026`, `11/20/26`, `Nov 20, 2026` (US order).

use jiff::civil::Date;

use crate::pattern::pattern;
use crate::text::Span;

/// A date as written. The span is relative to the visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrittenDate {
    /// Where it stands.
    pub span: Span,
    /// The day, or `None` if the calendar has no such day.
    pub day: Option<Date>,
}

pattern!(
    DATE,
    r"(?ix)
        \b(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})\b
        | \b(?P<um>\d{1,2})/(?P<ud>\d{1,2})/(?P<uy>\d{4}|\d{2})\b
        | \b(?P<nm>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+(?P<nd>\d{1,2})(?:,\s*|\s+)(?P<ny>\d{4})\b"
);

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// Every date in a text, in order; `offset` is added to the spans.
pub fn find_in(text: &str, offset: usize) -> Vec<WrittenDate> {
    DATE.captures_iter(text)
        .map(|found| {
            let number = |name: &str| {
                found
                    .name(name)
                    .and_then(|m| m.as_str().parse::<i16>().ok())
            };
            let (year, month, day) = if let Some(year) = number("y") {
                (Some(year), number("m"), number("d"))
            } else if let Some(year) = number("uy") {
                let century = if year < 100 { 2000 } else { 0 };
                (Some(century + year), number("um"), number("ud"))
            } else {
                let name = found.name("nm").map(|m| m.as_str().to_ascii_lowercase());
                let month = MONTHS.iter().position(|m| Some(*m) == name.as_deref());
                (
                    number("ny"),
                    month.and_then(|m| i16::try_from(m + 1).ok()),
                    number("nd"),
                )
            };
            let date = year
                .zip(month.and_then(|m| i8::try_from(m).ok()))
                .zip(day.and_then(|d| i8::try_from(d).ok()))
                .and_then(|((year, month), day)| Date::new(year, month, day).ok());
            let whole = found.get(0).map_or(0..0, |m| m.range());
            WrittenDate {
                span: Span::from(whole).shifted(offset),
                day: date,
            }
        })
        .collect()
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
        ] {
            assert_eq!(day(text), expected, "{text}");
        }
        assert_eq!(day("2026-02-30"), None);
        assert_eq!(find_in("2026-02-30", 0).len(), 1);
        assert!(find_in("110/135, 3/10, 2/9/", 0).is_empty());
    }
}
