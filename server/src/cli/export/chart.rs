//! The whole chart on the page: its visits in a row, and the course of the measures.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::super::html::plot::{self, Line, Plot};
use super::super::html::{Cell, table};
use super::super::notes::Note;
use super::capital;
use crate::analysis::Piece;
use crate::editor::claim_form::{ClaimForm, signed_by};
use crate::editor::claim_preview::{Course, Pain};
use crate::policy::Level;
use crate::rules::Finding;

/// The visits of a chart, as bars over their days and in a table.
pub(super) fn timeline(
    body: &mut String,
    note: &Note,
    shown: &[&Piece],
    found: &BTreeMap<usize, Vec<Finding>>,
) {
    if shown.len() < 2 {
        return;
    }
    let count = |piece: &Piece, level| {
        let found = found.get(&piece.start).into_iter().flatten();
        found.filter(|finding| finding.level == level).count()
    };
    let (mut bars, mut rows) = (Vec::new(), Vec::new());
    for piece in shown {
        let is_billed = piece.begins_day() && piece.visit.is_treated();
        let form = is_billed.then(|| ClaimForm::of(&note.analysis, piece));
        let units = form.as_ref().and_then(|form| {
            let units = form.lines.iter().map(|line| line.units);
            units.sum::<Option<u32>>()
        });
        let (errors, warnings) = (count(piece, Level::Error), count(piece, Level::Warning));
        if let (Some(day), Some(_)) = (piece.visit.day(), &form) {
            bars.push(plot::Visit {
                day,
                units,
                is_at_risk: note
                    .analysis
                    .visits_of_day(piece)
                    .into_iter()
                    .any(|visit| count(visit, Level::Error) > 0),
            });
        }
        let date = piece
            .visit
            .day()
            .map_or("No date".to_owned(), |day| day.to_string());
        let minutes = form
            .as_ref()
            .map(|_| piece.judgement.claim.total_minutes.to_string());
        let units = match (units, &form) {
            (Some(units), _) => units.to_string(),
            (None, Some(_)) => "open".to_owned(),
            (None, None) => String::new(),
        };
        let signed = signed_by(&piece.text, &piece.visit);
        let signed = if signed.is_empty() {
            "not signed".to_owned()
        } else {
            signed
        };
        rows.push(vec![
            Cell::Words(date),
            Cell::Words(signed),
            Cell::Figure(minutes.unwrap_or_default()),
            Cell::Figure(units),
            Cell::Figure(errors.to_string()),
            Cell::Figure(warnings.to_string()),
        ]);
    }
    *body += "<section>\n<h2>Visits</h2>\n";
    if bars.len() > 1 {
        *body += &plot::visits(&bars);
    }
    let heads = ["date", "signed", "minutes", "units", "errors", "warnings"];
    *body += &table("Each visit", &heads, &rows);
    *body += "</section>\n";
}

/// Pain and the goals' measures until a day, as plots and in a table.
pub(super) fn course(body: &mut String, course: &Course, until: Date) {
    let day = |date: &str| date.parse::<Date>().ok().filter(|day| *day <= until);
    let (mut plots, mut rows) = (Vec::new(), Vec::new());
    let mut add = |name: &str, plot: Plot| {
        let values = &plot.lines[0].values;
        let (Some((on, first)), Some((day, last))) = (values.first(), values.last()) else {
            return;
        };
        rows.push(vec![
            Cell::Words(name.to_owned()),
            Cell::Figure(format!("{first} on {on}")),
            Cell::Figure(format!("{last} on {day}")),
            Cell::Figure(plot.target.map(|t| t.to_string()).unwrap_or_default()),
        ]);
        // One point is no course.
        if values.len() > 1 {
            plots.push(plot.figure());
        }
    };
    let pain = course.pain.iter().filter_map(|p| Some((day(&p.date)?, p)));
    let pain: Vec<_> = pain.collect();
    if !pain.is_empty() {
        let line = |is_dashed, value: fn(&Pain) -> f64| Line {
            values: pain.iter().map(|(day, p)| (*day, value(p))).collect(),
            is_dashed,
        };
        let mut lines = vec![line(false, |pain| pain.worst)];
        let is_range = pain.iter().any(|(_, p)| p.worst > p.least);
        lines.extend(is_range.then(|| line(true, |pain| pain.least)));
        let name = "Pain out of 10";
        let plot = Plot {
            title: if is_range {
                format!("{name}, the worst and (dotted) the least")
            } else {
                name.to_owned()
            },
            words: "Pain from visit to visit; the table below has the figures".to_owned(),
            lines,
            target: course.pain_target,
            most: Some(10.0),
        };
        add(name, plot);
    }
    for measure in &course.measures {
        let values = measure.values.iter();
        let values = values.filter_map(|v| Some((day(&v.date)?, v.value)));
        let goal = capital(&measure.goal);
        let name = format!("{goal}: {}, {}", measure.activity, measure.unit);
        let plot = Plot {
            title: name.clone(),
            words: format!("{goal} from visit to visit; the table below has the figures"),
            lines: vec![Line {
                values: values.collect(),
                is_dashed: false,
            }],
            target: Some(measure.target),
            most: None,
        };
        add(&name, plot);
    }
    if rows.is_empty() {
        return;
    }
    *body += "<section>\n<h2>Measures</h2>\n";
    *body += &plots.concat();
    let heads = ["measure", "first", "last", "goal"];
    *body += &table(
        "From the first visit to the last; the dashed line is the goal",
        &heads,
        &rows,
    );
    *body += "</section>\n";
}
