//! `soapstone export`.

mod chart;
mod visit;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;

use super::html::{day_words, footer, page, text};
use super::new::day;
use super::notes::{Note, Selection};
use super::{Exit, counted, write};
use crate::analysis::Piece;
use crate::chart::FieldKind;
use crate::editor::claim_preview::{course, payer_words};

const STYLE: &str = include_str!("export/export.css");

/// Print a chart or a visit as a page: the note, its claim lines, findings and measures
///
/// The page is HTML, to read in any browser, to print or to save as PDF. Everything is in it, it
/// loads nothing from elsewhere, and each visit begins a new sheet of paper.
#[derive(Debug, Args)]
#[command(before_help = "Example: soapstone export chart.soap --output chart.html")]
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
                    let written = write::create(file, &page, true);
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
            let found = visit::findings(&of_chart.unwrap_or_default());
            let _ = writeln!(
                body,
                "<section>\n<h2>The chart</h2>\n{words}{found}</section>"
            );
        }
        if self.visit.is_none() {
            chart::timeline(&mut body, note, &shown, &found);
        }
        let until = self.visit.unwrap_or(Date::MAX);
        chart::course(&mut body, &course(analysis), until);
        for piece in &shown {
            let found = found.remove(&piece.start).unwrap_or_default();
            body += &visit::section(note, piece, &found);
        }
        let policy = analysis.policy();
        let remark = " It holds a patient's record.";
        body += &footer(policy.today, &policy.tables(), remark);
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
    let profile = shown.first().map(|p| payer_words(&p.judgement.payer));
    let payer = stated(note, shown, FieldKind::Payer).map(|payer| format!("Payer: {payer}"));
    let facts = [
        payer.or(profile.map(|profile| capital(&profile))),
        stated(note, shown, FieldKind::Provider).map(|name| format!("Provider: {name}")),
        Some(counted(shown.len(), "visit")),
    ];
    let facts: Vec<String> = facts.into_iter().flatten().collect();
    let (title, facts) = (title(note, shown), facts.join(" · "));
    let _ = writeln!(
        body,
        "<h1>{}</h1>\n<p class=\"quiet\">{}</p>",
        text(&title),
        text(&facts)
    );
}

fn capital(words: &str) -> String {
    let mut chars = words.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + chars.as_str()
}
