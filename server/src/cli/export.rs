//! `soapstone export`.

mod visit;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;

use super::html::plot::{self, Line, Plot};
use super::html::{Cell, day_words, page, table, text};
use super::new::day;
use super::notes::{Note, Selection};
use super::{Exit, counted};
use crate::analysis::Piece;
use crate::chart::FieldKind;
use crate::editor::claim_form::{ClaimForm, signed_by};
use crate::editor::claim_preview::{self, Course, payer_words};
use crate::policy::Level;
use crate::rules::Finding;

const STYLE: &str = include_str!("export/export.css");

/// Print a chart or a visit as a page: the note, its claim lines, findings and measures
///
/// The page is HTML, to read in any browser, to print or to save as PDF. Everything is in it, it
/// loads nothing from elsewhere, and each visit begins a new sheet of paper.
#[derive(Debug, Args)]
pub(super) struct Export {
    /// The note; "-" reads it from standard input
    file: PathBuf,

    /// Only the visits of this day, such as 2026-11-20 or 11/20/2026
    #[arg(long, value_name = "DATE", value_parser = day)]
    visit: Option<Date>,

    /// The file to write the page to; without it, the page is printed
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// The settings to use, in place of the nearest soapstone.toml
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Export {
    /// Makes the page.
    pub(super) fn run(&self) -> Result<Exit, String> {
        if self.file.is_dir() {
            let file = self.file.display();
            return Err(format!("{file} is a folder; export takes one note."));
        }
        self.spare_the_note()?;
        let selection = Selection::one(&self.file, self.config.as_deref());
        let mut pages = Vec::new();
        let judged = selection.judge(|note| self.page(note), |batch| pages.extend(batch))?;
        let mut exit = judged.exit;
        for page in pages {
            let page = page?;
            exit = exit.max(match &self.output {
                Some(file) => {
                    let written = std::fs::write(file, page);
                    let shown = file.display();
                    written.map_err(|e| format!("{shown} could not be written: {e}."))?;
                    Exit::Fine
                }
                None => super::print(&page),
            });
        }
        Ok(exit)
    }

    /// A slip of the hand must not put a page in the place of a note.
    fn spare_the_note(&self) -> Result<(), String> {
        let whole = |file: &Path| file.canonicalize().ok();
        let Some(output) = self.output.as_deref() else {
            return Ok(());
        };
        let is_the_note = whole(output).is_some() && whole(output) == whole(&self.file);
        if is_the_note || output.extension().is_some_and(|ending| ending == "soap") {
            let shown = output.display();
            return Err(format!(
                "{shown} is a note; give the page a name that ends in .html."
            ));
        }
        Ok(())
    }

    /// The page, or a sentence if there is no such visit.
    fn page(&self, note: &Note) -> Result<String, String> {
        let analysis = &note.analysis;
        let is_wanted =
            |p: &&Piece| self.visit.is_none_or(|day| p.visit.day() == Some(day)) && p.is_visit();
        let shown: Vec<&Piece> = analysis.pieces().filter(is_wanted).collect();
        if let Some(day) = self.visit.filter(|_| shown.is_empty()) {
            return Err(self.no_visit(note, day));
        }
        let preamble = analysis.preamble().filter(|p| !p.is_visit());
        let mut found = note.findings_by_piece();
        let of_chart = preamble.and_then(|p| found.remove(&p.start));
        let mut body = String::new();
        head(&mut body, note, &shown);
        if let Some(preamble) = preamble {
            let words = visit::words(preamble);
            body += &format!("<section class=\"chart\">\n<h2>The chart</h2>\n{words}");
            body += &visit::findings(&of_chart.unwrap_or_default());
            body += "</section>\n";
        }
        if self.visit.is_none() {
            timeline(&mut body, note, &shown, &found);
        }
        let until = self.visit.unwrap_or(Date::MAX);
        course(&mut body, &claim_preview::course(analysis), until);
        for piece in &shown {
            let found = found.remove(&piece.start).unwrap_or_default();
            body += &visit::section(note, piece, &found);
        }
        let today = analysis.policy().today.map(day_words).unwrap_or_default();
        let (version, tables) = (env!("CARGO_PKG_VERSION"), analysis.policy().tables());
        body += &format!(
            "<footer>Made by Soapstone {version} on {today}, by the {}. It holds a patient's record.</footer>\n",
            text(&tables)
        );
        Ok(page(&title(note, &shown), &body, STYLE, ""))
    }

    fn no_visit(&self, note: &Note, day: Date) -> String {
        let days = note.analysis.pieces().filter_map(|p| p.visit.day());
        let (first, last) = (days.clone().min(), days.max());
        let known = match (first, last) {
            (Some(first), Some(last)) if first != last => {
                format!("its visits are from {first} to {last}")
            }
            (Some(only), _) => format!("its visit is of {only}"),
            _ => "none of its visits has a date".to_owned(),
        };
        let file = self.file.display();
        format!("{file} has no visit of {day}; {known}.")
    }
}

/// What a field of the chart says: the first visit that is shown, else what stands before.
fn stated(note: &Note, shown: &[&Piece], kind: FieldKind) -> Option<String> {
    let pieces = shown.first().copied().into_iter();
    let mut pieces = pieces.chain(note.analysis.preamble());
    pieces.find_map(|piece| {
        let value = piece.visit.field(kind)?.value?;
        let words = piece.text[value.range()].split_whitespace();
        Some(words.collect::<Vec<_>>().join(" "))
    })
}

fn title(note: &Note, shown: &[&Piece]) -> String {
    let patient = stated(note, shown, FieldKind::Patient);
    let chart = patient.map_or("Chart".to_owned(), |patient| format!("Chart of {patient}"));
    let days = || shown.iter().filter_map(|p| p.visit.day());
    match (days().min(), days().max()) {
        (Some(first), Some(last)) if first == last => format!("{chart}, {}", day_words(first)),
        (Some(first), Some(last)) => {
            format!("{chart}, {} to {}", day_words(first), day_words(last))
        }
        _ => chart,
    }
}

fn head(body: &mut String, note: &Note, shown: &[&Piece]) {
    *body += &format!("<h1>{}</h1>\n", text(&title(note, shown)));
    let payer = shown.first().map(|p| payer_words(&p.judgement.payer));
    let payer = stated(note, shown, FieldKind::Payer).or(payer);
    let facts = [
        payer.map(|payer| format!("Payer: {payer}")),
        stated(note, shown, FieldKind::Provider).map(|name| format!("Provider: {name}")),
        Some(counted(shown.len(), "visit")),
    ];
    let facts: Vec<String> = facts.into_iter().flatten().collect();
    *body += &format!("<p class=\"quiet\">{}</p>\n", text(&facts.join(" · ")));
}

/// The visits of a chart, as bars over their days and in a table.
fn timeline(
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
                is_at_risk: errors > 0,
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
    *body += &plot::visits(&bars);
    let heads = ["date", "signed", "minutes", "units", "errors", "warnings"];
    *body += &table("Each visit", &heads, &rows);
    *body += "</section>\n";
}

/// Pain and the goals' measures until a day, as plots and in a table.
fn course(body: &mut String, course: &Course, until: Date) {
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
        let line = |is_dashed, value: fn(&claim_preview::Pain) -> f64| Line {
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

fn capital(words: &str) -> String {
    let mut chars = words.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + chars.as_str()
}
