//! `soapstone claim`.

use std::sync::OnceLock;

use clap::{Args, ValueEnum};
use serde::{Serialize, Serializer};

use super::notes::{Note, Selection};
use super::{Exit, json, units};
use crate::billing::{self, ClaimLine};
use crate::chart::FieldKind;

/// Show the claim lines of each day: codes, modifiers, minutes, units
///
/// Where left-over minutes tie, the claim uses the units written in the note if they are among
/// the right answers, else it gives the unit to the code with more minutes.
#[derive(Debug, Args)]
#[command(before_help = "Example: soapstone claim visit.soap --fees")]
pub(super) struct Claim {
    #[command(flatten)]
    selection: Selection,

    /// How to show the claim lines
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Text)]
    output_format: Format,

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
}

impl Claim {
    /// Prints the claim lines of the notes.
    pub(super) fn run(&self) -> Result<Exit, String> {
        let (mut array, mut printed) = (json::Array::default(), Exit::Fine);
        // The notes of one call are judged by the same tables.
        let tables = OnceLock::new();
        let each = |note: &Note| match self.output_format {
            Format::Text => {
                tables.get_or_init(|| note.analysis.policy().tables());
                match units::render(note, self.fees) {
                    none if none.is_empty() => {
                        format!("{}\n  No visit with a procedure code.\n\n", note.path)
                    }
                    blocks => format!("{}\n{blocks}\n", note.path),
                }
            }
            Format::Json => serde_json::to_string(&Chart::of(note, self.fees)).unwrap_or_default(),
        };
        let judged = self.selection.judge(each, |batch| {
            let mut output = String::new();
            for text in batch {
                match self.output_format {
                    Format::Text => output.push_str(&text),
                    Format::Json => array.push(&text, &mut output),
                }
            }
            printed = printed.max(super::print(&output));
        })?;
        let end = match self.output_format {
            Format::Text => tables
                .get()
                .map_or_else(String::new, |tables| format!("By the {tables}.\n")),
            Format::Json => array.end().to_owned(),
        };
        Ok(judged.exit.max(printed).max(super::print(&end)))
    }
}

#[derive(Serialize)]
struct Chart<'a> {
    path: &'a str,
    patient: Option<&'a str>,
    visits: Vec<Visit<'a>>,
}

#[derive(Serialize)]
struct Visit<'a> {
    date: Option<String>,
    payer: &'a str,
    counting: &'static str,
    timed_minutes: u32,
    timed_units: u32,
    total_minutes: u32,
    allocations: Vec<Allocation<'a>>,
    disciplines: Vec<Discipline<'a>>,
    lines: &'a [ClaimLine],
    /// What Medicare allows for each line, in cents; told only where it was asked for and is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_cents: Option<Vec<Option<u64>>>,
}

/// One plan of care by itself.
#[derive(Serialize)]
struct Discipline<'a> {
    plan: Option<&'a str>,
    timed_minutes: u32,
    timed_units: u32,
    allocations: Vec<Allocation<'a>>,
}

impl<'a> Discipline<'a> {
    fn of(discipline: &'a billing::Discipline) -> Self {
        let codes = || discipline.allocations.codes().iter();
        let codes = || codes().map(|c| c.code.as_str());
        let ways = discipline.allocations.all().into_iter();
        Self {
            plan: discipline.plan,
            timed_minutes: discipline.timed_minutes,
            timed_units: discipline.allocations.total(),
            allocations: ways
                .map(|units| Allocation(codes().zip(units).collect()))
                .collect(),
        }
    }
}

/// Codes with their units, in the order of the note.
struct Allocation<'a>(Vec<(&'a str, u32)>);

impl Serialize for Allocation<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().copied())
    }
}

impl<'a> Chart<'a> {
    fn of(note: &'a Note, with_fees: bool) -> Self {
        let patient = note.analysis.pieces().next().and_then(|piece| {
            let value = piece.visit.field(FieldKind::Patient)?.value?;
            Some(piece.text[value.range()].trim())
        });
        let visits = units::days(note).map(|piece| {
            let claim = &piece.judgement.claim;
            let allocations = claim.allocations().into_iter();
            Visit {
                date: piece.visit.day().map(|day| day.to_string()),
                payer: &piece.judgement.payer,
                counting: claim.counting.word(),
                timed_minutes: claim.timed_minutes,
                timed_units: claim.timed_units(),
                total_minutes: claim.total_minutes,
                allocations: allocations.map(Allocation).collect(),
                disciplines: claim.disciplines.iter().map(Discipline::of).collect(),
                lines: &claim.lines,
                allowed_cents: with_fees.then(|| units::allowed(note, piece)).flatten(),
            }
        });
        Self {
            path: &note.path,
            patient,
            visits: visits.collect(),
        }
    }
}
