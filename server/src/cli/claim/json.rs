//! The claim lines for other programs. The shape is a contract: see `docs/architecture.md`.

use serde::{Serialize, Serializer};

use super::Claim;
use crate::billing::{self, ClaimLine};
use crate::chart::FieldKind;
use crate::cli::notes::Note;
use crate::cli::{Exit, json, print, units};

pub(super) fn run(claim: &Claim) -> Result<Exit, String> {
    let (mut array, mut printed) = (json::Array::default(), Exit::Fine);
    let each = |note: &Note| {
        let chart = Chart::of(note, claim);
        let is_wanted = !claim.period.is_limited() || !chart.visits.is_empty();
        let json = is_wanted.then(|| serde_json::to_string(&chart).unwrap_or_default());
        json.unwrap_or_default()
    };
    let judged = claim.selection.judge(each, |batch| {
        let mut output = String::new();
        for chart in batch {
            array.push(&chart, &mut output);
        }
        printed = printed.max(print(&output));
    })?;
    Ok(judged.exit.max(printed).max(print(array.end())))
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
    fn of(note: &'a Note, claim: &'a Claim) -> Self {
        let patient = note.analysis.pieces().next().and_then(|piece| {
            let value = piece.visit.field(FieldKind::Patient)?.value?;
            Some(piece.text[value.range()].trim())
        });
        let visits = claim.days(note).map(|piece| {
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
                allowed_cents: claim.fees.then(|| units::allowed(note, piece)).flatten(),
            }
        });
        Self {
            path: &note.path,
            patient,
            visits: visits.collect(),
        }
    }
}
