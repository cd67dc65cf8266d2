//! `soapstone claim`.

mod csv;
mod json;
mod text;
mod total;

use clap::{Args, ValueEnum};

use super::Exit;
use super::notes::{Note, Selection};
use super::period::Period;
use super::stream::{self, Asked, Stdin};
use super::units;
use crate::analysis::Piece;
use crate::editor::claim_form::ClaimForm;
use crate::records::Checker;
use crate::records::claim::Chart;

/// Show the claim lines of each day: codes, modifiers, minutes, units
///
/// Where left-over minutes tie, the claim uses the units written in the note if they are among
/// the right answers, else it gives the unit to the code with more minutes.
#[derive(Debug, Args)]
#[command(before_help = "Example: soapstone claim charts --from 2026-11-01 --output-format csv")]
pub(super) struct Claim {
    #[command(flatten)]
    selection: Selection,

    #[command(flatten)]
    stdin: Stdin,

    /// How to show the claim lines
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Text)]
    output_format: Format,

    #[command(flatten)]
    period: Period,

    /// Instead of the lines, add them up: visits, minutes and units of each payer, code and clinician
    #[arg(long, conflicts_with = "fees")]
    total: bool,

    /// Add what Medicare allows a day: an estimate, with [fees] of soapstone.toml
    #[arg(long)]
    fees: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// To read
    Text,
    /// For other programs
    Json,
    /// For a table or a billing system: a row for each line, by the boxes of the claim form CMS-1500
    Csv,
}

impl Claim {
    /// Prints the claim lines of the notes.
    pub(super) fn run(&self) -> Result<Exit, String> {
        self.period.check()?;
        if self.fees && self.output_format == Format::Csv {
            return Err("A claim form has no estimates: --fees is for text and json.".to_owned());
        }
        if self.stdin.is_stream() {
            let exit = self.stream()?;
            self.period.tell();
            return Ok(exit);
        }
        let exit = match (self.output_format, self.total) {
            (Format::Csv, true) => {
                return Err(
                    "--total adds the lines up, and csv lists them: use one of the two.".to_owned(),
                );
            }
            (Format::Text, true) => total::run(self, total::Totals::text),
            (Format::Json, true) => total::run(self, total::Totals::json),
            (Format::Text, false) => text::run(self),
            (Format::Json, false) => json::run(self),
            (Format::Csv, false) => csv::run(self),
        }?;
        self.period.tell();
        Ok(exit)
    }

    /// Answers each record of a stream with its claims.
    fn stream(&self) -> Result<Exit, String> {
        if self.total || self.output_format == Format::Csv {
            return Err(
                "--stdin jsonl answers each record with a line of JSON: it takes no --total and no csv."
                    .to_owned(),
            );
        }
        let (policies, checker) = self.selection.for_stream()?;
        let each = |checker: &Checker, asked: &Asked<'_>| {
            let note = Note::of_record(checker.judged(&asked.record)?);
            Ok((asked.line(&self.chart(None, &note)), Exit::Fine))
        };
        Ok(stream::answered(&policies, &checker, each))
    }

    /// The first visits of the days that are wanted.
    fn days<'a>(&'a self, note: &'a Note) -> impl Iterator<Item = &'a Piece> {
        units::days(note).filter(|piece| self.period.holds(piece.visit.day()))
    }

    /// The claims that are wanted, for other programs.
    fn chart<'a>(&'a self, path: Option<&'a str>, note: &'a Note) -> Chart<'a> {
        Chart::of(path, &note.analysis, self.days(note), |piece| {
            self.fees.then(|| units::allowed(note, piece)).flatten()
        })
    }

    /// The claims that are wanted, as a form has them.
    fn forms<'a>(&'a self, note: &'a Note) -> impl Iterator<Item = ClaimForm> {
        self.days(note)
            .map(|piece| ClaimForm::of(&note.analysis, piece))
    }
}
