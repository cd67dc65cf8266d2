//! Diagnosis codes: the whole of ICD-10-CM, with its Excludes1 notes and the words it is found by.
//!
//! Source: the CDC/NCHS tables of FY2027 (October 2026) and of April 2026 under `data/source`, the words of
//! `data/plain-terms.tsv` and the order of `data/common-diagnoses.tsv`.
//!
//! # How it is kept
//!
//! Two blocks of bytes, `data/icd10cm.bin` and `data/icd10cm-before.bin` for visits before it was in force, are part of
//! the program and are read where they lie: nothing is unpacked or parsed at start-up. `cargo xtask icd10` writes it with [`build::build`], which is
//! also what [`Release::from_tables`] runs, so a newer release can be read without a new program.
//!
//! The 98,186 codes are sorted by their characters, which puts every code behind the one it refines:
//! a category and all below it are one stretch. They lie in blocks of 16 rows; an index of the first
//! codes of the blocks is searched by halves, then at most 16 rows are read. A row shares with the
//! one before it the beginning of its code and the first words of its title. Titles are made of few
//! words (17,500 with those of the other names), so a title is a list of their numbers.
//! The titles lie apart from the rest, two bytes a word: a word search marks the words that fit, then
//! runs over all titles once. There is no second index to build, to store or to keep right, and the
//! order of the results needs no code to be read but those of the results themselves.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use parking_lot::RwLock;
use rows::{Code, Cursor, Layout, Reader};

use super::quarter::month_in_words;

pub mod build;
pub(crate) mod common;
pub(crate) mod icd9;

mod near;
mod rows;
mod search;
mod sides;
pub(crate) mod split;

pub use build::TableError;
pub(crate) use sides::Side;

static BUILT_IN: LazyLock<Release> = LazyLock::new(|| {
    Release::from_bytes(Cow::Borrowed(include_bytes!("../../../data/icd10cm.bin")))
});

/// The release before it, by which older visits are judged.
static BEFORE: LazyLock<Release> = LazyLock::new(|| {
    Release::from_bytes(Cow::Borrowed(include_bytes!(
        "../../../data/icd10cm-before.bin"
    )))
});

/// A release of ICD-10-CM.
pub struct Release {
    data: Cow<'static, [u8]>,
    layout: Layout,
    /// What it is called.
    name: String,
    /// The day from which it is in force, if it says so.
    since: Option<Date>,
    /// The sides of the codes that were asked for: to know that a code leaves its side open, the codes
    /// beside it are read, and a chart asks for the same few at every keystroke.
    known_sides: RwLock<HashMap<Code, Option<Side>>>,
}

/// A code of a release.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Entry {
    /// The code in capitals, with its dot.
    pub code: String,
    /// The official title.
    pub title: String,
    /// Whether a claim can carry it; a category above other codes cannot be billed.
    pub billable: bool,
}

/// An Excludes1 note that keeps two codes apart.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Exclusion {
    /// The code the note stands at, of which one of the two is a part.
    pub holder: String,
    /// The note.
    pub note: String,
}

/// What a release is called that is in force since a day.
fn in_words(since: Date) -> String {
    let month = month_in_words(since);
    match since.month() {
        10 => format!("FY{} (in force since {month})", since.year() + 1),
        _ => month,
    }
}

impl Release {
    /// The newest release that is part of the program.
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// The release built in that was in force on a day: the newest one where no day is known.
    pub fn on(day: Option<Date>) -> &'static Self {
        let newest = Self::built_in();
        let is_older = day
            .zip(newest.since)
            .is_some_and(|(day, since)| day < since);
        if is_older { &BEFORE } else { newest }
    }

    /// Whether the release before the newest one lets a claim carry the code.
    pub fn was_billable(code: &str) -> bool {
        BEFORE.find(code).is_some_and(|entry| entry.billable)
    }

    /// Reads a release from tables of tab-separated cells: `code`, `billable` (0 or 1) and title;
    /// `code`, excluded codes and note; `code` and term. Each may begin with a row of names;
    /// lines that begin with `#` are left out. What cannot be read is named with its line.
    pub fn from_tables(
        codes: &str,
        excludes1: Option<&str>,
        synonyms: Option<&str>,
        name: &str,
    ) -> Result<Self, TableError> {
        let data = build::build(codes, excludes1, synonyms, name)?;
        Ok(Self::from_bytes(Cow::Owned(data)))
    }

    /// Bytes that [`build::build`] did not write give a release without codes.
    fn from_bytes(data: Cow<'static, [u8]>) -> Self {
        let layout = Layout::of(&data).unwrap_or_default();
        let name = data.get(layout.name.clone()).unwrap_or_default();
        let name = std::str::from_utf8(name).unwrap_or_default();
        let since: Option<Date> = format!("{name}-01").parse().ok();
        Self {
            name: since.map_or_else(|| name.to_owned(), in_words),
            since,
            layout,
            data,
            known_sides: RwLock::default(),
        }
    }

    /// What the release is called, such as `April 2026` or, of the one with which a fiscal year begins, `FY2027
    /// (in force since October 2026)`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many codes it has, categories among them.
    pub fn len(&self) -> usize {
        self.layout.count
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The code, in any case, with or without its dot.
    pub fn find(&self, code: &str) -> Option<Entry> {
        let row = self.row(Code::parse(code)?)?;
        Some(self.entry(&row))
    }

    /// The next finer codes below a code, or below the beginning of one (`S13.4XX`); billable or not.
    pub fn children(&self, code: &str) -> Vec<Entry> {
        let Some(code) = Code::parse(code) else {
            return Vec::new();
        };
        let mut children = Vec::new();
        let mut last: Option<Code> = None;
        self.below(code, |row| {
            if !last.is_some_and(|child| row.code.is_under(child)) {
                last = Some(row.code);
                children.push(self.entry(row));
            }
            true
        });
        children
    }

    /// The first `limit` billable codes below a code, or below the beginning of one.
    pub fn billable_under(&self, code: &str, limit: usize) -> Vec<Entry> {
        let mut billable = Vec::new();
        if let Some(code) = Code::parse(code) {
            self.below(code, |row| {
                if billable.len() < limit && row.billable {
                    billable.push(self.entry(row));
                }
                billable.len() < limit
            });
        }
        billable
    }

    /// The Excludes1 note that keeps the two codes apart: it stands at one of them or above it, and
    /// names the other or a code above that one. None for a code and its own category.
    pub fn excludes1(&self, a: &str, b: &str) -> Option<Exclusion> {
        let (a, b) = (Code::parse(a)?, Code::parse(b)?);
        if a.is_under(b) || b.is_under(a) {
            return None;
        }
        self.excluded_by(a, b).or_else(|| self.excluded_by(b, a))
    }

    /// The Excludes1 notes of this code and of those above it, but those that name the code itself;
    /// its own first.
    pub fn exclusions(&self, code: &str) -> Vec<Exclusion> {
        let Some(code) = Code::parse(code) else {
            return Vec::new();
        };
        let mut notes: Vec<Exclusion> = Vec::new();
        for length in (3..=code.len()).rev() {
            let above = code.cut(length);
            let Some(row) = self.row(above) else {
                continue;
            };
            for exclusion in row.exclusions().filter(|e| !e.covers(code)) {
                if notes.iter().all(|known| known.note != exclusion.note) {
                    notes.push(Exclusion {
                        holder: above.dotted(),
                        note: exclusion.note.to_owned(),
                    });
                }
            }
        }
        notes
    }

    fn excluded_by(&self, holder: Code, other: Code) -> Option<Exclusion> {
        (3..=holder.len()).rev().find_map(|length| {
            let above = holder.cut(length);
            let row = self.row(above)?;
            let note = row.exclusions().find_map(|exclusion| {
                let covers = |code| exclusion.covers(code);
                (covers(other) && !covers(holder)).then_some(exclusion.note)
            })?;
            Some(Exclusion {
                holder: above.dotted(),
                note: note.to_owned(),
            })
        })
    }

    /// Other names of this very code: the release's inclusion terms and plain words for it.
    pub fn synonyms(&self, code: &str) -> Vec<String> {
        let Some(row) = Code::parse(code).and_then(|code| self.row(code)) else {
            return Vec::new();
        };
        let mut terms = Reader(self.part(&self.layout.terms));
        let mut names = Vec::new();
        while let Some((rows, words)) = terms.term() {
            if rows.start == row.number {
                let words: Vec<u16> = words.iter().copied().map(u16::from_le_bytes).collect();
                names.push(self.text(&words));
            }
        }
        names
    }

    fn entry(&self, row: &Cursor<'_>) -> Entry {
        Entry {
            code: row.code.dotted(),
            title: self.text(&row.words),
            billable: row.billable,
        }
    }

    /// Calls `visit` with every row below the code until it returns false.
    fn below<'a>(&'a self, code: Code, mut visit: impl FnMut(&Cursor<'a>) -> bool) {
        let mut cursor = self.seek(code.0);
        while let Some(row) = cursor {
            if !row.code.is_under(code) || (row.code != code && !visit(&row)) {
                return;
            }
            cursor = row.advanced();
        }
    }
}

#[cfg(test)]
mod tests;
