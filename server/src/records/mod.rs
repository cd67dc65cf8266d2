//! Notes that come as rows of a table or as lines of a stream, and what is told of them: for `--stdin jsonl`, for the
//! Python package and for what stands on it.
//!
//! Beside its text a row may say who pays and which day it was. Both hold where the text says nothing of them itself,
//! as if a line of the note said so.

pub mod claim;
mod codes;
pub mod finding;
mod table;

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;
use parking_lot::Mutex;
use serde::Serialize;

pub use codes::{Code, codes};
pub use table::{ClaimRow, FindingRow};

use crate::analysis::{Analysis, Piece};
use crate::chart::date;
use crate::import::report::Row;
use crate::import::{self, Imported, Untouched, documents};
use crate::policy::{Named, Policy, today};
use crate::rules;
use crate::text::Document;
use claim::Chart;
use finding::{Finding, Places};

/// A text, and what its row says beside it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Record<'a> {
    /// The note, or for an import any text.
    pub text: &'a str,
    /// Who pays, in any words, where the text names nobody.
    pub payer: Option<&'a str>,
    /// The day of the visit, where the text has no visit heading.
    pub date: Option<&'a str>,
}

/// Judges records by the same settings, on as many threads as one likes.
#[derive(Debug, Default)]
pub struct Checker {
    policy: Arc<Policy>,
    /// The same policy for those that say nothing of a payer, by the profile that holds for them.
    by_payer: Mutex<HashMap<String, Arc<Policy>>>,
}

/// A record that was read and judged.
pub struct Judged {
    pub(crate) document: Document,
    pub(crate) analysis: Analysis,
    /// How many bytes of the document come of the row.
    pub(crate) added: usize,
}

/// A text made into a note.
#[derive(Serialize)]
pub struct Note<'a> {
    text: &'a str,
    /// How much was recognised, in a sentence.
    summary: String,
    /// What was recognised, in the order of the text.
    rows: Vec<Row<'a>>,
}

/// What a settings file says, and what in it could not be understood, a sentence each with the place.
pub fn settings(text: &str, name: &str, today: Date) -> (Policy, Vec<String>) {
    let (policy, mut problems) = rules::read_policy(text);
    let folder = Path::new(name).parent().unwrap_or(Path::new(""));
    let policy = policy.with_tables(folder, &mut problems);
    let sentences = problems.into_iter().map(|problem| match problem.line {
        Some(line) => format!("{name}:{line}: {}", problem.message),
        None => format!("{name}: {}", problem.message),
    });
    (policy.on(today), sentences.collect())
}

/// A day as a note would have it.
pub(crate) fn day(words: &str) -> Option<Date> {
    let words = words.trim();
    let found = date::find_in(words, 0);
    found.first().filter(|d| d.span.len() == words.len())?.day
}

impl Checker {
    /// By a policy.
    pub fn new(policy: Arc<Policy>) -> Self {
        Self {
            policy,
            by_payer: Mutex::default(),
        }
    }

    /// By the settings that a file says, if there is one, as of a day, which is today unless it is named. With what
    /// in them could not be understood.
    pub fn with_settings(
        file: Option<(&str, &str)>,
        as_of: Option<&str>,
    ) -> Result<(Self, Vec<String>), String> {
        let today = match as_of {
            Some(words) => day(words).ok_or_else(not_a_day)?,
            None => today(),
        };
        let (policy, problems) = match file {
            Some((name, text)) => settings(text, name, today),
            None => (Policy::default().on(today), Vec::new()),
        };
        Ok((Self::new(Arc::new(policy)), problems))
    }

    /// The policy, for who wants to know what else it says.
    pub fn policy(&self) -> &Arc<Policy> {
        &self.policy
    }

    /// Reads and judges a record. A sentence without the note's words if that cannot be done.
    pub fn judged(&self, record: &Record<'_>) -> Result<Judged, String> {
        guarded("checked", || {
            let day = record.day()?;
            let policy = self.policy_for(record.payer);
            // The mark that some programs put before UTF-8 text is no part of the note.
            let text = record.text.strip_prefix('\u{feff}').unwrap_or(record.text);
            let document = Document::new(text);
            let analysis = Analysis::of(&document, &policy);
            let has_heading = |piece: &Piece| piece.visit.heading.is_some();
            let Some(day) = day.filter(|_| !analysis.pieces().any(has_heading)) else {
                return Ok(Judged {
                    document,
                    analysis,
                    added: 0,
                });
            };
            let heading = format!("visit: {day}\n");
            let document = Document::new(&(heading.clone() + text));
            let analysis = Analysis::of(&document, &policy);
            Ok(Judged {
                document,
                analysis,
                added: heading.len(),
            })
        })
    }

    /// Makes the text of a record into a note. A sentence without its words if that cannot be done.
    pub fn imported<T>(
        &self,
        record: &Record<'_>,
        told: impl FnOnce(&Note<'_>) -> T,
    ) -> Result<T, String> {
        guarded("imported", || {
            let day = record.day()?;
            let unread = |why: &str| format!("The text could not be imported: {why}.");
            let text = documents::text(record.text.as_bytes()).map_err(|why| unread(&why))?;
            let policy = self.policy_for(record.payer);
            let imported = import::import(&text, &policy);
            if imported.untouched == Some(Untouched::SeveralPatients) {
                return Err(unread(
                    "it names more than one patient; make a record of each",
                ));
            }
            let note = self.completed(&imported, record.payer, day);
            Ok(told(&Note {
                text: &note,
                summary: imported.summary(),
                rows: imported.rows().collect(),
            }))
        })
    }

    /// A note with what its row says and it does not: who pays, and the heading of its visit.
    fn completed<'a>(
        &self,
        imported: &'a Imported,
        payer: Option<&str>,
        day: Option<Date>,
    ) -> Cow<'a, str> {
        use crate::chart::FieldKind;
        let analysis = Analysis::of(&Document::new(&imported.text), &self.policy);
        let visits = || analysis.pieces().map(|piece| &piece.visit);
        let mut lines = String::new();
        let words = |words: &str| words.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some(payer) = payer.map(words).filter(|payer| !payer.is_empty())
            && !visits().any(|visit| visit.field(FieldKind::Payer).is_some())
        {
            lines = format!("payer: {payer}\n");
        }
        if let Some(day) = day
            && !visits().any(|visit| visit.heading.is_some())
        {
            let gap = if lines.is_empty() { "" } else { "\n" };
            lines = format!("{lines}{gap}visit: {day}\n");
        }
        if lines.is_empty() {
            Cow::Borrowed(&imported.text)
        } else {
            Cow::Owned(lines + &imported.text)
        }
    }

    /// The policy for notes that name no payer, where their row names one. Nothing is known of one without a profile.
    fn policy_for(&self, payer: Option<&str>) -> Arc<Policy> {
        let Some(words) = payer.map(str::trim).filter(|words| !words.is_empty()) else {
            return Arc::clone(&self.policy);
        };
        let name = match self.policy.named(words) {
            Named::Payer(payer) => payer.name.as_str(),
            Named::Unknown => "default",
        };
        let mut known = self.by_payer.lock();
        if let Some(policy) = known.get(name) {
            return Arc::clone(policy);
        }
        let policy = Arc::new(Policy {
            payer: Some(name.to_owned()),
            ..(*self.policy).clone()
        });
        known.insert(name.to_owned(), Arc::clone(&policy));
        policy
    }
}

impl Record<'_> {
    fn day(&self) -> Result<Option<Date>, String> {
        let words = self.date.map(str::trim).filter(|words| !words.is_empty());
        let day = words.map(|words| day(words).ok_or_else(not_a_day));
        day.transpose()
    }
}

impl Judged {
    /// All findings, in order, with their places in the text of the record.
    pub fn findings<T>(&self, told: impl FnOnce(&[Finding<'_>]) -> T) -> T {
        let findings = self.analysis.findings();
        let places = self.places();
        let told_of: Vec<Finding<'_>> = findings.iter().map(|f| places.finding(None, f)).collect();
        told(&told_of)
    }

    /// The claims, day by day.
    pub fn claims(&self) -> Chart<'_> {
        Chart::of(None, &self.analysis, self.days(), |_| None)
    }

    pub(crate) fn places(&self) -> Places<'_> {
        Places {
            document: &self.document,
            added: self.added,
        }
    }

    /// The first visits of the days with a claim.
    fn days(&self) -> impl Iterator<Item = &Piece> {
        let treated = |piece: &&Piece| piece.is_visit() && piece.visit.is_treated();
        let pieces = self.analysis.pieces().filter(treated);
        pieces.filter(|piece| piece.begins_day())
    }
}

/// Of the words themselves nothing is said: they may be anything, also the note's.
fn not_a_day() -> String {
    "The date could not be read; write it as 2026-11-20 or 11/20/2026.".to_owned()
}

thread_local! {
    /// Where this thread last panicked.
    static WHERE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Notes panics by their place alone from now on: their words may quote a note.
pub fn note_places_of_panics() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string);
        WHERE.with(|w| *w.borrow_mut() = place);
    }));
}

/// Where this thread last panicked, if that was noted.
pub(crate) fn place_of_panic() -> String {
    WHERE.with(|w| w.borrow_mut().take()).unwrap_or_default()
}

/// Does something with a record; if that panics, a sentence says so.
fn guarded<T>(done: &str, work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let place = place_of_panic();
        Err(format!(
            "The note could not be {done}: Soapstone failed at {place}. Please report this place; the note itself is not needed."
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_sentence_without_the_words_of_the_note() {
        note_places_of_panics();
        let outcome: Result<(), String> = guarded("checked", || panic!("the patient's words"));
        let _ = panic::take_hook();
        let sentence = outcome.unwrap_err();
        assert!(sentence.contains("records/mod.rs:"), "{sentence}");
        assert!(!sentence.contains("patient"), "{sentence}");
    }

    #[test]
    fn a_policy_is_kept_for_each_profile_and_not_for_each_word() {
        let checker = Checker::new(Arc::new(Policy::default()));
        for payer in [
            "Medicare",
            "medicare part b",
            "Zanzibar",
            "Zanzibar 2",
            " ",
            "MEDICARE",
        ] {
            let record = Record {
                text: "visit: 2026-11-20\n97140 lumbar 20 min\n",
                payer: Some(payer),
                date: None,
            };
            assert!(checker.judged(&record).is_ok());
        }
        assert_eq!(checker.by_payer.lock().len(), 2);
    }

    #[test]
    fn nothing_is_found_before_the_text_and_no_fix_reaches_there() {
        let checker = Checker::new(Arc::new(Policy::default()));
        for text in [
            "",
            "\n",
            "S: x\n",
            "97140 lumbar 10:35-10:10\nsigned: A. Rivera\n",
            "dx: M54.2",
        ] {
            let record = Record {
                text,
                payer: Some("medicare"),
                date: Some("2026-11-20"),
            };
            let judged = checker.judged(&record).unwrap();
            assert_eq!(judged.added, "visit: 2026-11-20\n".len());
            let lines = text.matches('\n').count() + 1;
            let told = judged.findings(|findings| serde_json::to_value(findings).unwrap());
            for finding in told.as_array().unwrap() {
                let edits = finding["fixes"].as_array().unwrap().iter();
                let edits = edits.flat_map(|fix| fix["edits"].as_array().unwrap());
                for place in edits.chain([finding]) {
                    for end in ["start", "end"] {
                        let line = place[end]["line"].as_u64().unwrap();
                        assert!((1..=lines as u64).contains(&line), "{finding}");
                    }
                }
            }
            if let Some(day) = judged.days().next() {
                assert_eq!(day.visit.day().unwrap().to_string(), "2026-11-20");
            }
        }
    }
}
