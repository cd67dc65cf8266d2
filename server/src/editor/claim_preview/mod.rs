//! The claim of one visit as data: what an editor's claim panel shows, and what goes to the biller.
//!
//! All of it is read from the note as it stands; nothing is added to make a claim whole. What still
//! stands in the way of the claim are the findings, in their own words.

mod course;
mod text;
mod why;

pub use course::{Course, Pain, course};

use std::cmp::Reverse;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::Serialize;

use super::{rule_of_counting, stated};
use crate::analysis::{Analysis, Piece};
use crate::billing::fees::estimate;
use crate::billing::{Claim, ClaimLine};
use crate::chart::{ClockRange, FieldKind, Modality};
use crate::length::Length;
use crate::policy::{Level, Payer};
use crate::reference::fees::year;
use crate::rules::{Finding, VisitCase};
use crate::text::Span;

/// The letters of the diagnoses on a claim form, which holds no more than these.
const LETTERS: &str = "ABCDEFGHIJKL";
/// The most diagnoses that a line of the claim form points to.
const MOST_POINTERS: usize = 4;

/// The claim of a visit. `P` is a place in the note.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClaimPreview<P = Span> {
    /// By which the claim can be told from the others of the chart, as long as nobody changes its date or payer.
    pub id: String,
    /// Other claim lines have another mark, so that it can be told whether these were copied.
    pub mark: String,
    /// The visit's heading; the first code of a note without one.
    pub place: P,
    /// As the note writes it.
    pub patient: Option<String>,
    pub provider: Option<String>,
    pub referral: Option<String>,
    pub authorization: Option<String>,
    /// The day, as `2026-11-20`.
    pub date: Option<String>,
    /// The name of the payer's profile; `default` if none is known.
    pub payer: String,
    /// The payer as the note names it, also one that is not known.
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
    /// chart, at warning or above, the loudest first.
    pub open: Vec<Open<P>>,
    pub course: Course,
    /// All of this to read, at most 80 columns wide.
    pub text: String,
    /// The claim lines to paste into a sheet or a billing system, with a line of headings. Nothing while the claim is
    /// incomplete.
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
    let mut preview = of_piece(analysis, piece, place);
    preview.course = course(analysis);
    preview.text = text::text(&preview);
    Some(preview)
}

/// The claim of the visit that a piece is, without the course and without the text of all of it.
fn of_piece<P>(analysis: &Analysis, piece: &Piece, place: impl Fn(Span) -> P) -> ClaimPreview<P> {
    let visit = &piece.visit;
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
    let words = |kind| stated(&case, kind, one_line);
    let mut preview = ClaimPreview {
        id: id(analysis, piece),
        mark: String::new(),
        patient: words(FieldKind::Patient),
        provider: words(FieldKind::Provider),
        referral: words(FieldKind::Referral),
        authorization: words(FieldKind::Authorization),
        place: place(case.anchor().shifted(piece.start)),
        date: visit.day().map(|day| day.to_string()),
        payer: case.payer.name.clone(),
        payer_words: payer_as_named(case.payer, words(FieldKind::Payer)),
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
        course: Course::default(),
        text: String::new(),
        copy: String::new(),
    };
    preview.copy = text::copy(&preview);
    preview.mark = mark(&preview.copy);
    preview
}

/// One of the claims of a chart, to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClaimEntry<P = Span> {
    pub id: String,
    pub mark: String,
    pub place: P,
    pub date: Option<String>,
    pub payer_words: String,
    /// The units of all lines.
    pub units: u32,
    pub incomplete: bool,
    /// How many errors stand in its way.
    pub errors: usize,
    pub copy: String,
}

/// The claims of a chart, each once, in the order of their first visits.
pub fn claims<P>(analysis: &Analysis, place: impl Fn(Span) -> P) -> Vec<ClaimEntry<P>> {
    let treated = analysis
        .pieces()
        .filter(|p| p.is_visit() && p.visit.is_treated());
    let entry = |piece: &Piece| {
        let claim = of_piece(analysis, piece, &place);
        let errors = claim.open.iter().filter(|o| o.level == Level::Error.word());
        ClaimEntry {
            id: claim.id,
            mark: claim.mark,
            place: claim.place,
            date: claim.date,
            payer_words: claim.payer_words,
            units: claim.lines.iter().map(|l| l.units).sum(),
            incomplete: claim.incomplete,
            errors: errors.count(),
            copy: claim.copy,
        }
    };
    let first = treated.filter(|piece| piece.begins_day());
    first.map(entry).collect()
}

/// The day and the payer; of a visit without a date its number among those of the chart.
fn id(analysis: &Analysis, piece: &Piece) -> String {
    let before = analysis
        .pieces()
        .filter(|p| p.is_visit() && p.start < piece.start);
    let day = match piece.visit.day() {
        Some(day) => day.to_string(),
        None => format!("visit {}", before.count() + 1),
    };
    format!("{day} {}", piece.judgement.payer)
}

/// The same for the same claim lines, in every run of the program. It tells nothing of them.
fn mark(copy: &str) -> String {
    let mut hasher = DefaultHasher::new();
    copy.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// A payer in words: as the note names it, else the first words of its profile's title.
pub fn payer_as_named(payer: &Payer, named: Option<String>) -> String {
    let known = payer.name != "default";
    match named {
        Some(named) if known => named,
        Some(named) => format!("{named} (not known to Soapstone)"),
        None if known => {
            let title = payer.title.split([',', '(']).next();
            title.unwrap_or_default().trim().to_owned()
        }
        None => payer_words(&payer.name),
    }
}

/// The value of a field on one line; nothing for one that is still to be filled in.
pub(super) fn one_line(value: &str) -> Option<String> {
    let words: Vec<&str> = value.split_whitespace().collect();
    let is_filled = words
        .iter()
        .any(|w| w.contains(|c: char| c.is_alphanumeric()));
    is_filled.then(|| words.join(" "))
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

/// The findings of the day's visits and of what holds for the whole chart: the errors first, and of one level the visits'.
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
    let mut findings: Vec<Finding> = findings.collect();
    findings.sort_by_key(|f| Reverse(f.level));
    findings
        .into_iter()
        .map(|f| Open {
            place: place(f.span),
            rule: f.rule.name,
            level: f.level.word(),
            message: f.message.into_owned(),
            source: f.rule.source,
        })
        .collect()
}

#[cfg(test)]
mod tests;
