use jiff::civil::Date;

use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::{FieldKind, Heading, date};
use crate::pattern::pattern;
use crate::policy::Level;
use crate::text::Span;

pub static RULE: Rule = Rule {
    name: "invalid-date",
    group: Group::Chart,
    level: Level::Error,
    source: "CMS Pub. 100-02 ch. 15 §220.3.E: every treatment note has its date",
    page: page!("invalid-date"),
    check: Check::Visit(check),
};

pattern!(
/// Dates that people write and the format does not read: `2026/11/20`, `11-20-2026`, `11.20.26`,
/// `20 Nov 2026`.
    OTHER,
    r"(?ix)^(?:
        (?P<y>\d{4})[/.](?P<m>\d{1,2})[/.](?P<d>\d{1,2})
        | (?P<um>\d{1,2})[-.](?P<ud>\d{1,2})[-.](?P<uy>\d{4}|\d{2})
        | (?P<nd>\d{1,2})\.?\ +(?P<nm>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?\ +(?P<ny>\d{4})
        )\b"
);

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

pattern!(
/// A day of the week before the date.
    WEEKDAY,
    r"(?i)^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?[ \t]+"
);

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let Some(heading) = &case.visit.heading else {
        return;
    };
    let typed = case.is_at_the_end(heading.span);
    let placeholder = heading.value.is_some_and(|v| case.str(v).contains("__"));
    if typed || placeholder || heading.date.is_some_and(|d| d.day.is_some()) {
        return;
    }
    let Some(written) = heading.date else {
        found.push(undated(case, heading));
        return;
    };
    let draft = Draft::new(
        written.span,
        "There is no such date. A payer rejects a visit without a valid date of service.",
    );
    found.push(match day_first(case.str(written.span)) {
        Some(day) => draft.fix(format!("Change it to {day}"), written.span, day.to_string()),
        None => draft,
    });
}

/// A heading without anything that is read as a date.
fn undated(case: &VisitCase<'_>, heading: &Heading) -> Draft {
    const WITHOUT: &str = "This visit heading has no date. A payer rejects a visit without a date of service; write it as 2026-11-20 or 11/20/2026 right after the colon.";
    let draft = Draft::new(heading.value.unwrap_or(heading.key), WITHOUT);
    let Some(value) = heading.value else {
        let Some(day) = signed_on(case) else {
            return draft;
        };
        let title = format!("Use the date of the signature, {day}");
        let end = heading.key.end;
        return if case.text[end..].starts_with([' ', '\t']) {
            draft.fix(title, Span::at(end + 1), day.to_string())
        } else {
            draft.fix(title, Span::at(end), format!(" {day}"))
        };
    };
    let text = case.str(value);
    let weekday = WEEKDAY.find(text).map_or(0, |m| m.end());
    let dates = date::find_in(text, 0);
    let date = dates.first().filter(|d| d.day.is_some());
    if weekday > 0 && date.is_some_and(|d| d.span.start == weekday) {
        let before = Span::new(value.start, value.start + weekday);
        return draft.fix("Begin with the date", before, "");
    }
    let Some((length, day)) = other_date(&text[weekday..]) else {
        return draft;
    };
    let written = Span::new(value.start, value.start + weekday + length);
    draft.fix(format!("Write it as {day}"), written, day.to_string())
}

/// The day that a text begins with as [`OTHER`] has it, and the length of what says so.
fn other_date(text: &str) -> Option<(usize, Date)> {
    let found = OTHER.captures(text)?;
    let number = |name: &str| found.name(name)?.as_str().parse::<i16>().ok();
    let (year, month, day) = if let Some(year) = number("y") {
        (year, number("m")?, number("d")?)
    } else if let Some(year) = number("uy") {
        let century = if year < 100 { 2000 } else { 0 };
        (century + year, number("um")?, number("ud")?)
    } else {
        let name = found.name("nm")?.as_str().to_ascii_lowercase();
        let month = MONTHS.iter().position(|m| *m == name)? + 1;
        (number("ny")?, i16::try_from(month).ok()?, number("nd")?)
    };
    let day = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    Some((found.get(0)?.len(), day))
}

/// `20/11/2026`, written with the day first.
fn day_first(written: &str) -> Option<Date> {
    let mut parts = written.split('/');
    let day: i8 = parts.next()?.parse().ok()?;
    let month: i8 = parts.next()?.parse().ok()?;
    let year: i16 = parts.next()?.parse().ok()?;
    Date::new(if year < 100 { 2000 + year } else { year }, month, day).ok()
}

fn signed_on(case: &VisitCase<'_>) -> Option<Date> {
    let value = case.visit.field(FieldKind::Signed)?.value?;
    date::find_in(case.str(value), 0).first()?.day
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_that_the_format_does_not_read() {
        for (text, length) in [
            ("2026/11/20", 10),
            ("2026.11.20 follow-up", 10),
            ("11-20-2026", 10),
            ("11.20.26, 4 of 12", 8),
            ("20 Nov 2026", 11),
            ("20. november, 2026", 18),
        ] {
            let day = Date::new(2026, 11, 20).ok();
            assert_eq!(other_date(text), day.map(|day| (length, day)), "{text}");
        }
        for none in [
            "on 2026/11/20",
            "2026/13/20",
            "11-20-20266",
            "20 Now 2026",
            "4 of 12",
            "",
        ] {
            assert_eq!(other_date(none), None, "{none}");
        }
    }

    #[test]
    fn a_day_of_the_week() {
        for (text, rest) in [
            ("Monday 11/20", "11/20"),
            ("tue, 11/20", "11/20"),
            ("Sat.,\t11/20", "11/20"),
        ] {
            assert_eq!(WEEKDAY.find(text).map(|m| &text[m.end()..]), Some(rest));
        }
        for none in ["Mo 11/20", "on Monday 11/20", "Friday", "sun-11/20"] {
            assert!(!WEEKDAY.is_match(none), "{none}");
        }
    }
}
