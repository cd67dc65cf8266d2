use jiff::ToSpan;
use jiff::civil::Date;

use super::summary::prose_of;
use super::{ChartCase, ChartDraft, ChartEdit, Check, Group, Rule};
use crate::chart::{SectionKind, Visit};
use crate::pattern::{pattern, words};
use crate::policy::{Level, ProgressReport};

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
    pub(super) REPORT,
    r"(?im)^.*(?:\bprogress[ -]*(?:report|note|summary|update|eval\w*)|\bre-?eval\w*|\bre-?assess\w*|\bre-?exam\w*|\bdischarge[d]?\b|\bd/c\b|^\s*progress\s*:).*$"
);
words!(
    TO_COME,
    r"(?i)\b(?:due|next|(?:at|by|on|before) (?:the )?(?:visit|session|week)|overdue|needed|needs|will|in \d+|to be)\b"
);
words!(
    MADE,
    r"(?i)\b(?:sent|faxed|done|completed?|written|attached|today|mailed|filed|submitted|given)\b"
);

/// A number of months in words.
fn in_words(months: u8) -> String {
    match months {
        1 => "a month".to_owned(),
        _ => format!("{months} months"),
    }
}

fn check(case: &ChartCase<'_>, found: &mut Vec<ChartDraft>) {
    let (mut days, mut first, mut last): (u32, Option<Date>, Option<Date>) = (0, None, None);
    let mut said = false;
    let visits = case.treated_by_day();
    for (at, (index, day)) in visits.iter().enumerate() {
        let visit = &case.visits[*index];
        // What the day's other notes say counts as well.
        let mut same_day = visits[at..].iter().take_while(|(_, other)| other == day);
        if last != Some(*day) && same_day.any(|(index, _)| case.visits[*index].is_report) {
            (days, first, said) = (0, None, false);
            // A day with the report's own treatment is the first of those that follow only if it was
            // an evaluation; the report covers it otherwise.
            last = Some(*day);
            continue;
        }
        if last == Some(*day) || !visit.is_treatment {
            continue;
        }
        last = Some(*day);
        days += 1;
        let begun = *first.get_or_insert(*day);
        let payer = case.payer(visit);
        let Some(ProgressReport { visits, months }) = payer.progress_report else {
            (days, first, said) = (0, None, false);
            continue;
        };
        let most = u32::from(visits);
        let over = months.filter(|months| {
            let end = begun.checked_add(i64::from(*months).months());
            end.is_ok_and(|end| *day > end)
        });
        // Where nothing but codes has been typed the report may still come.
        let begins = visit.is_open && !visit.has_plan;
        if said || begins && days == most + 1 && over.is_none() {
            continue;
        }
        let who = payer.called();
        let message = match (months, over) {
            (Some(months), _) if days > most => format!(
                "There were {most} visits without a progress report before this one. {who} asks for one after {most} visits or {}, whichever comes first, and pays for no further visits without it.",
                in_words(months)
            ),
            (None, _) if days > most => format!(
                "There were {most} treatment days without a progress report before this one. {who} asks for one at least every {most} treatment days and denies what follows without it."
            ),
            (_, Some(months)) => format!(
                "More than {0} {1} gone by without a progress report. {who} asks for one after {most} visits or {0}, whichever comes first, and pays for no further visits without it.",
                in_words(months),
                if months == 1 { "has" } else { "have" }
            ),
            _ => continue,
        };
        said = true;
        let place = case.date_of(*index);
        let line = "progress: ___ toward each goal since the last report".to_owned();
        found.push(ChartDraft::new(*index, place, message).fix(
            "Add the progress report (a blank to fill)",
            ChartEdit::LineAtTop(place.piece, line),
        ));
    }
}

/// Whether a visit is, or holds, a progress report: an evaluation's code, or the words; `may` if
/// [`REPORT`] is in its text.
pub(super) fn is_report(text: &str, visit: &Visit, may: bool) -> bool {
    let mut modalities = visit.modalities.iter();
    if modalities.any(|m| m.procedure.is_some_and(|p| p.evaluation)) {
        return true;
    }
    if !may {
        return false;
    }
    let heading = visit.heading.as_ref().map(|heading| heading.span);
    let mut words = heading.map_or("", |line| &text[line.range()]).to_owned();
    words.push('\n');
    words.push_str(&prose_of(text, visit, |s| s != Some(SectionKind::Plan)));
    let plan = prose_of(text, visit, |s| s == Some(SectionKind::Plan));
    let details = visit.modalities.iter().flat_map(|m| &m.details);
    let mut remarks = details.filter(|d| d.kind.is_none());
    let is_to_come = |line: &str| TO_COME.is_match(line);
    let is_made = |line: &str| MADE.is_match(line);
    remarks.any(|d| REPORT.is_match(&text[d.span.range()]))
        || report_lines(&words).any(|line| !is_to_come(line))
        || report_lines(&plan)
            .any(|line| is_made(line) || line.to_lowercase().contains("discharge to"))
}

/// The lines that speak of a report.
fn report_lines(text: &str) -> impl Iterator<Item = &str> {
    REPORT.find_iter(text).map(|line| line.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_reports() {
        for text in [
            "Progress report sent.",
            "progress - note",
            "Re-evaluation today",
            "reassessed",
            "re-exam done",
            "Discharged to home program",
            "D/C'd today",
            "  progress: met goal 1",
        ] {
            assert!(REPORT.is_match(text), "{text}");
        }
        for text in [
            "good progress",
            "discharges",
            "progressing well",
            "evaluated",
        ] {
            assert!(!REPORT.is_match(text), "{text}");
        }
    }

    #[test]
    fn reports_to_come_and_reports_made() {
        for text in [
            "due at the next visit",
            "in 10 days",
            "needs to be done",
            "by the session",
        ] {
            assert!(TO_COME.is_match(text), "{text}");
        }
        for text in ["in 5x", "visit", "subdued"] {
            assert!(!TO_COME.is_match(text), "{text}");
        }
        for text in ["faxed to Dr. Okafor", "Completed today", "attached"] {
            assert!(MADE.is_match(text), "{text}");
        }
        assert!(!MADE.is_match("unsent"));
    }
}
