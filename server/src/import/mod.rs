//! Other people's notes, dictated, pasted or printed, made into the format.
//!
//! What is recognised is what the chart reads in place: a line's shape is made one that the chart knows
//! ([`layout`]), the chart reads it, and what it read is written in the usual form ([`visit`]). Only treatment that a sentence
//! tells of without a code is read here ([`treatment`]), and its code is a proposal. No word is lost: what is not understood
//! stays prose in its place.

mod blocks;
pub mod documents;
mod grid;
mod layout;
mod log;
mod records;
pub mod report;
mod sentences;
#[cfg(test)]
mod tests;
mod treatment;
mod visit;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use visit::{Became, Noticed};

use crate::chart::{Visit, lower};
use crate::editor::format::{applied, format_document};
use crate::pattern::{pattern, words};
use crate::policy::Policy;
use crate::rules::{Day, Edit, VisitCase};
use crate::syntax::Syntax;
use crate::text::{Document, Piece, begins_visit};

/// A text in the format, and what of it was recognised.
#[derive(Clone, Debug)]
pub struct Imported {
    pub text: String,
    /// In the order of the text.
    pub noticed: Vec<Noticed>,
    /// Why the text is as it was, if nothing was made of it.
    pub untouched: Option<Untouched>,
}

/// Why nothing is made of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untouched {
    /// It is a note in the format already.
    IsNote,
    /// It names several patients: a claim would go to the wrong one.
    SeveralPatients,
}

impl Imported {
    /// Whether any treatment was recognised.
    pub fn has_blocks(&self) -> bool {
        let mut all = self.noticed.iter();
        all.any(|noticed| matches!(noticed.became, Became::Block(_) | Became::Proposal(_)))
    }
}

/// Whether a text names several patients, so that it is no one's chart: different names or numbers behind the same label.
fn has_several_patients(text: &str) -> bool {
    pattern!(
        PATIENT,
        r"(?im)^[ \t>]*(?P<label>patient(?: name)?|client(?: name)?|pt name|mrn|patient id)[ \t]*:[ \t]*(?P<name>[^\r\n\t|,;]+?)(?:[ ]{2,}|[\t|,;]|\r?$)"
    );
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    PATIENT.captures_iter(text).any(|found| {
        let group = |name: &str| {
            found
                .name(name)
                .map_or("", |m| m.as_str())
                .trim()
                .to_lowercase()
        };
        let (label, name) = (group("label"), group("name"));
        known
            .insert(label, name.clone())
            .is_some_and(|before| before != name)
    }) || log::has_several_patients(text)
}

/// The edits that put each visit of a document into the usual form, and what was noticed. What the rules find is no question
/// here, so that no visit is judged.
fn rewritten(document: &Document, policy: &Policy) -> (Vec<Edit>, Vec<Noticed>) {
    let pieces = document.pieces();
    let read = |piece: &Piece| lower(&piece.text, &Syntax::of(&piece.text));
    let visits: Vec<Visit> = pieces.iter().map(read).collect();
    let has_preamble = pieces.len() > 1 && !begins_visit(&pieces[0].text);
    let preamble = has_preamble.then(|| (&*pieces[0].text, &visits[0]));
    let latest = visits.iter().filter_map(Visit::day).max();
    let alone = Day::default();
    let mut edits: Vec<Edit> = Vec::new();
    let mut noticed = Vec::new();
    for (at, (piece, visit)) in pieces.iter().zip(&visits).enumerate() {
        let before = preamble.filter(|_| at > 0);
        let visit = (&*piece.text, visit);
        let case = VisitCase::new(visit, before, policy, (false, false), &alone, (&[], latest));
        let (own, seen) = visit::rewrite(&case);
        noticed.extend(seen);
        edits.extend(own.into_iter().map(|mut edit| {
            edit.span = edit.span.shifted(piece.start);
            edit
        }));
    }
    (edits, noticed)
}

/// Makes a text into a note in the format.
pub fn import(text: &str, policy: &Arc<Policy>) -> Imported {
    words!(IN_FORMAT, r"(?m)^visit: \d{4}-\d{2}-\d{2}(?:,|[ \t]|\r?$)");
    let untouched = if has_several_patients(text) {
        Some(Untouched::SeveralPatients)
    } else {
        IN_FORMAT.is_match(text).then_some(Untouched::IsNote)
    };
    if untouched.is_some() {
        return Imported {
            text: text.to_owned(),
            noticed: Vec::new(),
            untouched,
        };
    }
    let lines = layout::tidy(text);
    let text = lines.join("\n") + "\n";
    let document = Document::new(&text);
    let (edits, noticed) = rewritten(&document, policy);
    let text = applied(&text, &edits);
    let document = Document::new(&text);
    let text = applied(&text, &format_document(&document));
    Imported {
        text,
        noticed,
        untouched,
    }
}
