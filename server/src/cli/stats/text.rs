//! The figures to read.

use std::fmt::Write as _;

use super::an_hour;
use super::gather::{Named, Report};
use crate::cli::{counted, table};

pub(super) fn render(report: &Report) -> String {
    if report.all.visits == 0 {
        return "No visit with a procedure code.\n".to_owned();
    }
    let all = &report.all;
    let mut out = format!(
        "{}, {}, {}.\n",
        counted(report.notes, "note"),
        counted(all.visits, "visit"),
        counted(all.units as usize, "unit")
    );
    let _ = writeln!(out, "{}", hours(report));
    let _ = writeln!(out, "\n{}", risk(report));
    let rules = report.rules.iter().map(|rule| {
        vec![
            rule.rule.to_owned(),
            rule.errors.to_string(),
            rule.warnings.to_string(),
        ]
    });
    part(&mut out, 1, &["rule", "errors", "warnings"], rules);
    for (head, groups) in [("payer", &report.payers), ("clinician", &report.clinicians)] {
        let heads = [
            head,
            "visits",
            "at risk",
            "units",
            "units at risk",
            "errors",
            "warnings",
            "units an hour",
        ];
        part(&mut out, 1, &heads, groups.iter().map(row));
    }
    let goals = report.goals.iter().map(|goal| {
        vec![
            goal.note.clone(),
            goal.words(),
            goal.first.value.to_string(),
            goal.last.value.to_string(),
            goal.target.map_or("-".to_owned(), |t| t.to_string()),
            goal.percent.map_or("-".to_owned(), |p| format!("{p} %")),
        ]
    });
    let heads = ["goals", "measure", "first", "last", "goal", "of the way"];
    part(&mut out, 2, &heads, goals);
    let left = report.left.iter().map(|left| {
        let number = |number: Option<i64>| number.map_or("-".to_owned(), |n| n.to_string());
        vec![
            left.note.clone(),
            left.of.to_owned(),
            number(left.visits_left),
            number(left.units_left),
            number(left.days_left.map(i64::from)),
            left.until.map_or("-".to_owned(), |day| day.to_string()),
        ]
    });
    let heads = ["left", "of", "visits", "units", "days", "last day"];
    part(&mut out, 2, &heads, left);
    let today = report.today.map(|day| day.to_string()).unwrap_or_default();
    let _ = writeln!(out, "\nOn {today}, by the {}.", report.tables);
    out
}

/// "Units an hour: 3.1, from 4 visits that say how long the session took."
pub(super) fn hours(report: &Report) -> String {
    let all = &report.all;
    if all.timed_visits == 0 {
        return "Units an hour: not known; no visit says how long its session took.".to_owned();
    }
    let say = if all.timed_visits == 1 { "says" } else { "say" };
    format!(
        "Units an hour: {}, from {} that {say} how long the session took.",
        an_hour(all.units_an_hour),
        counted(all.timed_visits, "visit")
    )
}

/// "At risk: 3 of 4 visits, with 9 units, have an error, which a payer will deny."
pub(super) fn risk(report: &Report) -> String {
    let all = &report.all;
    let visits = counted(all.visits, "visit");
    let units = counted(all.units_at_risk as usize, "unit");
    match all.visits_at_risk {
        0 => format!("At risk: none of {visits} has an error."),
        1 => {
            format!("At risk: 1 of {visits}, with {units}, has an error, which a payer will deny.")
        }
        risk => {
            format!(
                "At risk: {risk} of {visits}, with {units}, have an error, which a payer will deny."
            )
        }
    }
}

fn row(named: &Named) -> Vec<String> {
    let group = &named.group;
    vec![
        named.name.clone(),
        group.visits.to_string(),
        group.visits_at_risk.to_string(),
        group.units.to_string(),
        group.units_at_risk.to_string(),
        group.errors.to_string(),
        group.warnings.to_string(),
        an_hour(group.units_an_hour),
    ]
}

/// A table after an empty line; none without rows.
fn part(out: &mut String, words: usize, heads: &[&str], rows: impl Iterator<Item = Vec<String>>) {
    let rows: Vec<Vec<String>> = rows.collect();
    if !rows.is_empty() {
        let _ = write!(out, "\n{}", table::render(words, heads, &rows));
    }
}
