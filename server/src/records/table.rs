//! What was found in a record, and its claim lines, as rows of tables.

use super::Judged;
use super::finding::Place;
use crate::editor::claim_form::{ClaimForm, signed_by};

/// A finding, with the visit that it stands in.
pub struct FindingRow<'a> {
    /// The name of the rule.
    pub rule: &'a str,
    /// `error`, `warning`, `info` or `hint`.
    pub severity: &'a str,
    /// What is wrong, in a sentence without the note's words.
    pub message: &'a str,
    /// Where.
    pub place: Place,
    /// Who says so.
    pub source: &'a str,
    /// The rule's page.
    pub url: Option<String>,
    /// The profile of the visit's payer.
    pub payer: &'a str,
    /// The day of the visit, as in `2026-11-20`.
    pub date: Option<String>,
    /// Who signed the visit.
    pub clinician: Option<String>,
}

/// A line of a claim.
pub struct ClaimRow<'a> {
    /// The day of the visit, as in `2026-11-20`.
    pub date: Option<String>,
    /// The profile of the payer.
    pub payer: &'a str,
    /// Who signed the visits that the line stands for.
    pub clinician: Option<String>,
    /// Which line of its claim it is, from 1.
    pub line: u32,
    /// The code.
    pub code: &'a str,
    /// Its modifiers.
    pub modifiers: &'a [String],
    /// Its minutes.
    pub minutes: f64,
    /// Its units, as the JSON of a claim has them.
    pub units: u32,
    /// Its diagnoses.
    pub diagnoses: &'a [String],
    /// The code was proposed, and nobody has confirmed it yet.
    pub proposed: bool,
    /// Minutes are missing that could change the units.
    pub incomplete: bool,
}

impl Judged {
    /// What was found, in order.
    pub fn finding_rows<T>(&self, mut row: impl FnMut(FindingRow<'_>) -> T) -> Vec<T> {
        let places = self.places();
        let findings = self.analysis.findings();
        let rows = findings.iter().map(|finding| {
            let piece = self.analysis.piece_at(finding.span.start);
            let visit = piece.filter(|piece| piece.is_visit());
            let shown = places.finding(None, finding);
            row(FindingRow {
                rule: shown.rule,
                severity: shown.severity,
                message: shown.message,
                place: shown.place,
                source: shown.source,
                url: shown.url,
                payer: piece.map_or("default", |piece| &piece.judgement.payer),
                date: visit.and_then(|piece| Some(piece.visit.day()?.to_string())),
                clinician: visit.and_then(|piece| named(signed_by(&piece.text, &piece.visit))),
            })
        });
        rows.collect()
    }

    /// The lines of the claims, day by day.
    pub fn claim_rows<T>(&self, mut row: impl FnMut(ClaimRow<'_>) -> T) -> Vec<T> {
        let mut rows = Vec::new();
        for piece in self.days() {
            let form = ClaimForm::of(&self.analysis, piece);
            let claim = &piece.judgement.claim;
            for ((line, shown), number) in claim.lines.iter().zip(form.lines).zip(1..) {
                rows.push(row(ClaimRow {
                    date: form.date.map(|day| day.to_string()),
                    payer: &piece.judgement.payer,
                    clinician: named(shown.provider),
                    line: number,
                    code: &line.code,
                    modifiers: &line.modifiers,
                    minutes: line.minutes.as_minutes(),
                    units: line.units,
                    diagnoses: &line.diagnoses,
                    proposed: line.proposed,
                    incomplete: shown.units.is_none(),
                }));
            }
        }
        rows
    }
}

/// Nobody, where no name was read.
fn named(name: String) -> Option<String> {
    (!name.is_empty()).then_some(name)
}
