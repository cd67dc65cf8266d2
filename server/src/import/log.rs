//! A text that has a day on each line, as logs and spreadsheets do: each day becomes a visit.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::layout::{code_in, rows};
use crate::chart::{date, time, treatment};
use crate::pattern::{pattern, words};
use crate::text::headings;
use crate::text::{Span, labels};

words!(
    CODES,
    r"(?i)^(?:cpt|hcpcs|code|procedure|service)s?(?:[ ]*codes?)?$"
);
words!(
    PATIENTS,
    r"(?i)^(?:patient|client|pt|name|mrn)(?:[ ]*(?:name|id|number))?$"
);

pattern!(WIDE, r"\t+|[ ]{2,}");

/// The columns of a sheet with a day and a code in each row, or a treatment and its time.
struct Sheet {
    /// What parts its cells; a blank stands for wide ones.
    separator: char,
    date: usize,
    patient: Option<usize>,
}

impl Sheet {
    /// The sheet whose head a line is.
    fn of(line: &str) -> Option<Self> {
        let marks = ['|', '\t', ';', ','].into_iter();
        let separator = marks
            .chain(WIDE.is_match(line).then_some(' '))
            .find(|c| line.contains(*c))?;
        let cells = cells(line, separator);
        let column = |is: &dyn Fn(&str) -> bool| cells.iter().position(|cell| is(cell));
        let is_day = |cell: &str| {
            let cell = cell.replace('_', " ");
            cell.eq_ignore_ascii_case("date") || labels::key_of(&cell) == Some("visit")
        };
        let sheet = Self {
            separator,
            date: column(&is_day)?,
            patient: column(&|cell| PATIENTS.is_match(cell)),
        };
        let has_codes = column(&|cell| CODES.is_match(cell)).is_some();
        (has_codes || rows::is_head(&sheet.without_day(&cells))).then_some(sheet)
    }

    /// A table's head without the column of days.
    fn without_day(&self, names: &[String]) -> String {
        let others = names.iter().enumerate();
        let others = others.filter(|(at, _)| *at != self.date);
        others
            .map(|(_, name)| name.as_str())
            .collect::<Vec<_>>()
            .join("\t")
    }

    /// The day of a row with its other cells.
    fn row(&self, line: &str) -> Option<(Date, Vec<String>)> {
        let mut cells = cells(line, self.separator);
        if cells.len() <= self.date {
            return None;
        }
        let day = cells.remove(self.date);
        let found = date::at_start(&day)?;
        (found.span.end == day.len()).then_some((found.day?, cells))
    }
}

/// The cells of a line; those in quotation marks may have the separator in them.
fn cells(line: &str, separator: char) -> Vec<String> {
    if separator == ' ' {
        return WIDE.split(line.trim()).map(str::to_owned).collect();
    }
    let line = if separator == '|' {
        line.trim().trim_matches('|')
    } else {
        line
    };
    let mut cells = vec![String::new()];
    let mut is_quoted = false;
    for c in line.chars() {
        match c {
            '"' => is_quoted = !is_quoted,
            c if c == separator && !is_quoted => cells.push(String::new()),
            c => {
                if let Some(last) = cells.last_mut() {
                    last.push(c);
                }
            }
        }
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

/// Whether the rows of a sheet are of several patients.
pub fn has_several_patients(text: &str) -> bool {
    let mut lines = text.lines();
    let Some((sheet, column)) = lines.by_ref().find_map(|line| {
        let sheet = Sheet::of(line)?;
        let column = sheet.patient?;
        Some((sheet, column))
    }) else {
        return false;
    };
    let rows = lines.map_while(|line| {
        sheet.row(line)?;
        cells(line, sheet.separator).into_iter().nth(column)
    });
    rows.map(|name| name.to_lowercase())
        .collect::<BTreeSet<_>>()
        .len()
        > 1
}

/// The lines, those with a day of their own below a heading for it; as they are where the text has headings.
pub fn in_visits(lines: Vec<String>) -> Vec<String> {
    if !headings::visits(&lines.join("\n")).is_empty() {
        return lines;
    }
    let sheet = lines
        .iter()
        .enumerate()
        .find_map(|(at, line)| Some((at, Sheet::of(line)?)));
    match sheet {
        Some((head, sheet)) => of_sheet(&lines, head, &sheet),
        None => of_log(lines),
    }
}

fn of_sheet(lines: &[String], head: usize, sheet: &Sheet) -> Vec<String> {
    let names = sheet.without_day(&cells(&lines[head], sheet.separator));
    // `|---|---|`
    let is_rule = |line: &&String| line.contains('-') && line.chars().all(|c| "|-:+ ".contains(c));
    let first = head + 1 + usize::from(lines.get(head + 1).is_some_and(|line| is_rule(&line)));
    let rows = lines[first..].iter().map_while(|line| sheet.row(line));
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return lines.to_vec();
    }
    let mut out = lines[..head].to_vec();
    let mut open = None;
    for (day, row) in &rows {
        if open != Some(*day) {
            out.push(format!("visit: {day}"));
            out.push(names.clone());
            open = Some(*day);
        }
        out.push(row.join("\t"));
    }
    out.extend_from_slice(&lines[first + rows.len()..]);
    out
}

/// `11/13/2026 massage 30 min lumbar`, a visit on each line.
fn of_log(lines: Vec<String>) -> Vec<String> {
    let entry = |line: &str| {
        let found = date::at_start(line)?;
        let day = found.day?;
        let rest = line[found.span.end..].trim_start_matches([' ', '\t', ':', '-', '–', ',', '|']);
        let tells = || treatment::told(rest, Span::new(0, rest.len()), Some(day)).is_ok();
        let is_coded = code_in(rest).is_some() && !time::durations(rest, 0).is_empty();
        (is_coded || tells()).then(|| (day, rest.to_owned()))
    };
    let entries: Vec<_> = lines.iter().map(|line| entry(line)).collect();
    let days: BTreeSet<Date> = entries.iter().flatten().map(|(day, _)| *day).collect();
    let begins = lines.iter().position(|line| !line.trim().is_empty());
    let is_first = begins.is_some_and(|at| entries[at].is_some());
    if days.len() < 2 && !is_first {
        return lines;
    }
    let mut out = Vec::new();
    let mut open = None;
    for (line, entry) in lines.into_iter().zip(entries) {
        let Some((day, rest)) = entry else {
            out.push(line);
            continue;
        };
        if open != Some(day) {
            out.push(format!("visit: {day}"));
            open = Some(day);
        }
        out.push(rest);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visits(text: &str) -> String {
        in_visits(text.lines().map(str::to_owned).collect()).join("\n")
    }

    #[test]
    fn a_sheet_has_a_visit_for_each_day() {
        assert_eq!(
            visits(
                "date,code,minutes,note\n11/20/2026,97124,30,\"neck, back\"\n11/20/2026,97140,15,\n11/21/2026,97140,15,hip"
            ),
            "visit: 2026-11-20\ncode\tminutes\tnote\n97124\t30\tneck, back\n97140\t15\t\n\
             visit: 2026-11-21\ncode\tminutes\tnote\n97140\t15\thip"
        );
    }

    #[test]
    fn a_sheet_of_treatments_without_codes() {
        assert_eq!(
            visits(
                "Visit_Date  Treatment  Minutes\n11/20/2026  Lymph drainage  45\n11/21/2026  Lymph drainage  40\nNotes: sore"
            ),
            "visit: 2026-11-20\nTreatment\tMinutes\nLymph drainage\t45\n\
             visit: 2026-11-21\nTreatment\tMinutes\nLymph drainage\t40\nNotes: sore"
        );
    }

    #[test]
    fn a_log_has_a_visit_on_each_line() {
        assert_eq!(
            visits("11/13/2026 massage 30 min lumbar\n11/20/2026: 97124 45 min"),
            "visit: 2026-11-13\nmassage 30 min lumbar\nvisit: 2026-11-20\n97124 45 min"
        );
        // What came before the visit of a note is no log.
        let note = "visit: 2026-11-20\n11/13/2026 massage 30 min\n11/14/2026 massage 30 min";
        assert_eq!(visits(note), note);
        let history = "Onset 11/1/2026.\n11/13/2026 surgery\n11/14/2026 fever";
        assert_eq!(visits(history), history);
    }

    #[test]
    fn rows_of_several_patients() {
        let sheet = "Patient,DOS,CPT,Min\nA,11/20/2026,97124,30\n";
        assert!(!has_several_patients(sheet));
        assert!(has_several_patients(&format!(
            "{sheet}B,11/20/2026,97124,30\n"
        )));
    }
}
