//! Where the visits of a text begin.
//!
//! `visit:` always begins one. Record systems print the day of service at the head of each page, so that the
//! same day again is a new visit only after a signature; and `Date:` says many things, so that it begins a visit only
//! where none is open, or where the open one is of another day and has something in it already.

use std::ops::Range;
use std::sync::LazyLock;

use jiff::civil::Date;
use memchr::memchr2;

use super::bullet::BULLET;
use super::date;
use super::labels::LABELS;
use crate::pattern::Kinds;

/// What a line's start says: it divides a text, or tells what the open visit holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Visit,
    /// Another label for the day of a visit.
    Day,
    Date,
    /// Such a label without a colon.
    Alone,
    Signed,
    Content,
}

/// The marks, each with its pattern behind the start of a line; of two the first.
static MARKS: LazyLock<Kinds<Mark>> = LazyLock::new(|| {
    let labels = |key: &str| {
        let mut labels = LABELS.iter().filter(|(known, _)| *known == key);
        let labels = labels.next().map_or(&[][..], |(_, labels)| labels);
        let labels = labels.iter().filter(|l| !matches!(**l, "visit" | "date"));
        let labels = labels.map(|label| regex::escape(label).replace(' ', r"[\ \t]+"));
        labels.collect::<Vec<_>>().join("|")
    };
    let (days, signatures) = (labels("visit"), labels("signed"));
    let content = r"(?:(?:cpt|hcpcs|code)[^0-9\r\n]{0,10})?(?:[0-9]{5}|[a-z][0-9]{4})(?:[^0-9]|$)
        | \(?[soap]\) | [soap][\ \t]?: | [soap][\ \t]*= | [soap][\ \t]*[-–—][\ \t]
        | (?:\#+[\ \t]*|\*+)?(?:subjective|objective|assessment|plan|treatment|tx|interventions|procedures)(?-u:\b)";
    let marks = [
        (Mark::Visit, r"visit[\ \t]?:".to_owned()),
        (Mark::Day, format!(r"(?:{days})[\ \t]?:")),
        (Mark::Date, r"date[\ \t]?:".to_owned()),
        (Mark::Alone, format!(r"(?:{days}|visit|date)[\ \t]+")),
        (Mark::Signed, format!(r"(?:{signatures})(?:[\ \t,:]|$)")),
        (Mark::Content, content.to_owned()),
    ];
    let start = format!(r"(?imRx)^[\ \t]*(?:{BULLET}[\ \t]+)?");
    Kinds::new(marks.map(|(mark, words)| (mark, format!("{start}(?:{words})"))))
});

/// What is known of the visit that is open.
#[derive(Default)]
struct Open {
    day: Option<Date>,
    has_content: bool,
    signed: bool,
}

/// The offsets at which the visits of a text begin, each at a line's start.
pub fn visits(text: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut open: Option<Open> = None;
    let mut end_of_signature = 0;
    for (mark, Range { start, end }) in MARKS.find_iter(text) {
        let (key, rest) = (&text[start..end], &text[end..]);
        let end_of_line = memchr2(b'\n', b'\r', rest.as_bytes()).unwrap_or(rest.len());
        let rest = rest[..end_of_line].trim();
        if matches!(mark, Mark::Content | Mark::Signed) {
            let Some(open) = &mut open else { continue };
            open.has_content = true;
            if mark == Mark::Signed && !rest.trim_matches([':', ' ']).is_empty() {
                open.signed = true;
                end_of_signature = end + text[end..].find(rest).unwrap_or(0) + rest.len();
            }
            continue;
        }
        let found = date::at_start(rest);
        let day = found.and_then(|found| found.day);
        let whole_line = found.is_some_and(|found| found.span.end == rest.len());
        if mark == Mark::Date && found.is_none() || mark == Mark::Alone && !whole_line {
            continue;
        }
        let below_signature = || {
            let between = &text[end_of_signature..start];
            end_of_signature > 0 && between.trim().is_empty() && between.lines().count() == 1
        };
        let is_date = mark == Mark::Date || key.trim().eq_ignore_ascii_case("date");
        let begins = match &open {
            None => true,
            Some(_) if mark == Mark::Visit || key.trim().eq_ignore_ascii_case("visit") => true,
            Some(open) if is_date && (open.day.is_none() || below_signature()) => false,
            Some(open) if open.day.is_some() && open.day == day => open.signed,
            Some(open) => open.has_content || !is_date,
        };
        match &mut open {
            Some(open) if !begins => open.day = open.day.or(day),
            _ => {
                starts.push(start);
                open = Some(Open {
                    day,
                    ..Open::default()
                });
            }
        }
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines with which visits begin.
    fn lines(text: &str) -> Vec<&str> {
        let starts = visits(text).into_iter();
        starts
            .filter_map(|start| text[start..].lines().next())
            .collect()
    }

    #[test]
    fn what_begins_a_visit() {
        for heading in [
            "visit: 2026-11-20",
            "Visit:",
            "  VISIT : 4 of 12",
            "DOS: 11-20-2026",
            "Date of  Service: Nov 20, 2026",
            "- Encounter date: 11/20/26",
            "Date: Friday, November 20th, 2026",
            "date: 20 Nov 2026, third visit",
            "visit 11/20/26",
            "Visit Date 11/20/26",
            "Date 11/20/2026",
            "DOS 11/20/26",
        ] {
            assert_eq!(
                lines(&format!("payer: x\n{heading}\nS: a\n")),
                [heading],
                "{heading}"
            );
        }
        for prose in [
            "Date: soon",
            "visit 11/20/26 went well",
            "visits: 4",
            "update: 11/20/26",
            "Visit 4",
        ] {
            assert!(lines(prose).is_empty(), "{prose}");
        }
    }

    #[test]
    fn a_day_that_is_printed_again_is_the_head_of_a_page() {
        let page = "Date of Service: 11/20/2026\nS: a\n";
        assert_eq!(lines(&format!("{page}Date: Nov 20, 2026\n{page}")).len(), 1);
        assert_eq!(lines(&format!("{page}signed: A. B, PT\n\n{page}")).len(), 2);
        assert_eq!(lines(&format!("{page}Date: 11/21/2026\nO: b\n")).len(), 2);
        assert_eq!(lines("visit: 2026-11-20\nvisit: 2026-11-20\n").len(), 2);
    }

    #[test]
    fn a_date_below_a_signature_or_a_heading_without_one_is_no_visit() {
        for block in [
            "97110GP neck",
            "CPT Code: 97110 25 min",
            "- 97110",
            "97110-GP",
        ] {
            let two = format!("Date: 11/20/2026\n{block}\nDate: 11/21/2026\n");
            assert_eq!(lines(&two).len(), 2, "{block}");
        }
        let one = "Date: 11/20/2026\nS: a\nsigned: A. B, PT\nDate: 11/21/2026\n";
        assert_eq!(lines(one).len(), 1);
        assert_eq!(lines(&one.replace("PT\n", "PT\n\n")).len(), 2);
        assert_eq!(lines("visit: 4 of 12\nDate: 11/20/2026\nS: a\n").len(), 1);
        assert_eq!(lines("Date: 11/20/2026\nDate: 11/21/2026\nS: a\n").len(), 1);
    }
}
