//! The claim of one visit as data: what an editor's claim panel shows, and what goes to the biller.
//!
//! All of it is read from the note as it stands; nothing is added to make a claim whole. What still
//! stands in the way of the claim are the findings, in their own words.

mod course;
mod text;
mod why;

pub use course::Course;

use serde::Serialize;

use super::rule_of_counting;
use crate::analysis::{Analysis, Piece};
use crate::billing::Counting;
use crate::chart::{ClockRange, Modality};
use crate::policy::Level;
use crate::rules::VisitCase;
use crate::text::Span;

/// The most diagnoses that a claim form holds; they are named A to L.
const MOST_DIAGNOSES: usize = 12;
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
    /// The payer in words.
    pub payer_words: String,
    /// `cms` or `ama`.
    pub counting: &'static str,
    /// How the units were counted, in words.
    pub counting_words: &'static str,
    /// The time of the whole visit, if the note gives it.
    pub session: Option<Session>,
    /// The minutes of the timed codes that are pooled.
    pub timed_minutes: u32,
    /// The units that these earn.
    pub timed_units: u32,
    /// The minutes of all blocks.
    pub total_minutes: u32,
    /// The minutes of a timed code are missing, so that the units are no more than a beginning.
    pub incomplete: bool,
    /// What was done, in the order of the note.
    pub blocks: Vec<Block<P>>,
    /// How the units came about, sentence by sentence.
    pub why: Vec<String>,
    /// Every right way to share the pooled units among their codes.
    pub allocations: Vec<Vec<Share>>,
    /// Which of them the claim lines use.
    pub chosen: usize,
    /// The lines of the claim.
    pub lines: Vec<Line>,
    /// The diagnoses that the lines point to.
    pub diagnoses: Vec<PointedDiagnosis>,
    /// What a payer would deny or ask for: the findings of this visit, and of what holds for the whole
    /// chart, at warning or above.
    pub open: Vec<Open<P>>,
    /// Pain and the measures of the goals, from visit to visit of the chart.
    pub course: Course,
    /// All of this to read, at most 80 columns wide.
    pub text: String,
    /// The claim lines to paste into a billing system: code, modifiers, units and letters parted by
    /// tabs, then each letter with its diagnosis code. Nothing while the claim is incomplete.
    pub copy: String,
}

/// The time of a whole visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Session {
    /// Minutes after midnight.
    pub start: Option<u32>,
    /// Minutes after midnight.
    pub end: Option<u32>,
    /// Its length.
    pub minutes: Option<u32>,
}

/// A block of treatment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Block<P> {
    /// Its line.
    pub place: P,
    /// The procedure code.
    pub code: String,
    /// What the code means, in Soapstone's own words; nothing for a code that it does not know.
    pub label: Option<&'static str>,
    /// The modifiers in order.
    pub modifiers: Vec<String>,
    /// The clock times, if the note has them.
    pub clock: Vec<Clock>,
    /// The minutes, if the note gives them.
    pub minutes: Option<u32>,
    /// Whether time makes the units.
    pub timed: bool,
    /// The units that all blocks of this code earn together.
    pub code_units: u32,
}

/// From when to when, in minutes after midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Clock {
    /// The beginning.
    pub start: u32,
    /// The end.
    pub end: u32,
}

/// The units of a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Share {
    /// The procedure code.
    pub code: String,
    /// Its units.
    pub units: u32,
}

/// A line of the claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The procedure code.
    pub code: String,
    /// The modifiers in order.
    pub modifiers: Vec<String>,
    /// The units; a line without any is not billed.
    pub units: u32,
    /// The minutes.
    pub minutes: u32,
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
    /// The code.
    pub code: String,
    /// The official title; nothing for a code that the release does not have.
    pub title: Option<String>,
}

/// Something that stands in the way of the claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Open<P> {
    /// Where.
    pub place: P,
    /// The rule's name.
    pub rule: &'static str,
    /// `error` or `warning`.
    pub level: &'static str,
    /// What is wrong, in a sentence.
    pub message: String,
    /// Who says so.
    pub source: &'static str,
}

/// The claim of the visit at an offset of the document; nothing outside of a visit.
pub fn claim_preview(analysis: &Analysis, offset: usize) -> Option<ClaimPreview> {
    let piece = analysis.piece_at(offset)?;
    let visit = &piece.visit;
    if !piece.is_visit() || (visit.heading.is_none() && !visit.is_treated()) {
        return None;
    }
    let case = analysis.case(piece);
    let claim = &case.claim;
    let diagnoses = diagnoses(&case);
    let mut preview = ClaimPreview {
        place: case.anchor().shifted(piece.start),
        date: visit.day().map(|day| day.to_string()),
        payer: case.payer.name.clone(),
        payer_words: payer_words(&case.payer.name),
        counting: match claim.counting {
            Counting::Cms => "cms",
            Counting::Ama => "ama",
        },
        counting_words: rule_of_counting(&case),
        session: case.session().map(|session| Session {
            start: session.clock.map(|c| c.start),
            end: session.clock.map(|c| c.end),
            minutes: session.minutes,
        }),
        timed_minutes: claim.timed_minutes,
        timed_units: claim.timed_units(),
        total_minutes: claim.total_minutes,
        incomplete: claim.incomplete,
        blocks: visit
            .modalities
            .iter()
            .map(|modality| block(&case, piece, modality))
            .collect(),
        why: why::sentences(&case),
        allocations: Vec::new(),
        chosen: 0,
        lines: lines(&case, &diagnoses),
        diagnoses,
        open: open(analysis, piece),
        course: course::course(analysis),
        text: String::new(),
        copy: String::new(),
    };
    if !claim.allocations.codes().is_empty() {
        let billed = |share: &Share| claim.units_of(&share.code) == share.units;
        preview.allocations = allocations(&case);
        let all = preview.allocations.iter();
        preview.chosen = all
            .enumerate()
            .find(|(_, shares)| shares.iter().all(billed))
            .map_or(0, |(index, _)| index);
    }
    // A code with periods of its own is not pooled, but its line is open all the same.
    preview.incomplete |= preview.lines.iter().any(|l| l.incomplete);
    preview.copy = text::copy(&preview);
    preview.text = text::text(&preview);
    Some(preview)
}

/// A payer's profile in words.
pub fn payer_words(profile: &str) -> String {
    match profile {
        "default" => "payer not known".to_owned(),
        name => name.to_owned(),
    }
}

/// `97140-59`.
pub(super) fn code_words(code: &str, modifiers: &[String]) -> String {
    let mut words = code.to_owned();
    for modifier in modifiers {
        words.push('-');
        words.push_str(modifier);
    }
    words
}

fn block(case: &VisitCase<'_>, piece: &Piece, modality: &Modality) -> Block<Span> {
    let clock = |range: &ClockRange| Clock {
        start: range.start,
        end: range.end,
    };
    Block {
        place: modality.line.shifted(piece.start),
        code: modality.code.clone(),
        label: modality.procedure.map(|p| p.label),
        modifiers: modality.modifiers.iter().map(|m| m.code.clone()).collect(),
        clock: modality.clock.iter().map(clock).collect(),
        minutes: modality.minutes().stated(),
        timed: modality.is_timed(),
        code_units: case.claim.units_of(&modality.code),
    }
}

fn allocations(case: &VisitCase<'_>) -> Vec<Vec<Share>> {
    let all = case.claim.allocations.all().into_iter();
    let shares = |units: Vec<u32>| {
        let codes = case.claim.allocations.codes().iter().zip(units);
        codes
            .map(|(code, units)| Share {
                code: code.code.clone(),
                units,
            })
            .collect()
    };
    all.map(shares).collect()
}

/// The diagnoses of the claim lines, each once, in the order in which the lines name them.
fn diagnoses(case: &VisitCase<'_>) -> Vec<PointedDiagnosis> {
    let mut codes: Vec<&String> = Vec::new();
    for code in case.claim.lines.iter().flat_map(|l| &l.diagnoses) {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes
        .into_iter()
        .enumerate()
        .map(|(index, code)| PointedDiagnosis {
            letter: ('A'..='L').take(MOST_DIAGNOSES).nth(index),
            code: code.clone(),
            title: case.release().find(code).map(|entry| entry.title),
        })
        .collect()
}

fn lines(case: &VisitCase<'_>, diagnoses: &[PointedDiagnosis]) -> Vec<Line> {
    let letter = |code: &String| diagnoses.iter().find(|d| d.code == *code)?.letter;
    let line = |line: &crate::billing::ClaimLine| Line {
        code: line.code.clone(),
        modifiers: line.modifiers.clone(),
        units: line.units,
        minutes: line.minutes,
        incomplete: case
            .visit
            .modalities
            .iter()
            .any(|m| m.code == line.code && m.is_timed() && m.minutes().stated().is_none()),
        pointers: line
            .diagnoses
            .iter()
            .filter_map(letter)
            .take(MOST_POINTERS)
            .collect(),
    };
    case.claim.lines.iter().map(line).collect()
}

/// The findings of the visit and of what holds for the whole chart, the visit's first.
fn open(analysis: &Analysis, piece: &Piece) -> Vec<Open<Span>> {
    let mut all = of_piece(analysis, piece);
    if let Some(preamble) = analysis.preamble().filter(|p| p.start != piece.start) {
        all.extend(of_piece(analysis, preamble));
    }
    all
}

fn of_piece(analysis: &Analysis, piece: &Piece) -> Vec<Open<Span>> {
    let is_last = analysis
        .pieces()
        .last()
        .is_some_and(|p| p.start == piece.start);
    let of_this = |span: Span| {
        piece.start <= span.start
            && (span.start < piece.end() || is_last && span.start == piece.end())
    };
    let findings = analysis.findings_in(Span::new(piece.start, piece.end()));
    findings
        .into_iter()
        .filter(|f| f.level >= Level::Warning && of_this(f.span))
        .map(|f| Open {
            place: f.span,
            rule: f.rule.name,
            level: f.level.word(),
            message: f.message,
            source: f.rule.source,
        })
        .collect()
}

impl<P> ClaimPreview<P> {
    /// The same with its places given in another way.
    pub fn placed<Q>(self, place: impl Fn(P) -> Q) -> ClaimPreview<Q> {
        let block = |block: Block<P>| Block {
            place: place(block.place),
            code: block.code,
            label: block.label,
            modifiers: block.modifiers,
            clock: block.clock,
            minutes: block.minutes,
            timed: block.timed,
            code_units: block.code_units,
        };
        let open = |open: Open<P>| Open {
            place: place(open.place),
            rule: open.rule,
            level: open.level,
            message: open.message,
            source: open.source,
        };
        ClaimPreview {
            blocks: self.blocks.into_iter().map(block).collect(),
            open: self.open.into_iter().map(open).collect(),
            place: place(self.place),
            date: self.date,
            payer: self.payer,
            payer_words: self.payer_words,
            counting: self.counting,
            counting_words: self.counting_words,
            session: self.session,
            timed_minutes: self.timed_minutes,
            timed_units: self.timed_units,
            total_minutes: self.total_minutes,
            incomplete: self.incomplete,
            why: self.why,
            allocations: self.allocations,
            chosen: self.chosen,
            lines: self.lines,
            diagnoses: self.diagnoses,
            course: self.course,
            text: self.text,
            copy: self.copy,
        }
    }
}

#[cfg(test)]
mod tests;
