//! The claim of one visit as data: what an editor's claim panel shows, and what goes to the biller.
//!
//! All of it is read from the note as it stands; nothing is added to make a claim whole. What still
//! stands in the way of the claim are the findings, in their own words.

mod course;
mod text;
mod why;

pub use course::{Course, Pain, course};

use serde::Serialize;

use super::rule_of_counting;
use crate::analysis::{Analysis, Piece};
use crate::billing::fees::estimate;
use crate::billing::{Claim, ClaimLine};
use crate::chart::{ClockRange, Modality};
use crate::length::Length;
use crate::policy::Level;
use crate::reference::fees::year;
use crate::rules::VisitCase;
use crate::text::Span;

/// The letters of the diagnoses on a claim form, which holds no more than these.
const LETTERS: &str = "ABCDEFGHIJKL";
/// The most diagnoses that a line of the claim form points to.
const MOST_POINTERS: usize = 4;

/// The claim of a visit. `P` is a place in the note.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClaimPreview<P = Span> {
    /// The visit's heading; the first code of a note without one.
    pub place: P,
    /// The day, as `2026-11-20`.
    pub date: Option<String>,
    /// The name of the payer's profile; `default` if none is known.
    pub payer: String,
    pub payer_words: String,
    /// `cms` or `ama`.
    pub counting: &'static str,
    pub counting_words: &'static str,
    /// How many visits of this date and payer the claim covers.
    pub visits: usize,
    /// The time of the whole visit, if the note gives it.
    pub session: Option<Session>,
    /// The minutes of the timed codes that are pooled.
    pub timed_minutes: u32,
    pub timed_units: u32,
    pub total_minutes: u32,
    /// The minutes of a timed code are missing, so that the units are no more than a beginning.
    pub incomplete: bool,
    pub blocks: Vec<Block<P>>,
    /// How the units came about, sentence by sentence.
    pub why: Vec<String>,
    /// Every right way to share the pooled units among their codes.
    pub allocations: Vec<Vec<Share>>,
    /// Which of them the claim lines use.
    pub chosen: usize,
    pub lines: Vec<Line>,
    /// What Medicare allows for the day, in words; nothing unless the reader asks for it.
    pub allowed: Option<String>,
    /// The diagnoses that the lines point to.
    pub diagnoses: Vec<PointedDiagnosis>,
    /// What a payer would deny or ask for: the findings of this visit, and of what holds for the whole
    /// chart, at warning or above.
    pub open: Vec<Open<P>>,
    pub course: Course,
    /// All of this to read, at most 80 columns wide.
    pub text: String,
    /// The claim lines to paste into a billing system: code, modifiers, units and letters parted by
    /// tabs, then each letter with its diagnosis code. Nothing while the claim is incomplete.
    pub copy: String,
}

/// The time of a whole visit; start and end in minutes after midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Session {
    pub start: Option<u32>,
    pub end: Option<u32>,
    pub minutes: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Block<P> {
    pub place: P,
    pub code: String,
    /// What the code means, in Soapstone's own words; nothing for a code that it does not know.
    pub label: Option<&'static str>,
    pub modifiers: Vec<String>,
    pub clock: Vec<Clock>,
    pub minutes: Option<Length>,
    /// Whether time makes the units.
    pub timed: bool,
    /// The units that all blocks of this code earn together.
    pub code_units: u32,
}

/// From when to when, in minutes after midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Clock {
    pub start: u32,
    pub end: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Share {
    pub code: String,
    pub units: u32,
}

/// A line of the claim; one without any units is not billed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    pub code: String,
    pub modifiers: Vec<String>,
    pub units: u32,
    pub minutes: Length,
    /// A block of the line is billed by time and has no minutes yet, so that the units are open.
    pub incomplete: bool,
    /// The letters of the diagnoses, at most four.
    pub pointers: Vec<char>,
}

/// A diagnosis with the letter by which lines point to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PointedDiagnosis {
    /// A to L; nothing beyond the twelve that a claim form holds.
    pub letter: Option<char>,
    pub code: String,
    /// The official title; nothing for a code that the release does not have.
    pub title: Option<String>,
}

/// A finding that stands in the way of the claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Open<P> {
    pub place: P,
    pub rule: &'static str,
    /// `error` or `warning`.
    pub level: &'static str,
    pub message: String,
    /// Who says so.
    pub source: &'static str,
}

/// The claim of the visit at an offset of the document; nothing outside of a visit.
pub fn claim_preview(analysis: &Analysis, offset: usize) -> Option<ClaimPreview> {
    placed_claim_preview(analysis, offset, |span| span)
}

/// The same with its places given in another way.
pub fn placed_claim_preview<P>(
    analysis: &Analysis,
    offset: usize,
    place: impl Fn(Span) -> P,
) -> Option<ClaimPreview<P>> {
    let piece = analysis.piece_at(offset)?;
    let visit = &piece.visit;
    if !piece.is_visit() || (visit.heading.is_none() && !visit.is_treated()) {
        return None;
    }
    let case = analysis.case(piece);
    let claim = &case.claim;
    let clock = |&ClockRange { start, end, .. }: &ClockRange| Clock { start, end };
    let day = analysis.visits_of_day(piece);
    let block = |(start, m): (usize, &Modality)| Block {
        place: place(m.line.shifted(start)),
        code: m.code.clone(),
        label: m.procedure.map(|p| p.label),
        modifiers: m.modifiers.iter().map(|m| m.code.clone()).collect(),
        clock: m.clock.iter().map(clock).collect(),
        minutes: m.minutes().stated(),
        timed: m.is_timed(),
        code_units: claim.units_of(&m.code),
    };
    let diagnoses = diagnoses(&case);
    let lines = lines(&case, &diagnoses);
    let allocations = allocations(claim);
    let billed = |share: &Share| claim.units_of(&share.code) == share.units;
    let chosen = allocations.iter().position(|a| a.iter().all(billed));
    let mut preview = ClaimPreview {
        place: place(case.anchor().shifted(piece.start)),
        date: visit.day().map(|day| day.to_string()),
        payer: case.payer.name.clone(),
        payer_words: payer_words(&case.payer.name),
        counting: claim.counting.word(),
        counting_words: rule_of_counting(&case),
        visits: day.len(),
        session: case.session().map(|session| Session {
            start: session.clock.map(|c| c.start),
            end: session.clock.map(|c| c.end),
            minutes: session.minutes,
        }),
        timed_minutes: claim.timed_minutes,
        timed_units: claim.timed_units(),
        total_minutes: claim.total_minutes,
        // A code with periods of its own is not pooled, but its line is open all the same.
        incomplete: claim.incomplete || lines.iter().any(|l| l.incomplete),
        blocks: day.iter().flat_map(|p| blocks_of(p)).map(block).collect(),
        why: why::sentences(&case),
        allocations,
        chosen: chosen.unwrap_or(0),
        lines,
        allowed: allowed(&case),
        diagnoses,
        open: open(analysis, &day, place),
        course: course(analysis),
        text: String::new(),
        copy: String::new(),
    };
    preview.copy = text::copy(&preview);
    preview.text = text::text(&preview);
    Some(preview)
}

/// A payer's profile in words.
pub fn payer_words(profile: &str) -> String {
    let known = profile != "default";
    if known { profile } else { "payer not known" }.to_owned()
}

/// The blocks of a piece, each with the piece's start.
fn blocks_of(piece: &Piece) -> impl Iterator<Item = (usize, &Modality)> {
    let modalities = piece.visit.modalities.iter();
    modalities.map(|modality| (piece.start, modality))
}

/// Nothing where no minutes are pooled.
fn allocations(claim: &Claim) -> Vec<Vec<Share>> {
    if claim.disciplines.is_empty() {
        return Vec::new();
    }
    let share = |(code, units): (&str, u32)| Share {
        code: code.to_owned(),
        units,
    };
    let all = claim.allocations().into_iter();
    all.map(|shares| shares.into_iter().map(share).collect())
        .collect()
}

/// "$54.12 (estimate, national, 2026)".
fn allowed(case: &VisitCase<'_>) -> Option<String> {
    let (fees, claim) = (&case.policy.fees, &case.claim);
    let is_of_year = case.visit.day().is_some_and(|day| day.year() == year());
    if !fees.show || !is_of_year || claim.incomplete {
        return None;
    }
    let amounts = estimate(&claim.lines, |code| fees.price(code));
    let cents: u64 = amounts.into_iter().flatten().sum();
    Some(format!(
        "${}.{:02} ({})",
        cents / 100,
        cents % 100,
        fees.remark()
    ))
}

/// The diagnoses of the claim lines, each once, in the order in which the lines name them.
pub(super) fn diagnoses(case: &VisitCase<'_>) -> Vec<PointedDiagnosis> {
    let mut found: Vec<PointedDiagnosis> = Vec::new();
    for code in case.claim.lines.iter().flat_map(|l| &l.diagnoses) {
        if found.iter().all(|d| d.code != *code) {
            found.push(PointedDiagnosis {
                letter: LETTERS.chars().nth(found.len()),
                code: code.clone(),
                title: case.release().find(code).map(|entry| entry.title),
            });
        }
    }
    found
}

/// The claim lines with the letters of these diagnoses.
pub(super) fn lines(case: &VisitCase<'_>, diagnoses: &[PointedDiagnosis]) -> Vec<Line> {
    let letter = |code: &String| diagnoses.iter().find(|d| d.code == *code)?.letter;
    let is_open = |m: &Modality| m.is_timed() && m.minutes().stated().is_none();
    let line = |line: &ClaimLine| Line {
        code: line.code.clone(),
        modifiers: line.modifiers.clone(),
        units: line.units,
        minutes: line.minutes,
        incomplete: !case.claim.by_total
            && case
                .on_day(line.plan, &line.code)
                .any(|b| is_open(b.modality)),
        pointers: line
            .diagnoses
            .iter()
            .filter_map(letter)
            .take(MOST_POINTERS)
            .collect(),
    };
    case.claim.lines.iter().map(line).collect()
}

/// The findings of the day's visits and of what holds for the whole chart, the visits' first.
fn open<P>(analysis: &Analysis, day: &[&Piece], place: impl Fn(Span) -> P) -> Vec<Open<P>> {
    let last = analysis.pieces().last().map(|p| p.start);
    let preamble = analysis
        .preamble()
        .filter(|p| day.iter().all(|d| d.start != p.start));
    let findings = day.iter().copied().chain(preamble).flat_map(|piece| {
        let (start, end, is_last) = (piece.start, piece.end(), last == Some(piece.start));
        let of_this = move |at: usize| start <= at && (at < end || is_last && at == end);
        let findings = analysis.findings_in(Span::new(start, end)).into_iter();
        findings.filter(move |f| f.level >= Level::Warning && of_this(f.span.start))
    });
    findings
        .map(|f| Open {
            place: place(f.span),
            rule: f.rule.name,
            level: f.level.word(),
            message: f.message,
            source: f.rule.source,
        })
        .collect()
}

#[cfg(test)]
mod tests;
