//! `soapstone new`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use jiff::civil::Date;

use super::config::Policies;
use super::notes::{guarded, quietly, read};
use super::{Exit, complain};
use crate::analysis::Analysis;
use crate::editor::next_visit::{NewVisit, lines, new_note};
use crate::policy::{Policy, today};
use crate::records;
use crate::text::Document;

/// Print an empty note, or the next visit of a chart, with blanks to fill
///
/// The next visit has the codes, regions and techniques of the last one; times, findings and the
/// signature are left for you. Nothing is written to the chart.
#[derive(Debug, Args)]
#[command(before_help = "Example: soapstone new chart.soap --date 2026-11-20")]
pub(super) struct New {
    /// The chart whose next visit is wanted; without one, an empty note is printed
    chart: Option<PathBuf>,

    /// The day of the visit, such as 2026-11-20 or 11/20/2026; today if none is given
    #[arg(long, value_name = "DATE", value_parser = day)]
    date: Option<Date>,

    /// Only the headings of the next visit, without the codes of the last one
    #[arg(long, requires = "chart")]
    empty: bool,
}

/// A day as a note would have it.
pub(super) fn day(words: &str) -> Result<Date, String> {
    let day = records::day(words);
    day.ok_or_else(|| "write the date as 2026-11-20 or 11/20/2026".to_owned())
}

impl New {
    /// Prints the note or the visit.
    pub(super) fn run(&self) -> Result<Exit, String> {
        let day = self.date.unwrap_or_else(today);
        let Some(chart) = self.chart.as_deref() else {
            return Ok(super::print(&new_note(day)));
        };
        let text = read(chart)?;
        let mut policies = Policies::new(None)?;
        let policy = policies.of(chart.parent().unwrap_or(Path::new("")));
        for trouble in policies.problems.iter().chain(&policies.unreadable) {
            complain(trouble);
        }
        let kind = if self.empty {
            NewVisit::Empty
        } else {
            NewVisit::CarriedForward
        };
        let note = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let path = super::shown(chart);
        let visit = quietly(|| guarded(&path, || Ok(visit(note, &policy, kind, day))))?;
        Ok(Exit::after(&policies.unreadable).max(super::print(&visit)))
    }
}

fn visit(note: &str, policy: &Arc<Policy>, kind: NewVisit, day: Date) -> String {
    let analysis = Analysis::of(&Document::new(note), policy);
    lines(&analysis, kind, day, usize::MAX).join("\n") + "\n"
}
