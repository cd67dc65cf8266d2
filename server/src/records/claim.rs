//! The claim of a chart for other programs. The shape is a contract: see `docs/architecture.md`.

use serde::{Serialize, Serializer};

use crate::analysis::{Analysis, Piece};
use crate::billing::{self, ClaimLine};
use crate::chart::FieldKind;

/// The claims of a chart, day by day.
#[derive(Serialize)]
pub struct Chart<'a> {
    /// The note; nothing where the claim stands beside the name of its record.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    patient: Option<&'a str>,
    /// One entry for a date of service and payer.
    pub visits: Vec<Visit<'a>>,
}

/// The claim of a date of service and payer.
#[derive(Serialize)]
pub struct Visit<'a> {
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
    /// The claims of these days. `allowed` says what Medicare allows for each line of one.
    pub(crate) fn of(
        path: Option<&'a str>,
        analysis: &'a Analysis,
        days: impl Iterator<Item = &'a Piece>,
        allowed: impl Fn(&Piece) -> Option<Vec<Option<u64>>>,
    ) -> Self {
        let patient = analysis.pieces().next().and_then(|piece| {
            let value = piece.visit.field(FieldKind::Patient)?.value?;
            Some(piece.text[value.range()].trim())
        });
        let visits = days.map(|piece| {
            let counted = &piece.judgement.claim;
            let allocations = counted.allocations().into_iter();
            Visit {
                date: piece.visit.day().map(|day| day.to_string()),
                payer: &piece.judgement.payer,
                counting: counted.counting.word(),
                timed_minutes: counted.timed_minutes,
                timed_units: counted.timed_units(),
                total_minutes: counted.total_minutes,
                allocations: allocations.map(Allocation).collect(),
                disciplines: counted.disciplines.iter().map(Discipline::of).collect(),
                lines: &counted.lines,
                allowed_cents: allowed(piece),
            }
        });
        Self {
            path,
            patient,
            visits: visits.collect(),
        }
    }
}
