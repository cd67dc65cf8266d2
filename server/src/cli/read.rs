//! What was read of the notes: nobody is to take silence for praise.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::AddAssign;

use super::notes::Note;
use super::units;
use super::wanted::Wanted;
use crate::analysis::Piece;
use crate::chart::{Diagnosis, Visit};

/// How much of a note, or of several, was understood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Read {
    visits: usize,
    /// The timed and the other codes that are billed.
    pub(super) blocks: usize,
    timed_minutes: usize,
    units: usize,
    /// Those with a code, each once a note.
    diagnoses: usize,
    goals: usize,
}

impl Read {
    /// What was read of the visits that are wanted, and of what holds for all of them.
    pub(super) fn of(note: &Note, wanted: &Wanted) -> Self {
        let is_wanted = |piece: &&Piece| !piece.is_visit() || wanted.visit(note, piece);
        let pieces = || note.analysis.pieces().filter(is_wanted);
        let visits = || pieces().map(|piece| &*piece.visit);
        let codes = visits().flat_map(diagnoses).map(|d| &d.code);
        let codes: BTreeSet<&String> = codes.filter(|code| !code.is_empty()).collect();
        let days = || units::days(note).filter(is_wanted);
        let claims = || days().map(|piece| &piece.judgement.claim);
        let lines = claims().flat_map(|claim| &claim.lines);
        Self {
            visits: visits().filter(|visit| is_visit(visit)).count(),
            blocks: visits().map(|visit| visit.modalities.len()).sum(),
            timed_minutes: claims().map(|claim| claim.timed_minutes as usize).sum(),
            units: lines.map(|line| line.units as usize).sum(),
            diagnoses: codes.len(),
            goals: visits().map(|visit| visit.goals.len()).sum(),
        }
    }
}

/// Whether there is a visit, with its heading or without.
fn is_visit(visit: &Visit) -> bool {
    visit.heading.is_some() || visit.is_treated() || !visit.sections.is_empty()
}

fn diagnoses(visit: &Visit) -> impl Iterator<Item = &Diagnosis> {
    let of_blocks = visit.modalities.iter().flat_map(|m| &m.diagnoses);
    visit.diagnoses.iter().chain(of_blocks)
}

impl AddAssign for Read {
    fn add_assign(&mut self, other: Self) {
        self.visits += other.visits;
        self.blocks += other.blocks;
        self.timed_minutes += other.timed_minutes;
        self.units += other.units;
        self.diagnoses += other.diagnoses;
        self.goals += other.goals;
    }
}

/// "Read: 1 visit, 2 blocks, 40 timed minutes, 3 units, 1 diagnosis, no goals."
impl fmt::Display for Read {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counted = |number: usize, one: &str, several: &str| match number {
            0 => format!("no {several}"),
            1 => format!("1 {one}"),
            number => format!("{number} {several}"),
        };
        let parts = [
            counted(self.visits, "visit", "visits"),
            counted(self.blocks, "block", "blocks"),
            counted(self.timed_minutes, "timed minute", "timed minutes"),
            counted(self.units, "unit", "units"),
            counted(self.diagnoses, "diagnosis", "diagnoses"),
            counted(self.goals, "goal", "goals"),
        ];
        write!(f, "Read: {}.", parts.join(", "))
    }
}
