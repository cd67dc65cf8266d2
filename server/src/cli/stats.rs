//! `soapstone stats`.

mod gather;
mod html;
mod text;

use clap::{Args, ValueEnum};

use self::gather::Report;
use super::Exit;
use super::notes::{Note, Selection};
use super::period::Period;

/// Tell how a practice does: units an hour, what is at risk, goals, visits left
///
/// Shows no words of the notes but their files' names, the payers, and the clinicians' names as signed.
#[derive(Debug, Args)]
#[command(before_help = "Example: soapstone stats charts --output-format html")]
pub(super) struct Stats {
    #[command(flatten)]
    selection: Selection,

    /// How to show the figures
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Text)]
    output_format: Format,

    #[command(flatten)]
    period: Period,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// To read
    Text,
    /// For other programs
    Json,
    /// A page with plots, for a browser; it loads nothing from elsewhere
    Html,
}

impl Stats {
    /// Prints the figures of the notes.
    pub(super) fn run(&self) -> Result<Exit, String> {
        self.period.check()?;
        let mut all = Report::default();
        let each = |note: &Note| Report::of(note, &self.period);
        let judged = self.selection.judge(each, |batch| {
            for report in batch {
                all.add(report);
            }
        })?;
        all.finish();
        let shown = match self.output_format {
            Format::Text => text::render(&all),
            Format::Json => serde_json::to_string_pretty(&all).unwrap_or_default() + "\n",
            Format::Html => html::render(&all),
        };
        self.period.tell();
        Ok(judged.exit.max(super::print(&shown)))
    }
}

/// "3.1", or a dash where nothing says how long the sessions took.
fn an_hour(units: Option<f64>) -> String {
    units.map_or("-".to_owned(), |units| format!("{units:.1}"))
}
