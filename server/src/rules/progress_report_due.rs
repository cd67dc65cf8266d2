//! `progress-report-due`: see its page in `docs/rules/`.

use jiff::ToSpan;
use jiff::civil::Date;

use super::certification_expired::is_medicare_therapy;
use super::signs;
use super::{ChartCase, ChartVisit, Check, Draft, Group, Rule};
use crate::chart::SectionKind;
use crate::pattern::letters::{begins_with, blanks, has_odd_letters, is_edge, words};
use crate::pattern::pattern;
use crate::policy::{Level, Payer};

/// The rule.
pub static RULE: Rule = Rule {
    name: "progress-report-due",
    group: Group::Plan,
    level: Level::Warning,
    source: "CMS Pub. 100-02 ch. 15 §220.3.D; WAC 296-23-250",
    page: page!("progress-report-due"),
    check: Check::Chart(check),
};

pattern!(
/// Words for a report. A plan speaks of a report to come, unless it says that it was made.
    REPORT,
    r"(?im)^.*(?:\bprogress[ -]*(?:report|note|summary|update|eval\w*)|\bre-?eval\w*|\bre-?assess\w*|\bre-?exam\w*|\bdischarge[d]?\b|\bd/c\b|^\s*progress\s*:).*$"
);
pattern!(
    TO_COME,
    r"(?i)\b(?:due|next|(?:at|by|on|before) (?:the )?(?:visit|session|week)|overdue|needed|needs|will|in \d+|to be)\b"
);
pattern!(
    MADE,
    r"(?i)\b(?:sent|faxed|done|completed?|written|attached|today|mailed|filed|submitted|given)\b"
);

/// How many treatment days a report covers, and whether it must come within a month.
fn asked(payer: &Payer) -> Option<(u32, bool)> {
    let name: String = payer
        .name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    if is_medicare_therapy(payer) {
        Some((10, false))
    } else if name.eq_ignore_ascii_case("walni") {
        Some((6, true))
    } else {
        None
    }
}

fn check(case: &ChartCase<'_>, found: &mut Vec<(usize, Draft)>) {
    // Most charts have one payer, and few payers ask.
    let mut payers: Vec<&Payer> = Vec::new();
    for visit in &case.visits {
        if !payers.iter().any(|known| std::ptr::eq(*known, visit.payer)) {
            payers.push(visit.payer);
        }
    }
    if payers.into_iter().all(|payer| asked(payer).is_none()) {
        return;
    }
    let (mut days, mut first, mut last): (u32, Option<Date>, Option<Date>) = (0, None, None);
    let mut told = false;
    let visits = case.treated_by_day();
    for (at, (index, day)) in visits.iter().enumerate() {
        let visit = &case.visits[*index];
        // What the day's other notes say counts as well.
        let mut same_day = visits[at..].iter().take_while(|(_, other)| other == day);
        if last != Some(*day) && same_day.any(|(index, _)| is_report(&case.visits[*index])) {
            (days, first, told) = (0, None, false);
            // A day with the report's own treatment is the first of those that follow only if it was
            // an evaluation; the report covers it otherwise.
            last = Some(*day);
            continue;
        }
        if last == Some(*day) || !visit.is_treatment() {
            continue;
        }
        last = Some(*day);
        days += 1;
        let begun = *first.get_or_insert(*day);
        let Some((most, monthly)) = asked(visit.payer) else {
            (days, first, told) = (0, None, false);
            continue;
        };
        let month_over = monthly && begun.checked_add(1.month()).is_ok_and(|end| *day > end);
        if told || visit.is_open() && days == most + 1 && !month_over && is_blank(visit) {
            continue;
        }
        let message = if days > most && monthly {
            format!(
                "There were {most} visits without a progress report before this one. Washington L&I asks for one after 6 visits or a month, whichever comes first, and pays for no further visits without it."
            )
        } else if days > most {
            format!(
                "There were {most} treatment days without a progress report before this one. Medicare asks for one at least every 10 treatment days and denies what follows without it."
            )
        } else if month_over {
            "More than a month has gone by without a progress report. Washington L&I asks for one after 6 visits or a month, whichever comes first, and pays for no further visits without it.".to_owned()
        } else {
            continue;
        };
        told = true;
        found.push((
            *index,
            Draft::new(visit.date_span(), message).fix_of(
                "Add the progress report (a blank to fill)",
                vec![visit.line_at_top("progress: ___ toward each goal since the last report")],
            ),
        ));
    }
}

/// Nothing but codes has been typed: the report may still come.
fn is_blank(visit: &ChartVisit<'_>) -> bool {
    !visit
        .visit
        .sections
        .iter()
        .any(|s| s.kind == SectionKind::Plan)
}

/// Whether a visit is, or holds, a progress report: an evaluation's code, or the words.
pub(super) fn is_report(visit: &ChartVisit<'_>) -> bool {
    *visit.facts.is_report.get_or_init(|| reports(visit))
}

fn reports(visit: &ChartVisit<'_>) -> bool {
    let evaluated = visit
        .visit
        .modalities
        .iter()
        .any(|m| m.procedure.is_some_and(|p| p.evaluation));
    if evaluated || !visit.facts.signs(visit.text).has(signs::REPORT) {
        return evaluated;
    }
    let heading = visit.visit.heading.as_ref().and_then(|h| h.value);
    let mut told = heading.map_or("", |v| visit.str(v)).to_owned();
    told.push('\n');
    told.push_str(&visit.prose(|s| s != Some(SectionKind::Plan)));
    let plan = visit.prose(|s| s == Some(SectionKind::Plan));
    let mut notes = visit
        .visit
        .modalities
        .iter()
        .flat_map(|m| &m.details)
        .filter(|d| d.kind.is_none());
    notes.any(|d| !report_lines(visit.str(d.span)).is_empty())
        || report_lines(&told)
            .into_iter()
            .any(|line| !is_to_come(line))
        || report_lines(&plan)
            .into_iter()
            .any(|line| is_made(line) || line.to_lowercase().contains("discharge to"))
}

/// The lines that speak of a report, as [`REPORT`] finds them but for blank lines before.
fn report_lines(text: &str) -> Vec<&str> {
    // What stands alone in its line may go on in the next one.
    let goes_on = |line: &str| line.trim().eq_ignore_ascii_case("progress");
    if has_odd_letters(text) || text.split('\n').any(goes_on) {
        return REPORT.find_iter(text).map(|line| line.as_str()).collect();
    }
    let lines = text.split('\n');
    lines.filter(|line| speaks_of_report(line)).collect()
}

fn speaks_of_report(line: &str) -> bool {
    const REPORTS: [&str; 5] = ["report", "note", "summary", "update", "eval"];
    const AGAIN: [&str; 3] = ["eval", "assess", "exam"];
    let bytes = line.as_bytes();
    let begun = blanks(line);
    (0..bytes.len()).any(|at| {
        if !matches!(bytes[at] | 0x20, b'p' | b'r' | b'd') || !is_edge(bytes, at) {
            return false;
        }
        let after = |word: &str| begins_with(&bytes[at..], word).then(|| &bytes[at + word.len()..]);
        if let Some(rest) = after("progress") {
            let name = rest.iter().position(|b| !matches!(b, b' ' | b'-'));
            let name = &rest[name.unwrap_or(rest.len())..];
            let words = &line[at + "progress".len()..];
            let heads = at == begun && words[blanks(words)..].starts_with(':');
            return heads || REPORTS.iter().any(|report| begins_with(name, report));
        }
        let ends = |word: &&str| after(word).is_some() && is_edge(bytes, at + word.len());
        if ["discharged", "discharge", "d/c"].iter().any(ends) {
            return true;
        }
        let again = after("re").map(|rest| rest.strip_prefix(b"-").unwrap_or(rest));
        again.is_some_and(|rest| AGAIN.iter().any(|word| begins_with(rest, word)))
    })
}

/// Whether a line puts a report off, as [`TO_COME`] has it.
fn is_to_come(line: &str) -> bool {
    const WORDS: [&str; 7] = ["due", "next", "overdue", "needed", "needs", "will", "to be"];
    const TIMES: [&str; 3] = ["visit", "session", "week"];
    if has_odd_letters(line) {
        return TO_COME.is_match(line);
    }
    let bytes = line.as_bytes();
    let ends =
        |at: usize, word: &str| begins_with(&bytes[at..], word) && is_edge(bytes, at + word.len());
    words(line).any(|(start, _)| {
        let next = ["at ", "by ", "on ", "before "]
            .into_iter()
            .find(|word| begins_with(&bytes[start..], word))
            .map(|word| start + word.len());
        let at_time = next.is_some_and(|at| {
            let the = begins_with(&bytes[at..], "the ");
            let at = at + if the { "the ".len() } else { 0 };
            TIMES.iter().any(|time| ends(at, time))
        });
        let in_days = begins_with(&bytes[start..], "in ") && {
            let rest = &bytes[start + "in ".len()..];
            let figures = rest.iter().take_while(|b| b.is_ascii_digit()).count();
            figures > 0 && is_edge(rest, figures)
        };
        at_time || in_days || WORDS.iter().any(|word| ends(start, word))
    })
}

/// Whether a line says that a report was made, as [`MADE`] has it.
fn is_made(line: &str) -> bool {
    const WORDS: [&str; 12] = [
        "sent",
        "faxed",
        "done",
        "complete",
        "completed",
        "written",
        "attached",
        "today",
        "mailed",
        "filed",
        "submitted",
        "given",
    ];
    if has_odd_letters(line) {
        return MADE.is_match(line);
    }
    words(line).any(|(_, word)| WORDS.iter().any(|made| word.eq_ignore_ascii_case(made)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial;

    #[test]
    fn a_report_has_its_sign() {
        let words = [
            "progress",
            "report",
            "notes",
            "summary",
            "update",
            "evaluated",
            "reeval",
            "re-eval",
            "re",
            "assess",
            "re-assessment",
            "re-exam",
            "reexam",
            "discharge",
            "discharged",
            "d/c",
            "D/C'd",
            ":",
        ];
        trial::each(&words, |text| {
            let sign = signs::Signs::of(text).has(signs::REPORT);
            assert!(!REPORT.is_match(text) || sign, "{text:?}");
        });
    }

    #[test]
    fn lines_of_reports_are_read_as_by_the_patterns() {
        let words = [
            "progress",
            "report",
            "notes",
            "summary",
            "re-eval",
            "re",
            "assess",
            "reexam",
            "discharge",
            "discharged",
            "discharges",
            "d/c",
            "D/C'd",
            ":",
            "\n",
            "due",
            "next",
            "at the visit",
            "by",
            "before the",
            "session",
            "week",
            "overdue",
            "in 10",
            "in 5x",
            "to be",
            "sent",
            "done",
            "completed",
            "today",
            "will",
        ];
        trial::each(&words, |text| {
            let told = |line: &str| (TO_COME.is_match(line), MADE.is_match(line));
            let read = |line: &str| (is_to_come(line), is_made(line));
            assert_eq!(read(text), told(text), "{text:?}");
            let right: Vec<_> = REPORT
                .find_iter(text)
                .map(|m| m.as_str().trim_start_matches('\n'))
                .collect();
            let trim = |line: &str| line.trim_start().to_owned();
            let right: Vec<String> = right.into_iter().map(trim).collect();
            let found: Vec<String> = report_lines(text).into_iter().map(trim).collect();
            assert_eq!(found, right, "{text:?}");
        });
    }
}
