//! Where the visits of a text begin.
//!
//! `visit:` always begins one. Record systems print the day of service at the head of each page, so that the
//! same day again is a new visit only after a signature; and `Date:` says many things, so that it begins a visit only
//! where none is open, or where the open one is of another day and has something in it already. The day of an evaluation
//! stands at the head of later notes as well, so that it begins one only where no other day does.

use std::ops::Range;
use std::sync::LazyLock;

use jiff::civil::Date;
use memchr::memchr2;

use super::bullet::BULLET;
use super::date;
use super::labels::LABELS;
use super::line_end;
use crate::pattern::Kinds;

/// What a line's start says: it divides a text, or tells what the open visit holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Visit,
    /// Another label for the day of a visit.
    Day,
    /// A label that is one only before a date.
    Date,
    /// The number of a visit, before its date.
    Number,
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
        let labels = labels.iter().filter(|label| **label != "visit");
        let labels = labels.map(|label| regex::escape(label).replace(' ', r"[\ \t]+"));
        labels.collect::<Vec<_>>().join("|")
    };
    let (days, dated, signatures) = (labels("visit"), labels("day"), labels("signed"));
    let number =
        r"(?:visit|session)[\ \t]*(?:\#[\ \t]*)?[0-9]{1,3}(?:[\ \t]*(?:of|/)[\ \t]*[0-9]{1,3})?";
    let content = r"(?:(?:cpt|hcpcs|code)[^0-9\r\n]{0,10})?(?:[0-9]{5}|[a-z][0-9]{4})(?:[^0-9]|$)
        | \(?[soap]\) | [soap][\ \t]?: | [soap][\ \t]*= | [soap][\ \t]*[-–—][\ \t]
        | (?:\#+[\ \t]*|\*+)?(?:subjective|objective|assessment|plan|treatment|tx|interventions|procedures)\b";
    let marks = [
        (Mark::Visit, r"visit[\ \t]?:[*_]{0,3}".to_owned()),
        (Mark::Day, format!(r"(?:{days})[\ \t]?:[*_]{{0,3}}")),
        (
            Mark::Date,
            format!(r"(?:{dated})[\ \t]?:[*_]{{0,3}}|(?:{days}|visit|{dated})[\ \t]*[-–—=]"),
        ),
        (Mark::Number, format!(r"{number}[\ \t]*[-–—:(]")),
        (
            Mark::Alone,
            format!(r"(?:{number},?|{days}|visit|{dated})[\ \t]+"),
        ),
        (Mark::Signed, format!(r"(?:{signatures})(?:[\ \t,:]|$)")),
        (Mark::Content, content.to_owned()),
    ];
    let start = format!(r"(?imRx)^[\ \t]*(?:{BULLET}[\ \t]+)?(?:\#{{1,6}}[\ \t]+)?[*_]{{0,3}}");
    Kinds::new(marks.map(|(mark, words)| (mark, format!("{start}(?:{words})"))))
});

/// What is known of the visit that is open.
#[derive(Default)]
struct Open {
    day: Option<Date>,
    /// That is the day of an evaluation, which another label may correct.
    of_evaluation: bool,
    has_content: bool,
    signed: bool,
}

/// The offsets at which the visits of a text begin, each at a line's start.
pub fn visits(text: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut open: Option<Open> = None;
    let mut behind_signature = 0;
    for (mark, Range { start, end }) in MARKS.find_iter(text) {
        let (key, rest) = (&text[start..end], &text[end..]);
        let end_of_line = memchr2(b'\n', b'\r', rest.as_bytes()).unwrap_or(rest.len());
        let rest = rest[..end_of_line].trim();
        if matches!(mark, Mark::Content | Mark::Signed) {
            let Some(open) = &mut open else { continue };
            open.has_content = true;
            if mark == Mark::Signed && !rest.trim_matches([':', ' ']).is_empty() {
                open.signed = true;
                behind_signature = line_end(text, end);
            }
            continue;
        }
        let found = date::at_start(rest);
        let day = found.and_then(|found| found.day);
        let whole_line = found.is_some_and(|found| found.span.end == rest.len());
        let needs_date = matches!(mark, Mark::Date | Mark::Number);
        if needs_date && found.is_none() || mark == Mark::Alone && !whole_line {
            continue;
        }
        let of_evaluation = is_of_evaluation(key);
        let below_signature = start == behind_signature;
        let word = key.trim_matches(|c: char| !c.is_alphanumeric());
        let is_date = word.eq_ignore_ascii_case("date");
        let begins = match &open {
            None => true,
            Some(open) if of_evaluation => open.signed && open.day != day,
            Some(open) if open.of_evaluation && !open.has_content => false,
            Some(_) if mark == Mark::Visit || key.trim().eq_ignore_ascii_case("visit") => true,
            Some(open) if is_date && (open.day.is_none() || below_signature) => false,
            Some(open) if open.day.is_some() && open.day == day => open.signed,
            // `Progress note: 10/20/2026` at the head of a visit is of an earlier one.
            Some(open) => open.has_content || !(is_date || is_of_note(key)),
        };
        match &mut open {
            Some(open) if !begins => {
                if open.of_evaluation && !of_evaluation && !open.has_content {
                    (open.day, open.of_evaluation) = (day, false);
                } else if !of_evaluation {
                    open.day = open.day.or(day);
                }
            }
            _ => {
                starts.push(start);
                open = Some(Open {
                    day,
                    of_evaluation,
                    ..Open::default()
                });
            }
        }
    }
    starts
}

/// Whether a label names the day of an evaluation.
pub fn is_of_evaluation(label: &str) -> bool {
    label.to_ascii_lowercase().contains("evaluation")
}

/// Whether a label is the kind of the note, with its date behind it: `Daily note 11/20/2026`.
fn is_of_note(label: &str) -> bool {
    label.to_ascii_lowercase().contains("note")
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
            "Date of Treatment: 11/20/2026",
            "Seen on 11/20/2026",
            "Evaluation date: Nov 20, 2026",
            "Date of Service - 11/20/2026",
            "Visit 3 - 11/20/2026",
            "Visit #3: Friday, November 20, 2026",
            "Session 4 of 12 (11/20/2026)",
            "Visit 3, 11/20/2026",
            "**Visit 3 — 11/20/2026**",
            "## Date: 11/20/2026",
            "**DOS:** 11/20/2026",
            "D.O.S.: 11/20/2026",
            "d.o.s: 11/20/26",
            "D.O.S. 11/20/2026",
            "Service Date(s): 11/20/2026",
            "Date(s) of service: 11/20/2026",
            "Date/Time: 11/20/2026 10:00",
            "Date & Time: 11/20/2026 10:00 AM",
            "Date and time: Nov 20, 2026, 10 am",
            "DAILY NOTE - 11/20/2026",
            "## Daily Treatment Note: 11/20/2026",
            "PROGRESS NOTE 11/20/2026",
            "Treatment Note: 11/20/2026, visit 3",
            "SOAP note – Friday, November 20, 2026",
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
            "Visit 4 - sore",
            "Visit 4, 11/20/2026 was missed",
            "Date of treatment: soon",
            "Seen on 11/20/2026 by Dr. Lee",
            "Visit 3 on 11/20/2026",
            "Session - see 11/20/2026",
            "Date/time: see the log",
            "Daily note: sore",
            "Progress note 11/20/2026 sent to Dr. Lee",
            "Last progress note: 11/20/2026",
            "Note: 11/20/2026 was missed",
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
    fn the_day_of_an_evaluation_gives_way() {
        let head = "Date of Evaluation: 10/01/2026\n";
        assert_eq!(lines(&format!("{head}DOS: 11/20/2026\nS: a\n")).len(), 1);
        assert_eq!(lines(&format!("DOS: 11/20/2026\n{head}S: a\n")).len(), 1);
        assert_eq!(lines(&format!("{head}S: a\nDOS: 11/20/2026\n")).len(), 2);
        assert_eq!(lines(&format!("DOS: 11/20/2026\nS: a\n{head}")).len(), 1);
        let page = "DOS: 11/20/2026\nS: a\n";
        assert_eq!(lines(&format!("{head}{page}{page}")).len(), 1);
        assert_eq!(lines(&format!("{head}{head}{page}")).len(), 1);
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
        let head = "DOS: 11/20/2026\nProgress note: 10/23/2026\nS: a\n";
        assert_eq!(lines(head).len(), 1);
        let page = "PROGRESS NOTE - 11/20/2026\nDate: 11/20/2026\nS: a\n";
        assert_eq!(lines(page).len(), 1);
        let next = page.replace("20", "27");
        assert_eq!(lines(&format!("{page}{next}")).len(), 2);
        let one = "Date: 11/20/2026\nS: a\nsigned: A. B, PT\nDate: 11/21/2026\n";
        let apart = one.replace("PT\n", "PT\n\n");
        for br in ["\n", "\r\n", "\r"] {
            assert_eq!(visits(&one.replace('\n', br)).len(), 1, "{br:?}");
            assert_eq!(visits(&apart.replace('\n', br)).len(), 2, "{br:?}");
        }
        assert_eq!(lines("visit: 4 of 12\nDate: 11/20/2026\nS: a\n").len(), 1);
        assert_eq!(lines("Date: 11/20/2026\nDate: 11/21/2026\nS: a\n").len(), 1);
    }
}
