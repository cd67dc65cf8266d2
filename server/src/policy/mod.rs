//! What the reader wants: which payer, which rules, how loud.

mod clinic;
mod fees;
mod file;
mod hints;
mod in_words;
mod page;
mod payer;
mod payer_keys;
mod places;
mod release;
mod waiver;

pub(crate) use clinic::{ClinicRule, Place};
pub(crate) use fees::Fees;
pub(crate) use file::{Problem, did_you_mean, nearest};
pub(crate) use hints::Hints;
pub(crate) use in_words::Named;
pub use page::payers_page;
pub(crate) use payer::{MassageAndManual, Payer, ProgressReport, Requirement};
pub(crate) use places::Places;
pub(crate) use release::{LoadedRelease, ReleaseFiles, TableFile, TableKind, read_text};
pub(crate) use waiver::Waiver;

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;
use std::sync::{Arc, LazyLock};

use jiff::tz::TimeZone;

use crate::reference::icd10::Release;
use crate::reference::limits::Limits;
use crate::reference::ncci::Edits;

/// How loud a finding is. The order is the order of loudness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Not shown.
    Off,
    /// Shown without a mark in most editors.
    Hint,
    /// Worth knowing.
    Information,
    /// A payer may ask or deny.
    Warning,
    /// A payer will deny.
    Error,
}

impl Level {
    /// Every level, the quietest first.
    pub const ALL: [Self; 5] = [
        Self::Off,
        Self::Hint,
        Self::Information,
        Self::Warning,
        Self::Error,
    ];

    /// The level that a word of `soapstone.toml` or of the JSON output names.
    pub fn of_word(word: &str) -> Option<Self> {
        Some(match word {
            "off" => Self::Off,
            "hint" => Self::Hint,
            "info" | "information" => Self::Information,
            "warning" => Self::Warning,
            "error" => Self::Error,
            _ => return None,
        })
    }

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Hint => "hint",
            Self::Information => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// The day it is here and now; the day that `SOAPSTONE_TODAY` names, if it names one.
pub fn today() -> jiff::civil::Date {
    let day = std::env::var("SOAPSTONE_TODAY").ok();
    named(day.as_deref()).unwrap_or_else(|| here().date())
}

/// The day and the time of day here and now; that which `SOAPSTONE_NOW` names (`2026-11-20T10:02`), if
/// it names one.
pub fn now() -> jiff::civil::DateTime {
    let time = std::env::var("SOAPSTONE_NOW").ok();
    named(time.as_deref()).unwrap_or_else(|| today().to_datetime(here().time()))
}

/// The moment as the clocks here show it.
fn here() -> jiff::Zoned {
    static NAMED: LazyLock<Option<TimeZone>> =
        LazyLock::new(|| named_zone(&std::env::var("TZ").ok()?));
    let zone = NAMED.clone().unwrap_or_else(TimeZone::system);
    jiff::Timestamp::now().to_zoned(zone)
}

/// The time zone that the machine's table has under a name, such as `America/New_York`. Looking it up
/// by the library lists the whole table first, which takes as long as all the rest of a start.
fn named_zone(name: &str) -> Option<TimeZone> {
    let name = name.strip_prefix(':').unwrap_or(name);
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+');
    if name.is_empty() || !name.chars().all(plain) {
        return None;
    }
    // A path of its own replaces the folder.
    let table = std::env::var_os("TZDIR").unwrap_or_else(|| "/usr/share/zoneinfo".into());
    let file = std::fs::read(Path::new(&table).join(name)).ok()?;
    TimeZone::tzif(name, &file).ok()
}

/// A day or a time that a variable names.
fn named<T: FromStr>(words: Option<&str>) -> Option<T> {
    words?.trim().parse().ok()
}

/// The policy that a note is judged by.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// The payer for notes that name none.
    pub payer: Option<String>,
    /// Levels of rules, by name, that override every payer's.
    pub rules: BTreeMap<String, Level>,
    /// The rules of the reader's own.
    pub clinic_rules: Vec<ClinicRule>,
    /// The reader's locality and own fees.
    pub fees: Fees,
    /// The payers that can be named.
    pub payers: Arc<Vec<Payer>>,
    /// The reader's phrases, by the name that is typed after a dot.
    pub phrases: BTreeMap<String, String>,
    /// The files of a newer release of ICD-10-CM than the one built in, as the reader names them.
    pub newer_release: Option<ReleaseFiles>,
    /// That release, once it is loaded.
    pub loaded_release: LoadedRelease,
    /// The NCCI edits.
    pub edits: Arc<Edits>,
    /// The most units of a code on one day.
    pub limits: Arc<Limits>,
    /// The files of newer NCCI edits and limits than those built in, as the reader names them.
    pub newer_tables: Vec<TableFile>,
    /// The day on which the note is judged; `None` to judge nothing by today's date.
    pub today: Option<jiff::civil::Date>,
    /// Which computed remarks an editor shows.
    pub hints: Hints,
}

impl Default for Policy {
    fn default() -> Self {
        Self::of(payer::built_in())
    }
}

impl Policy {
    /// The policy of one who has set nothing, with these payers to be named.
    fn of(payers: Arc<Vec<Payer>>) -> Self {
        Self {
            payer: None,
            rules: BTreeMap::new(),
            clinic_rules: Vec::new(),
            fees: Fees::default(),
            payers,
            phrases: BTreeMap::new(),
            newer_release: None,
            loaded_release: LoadedRelease::default(),
            edits: Edits::built_in(),
            limits: Limits::built_in(),
            newer_tables: Vec::new(),
            today: None,
            hints: Hints::default(),
        }
    }

    /// The release of ICD-10-CM that diagnoses are judged by.
    pub fn release(&self) -> &Release {
        self.release_on(None)
    }

    /// The release of ICD-10-CM in force on a day: the one that the reader names, if they name one, else of those
    /// built in the one of that day.
    pub fn release_on(&self, day: Option<jiff::civil::Date>) -> &Release {
        let loaded = self.loaded_release.get();
        loaded.unwrap_or_else(|| Release::on(day))
    }

    /// The tables that verdicts rest on, in words.
    pub fn tables(&self) -> String {
        format!(
            "NCCI edits of {}, unit limits of {}, ICD-10-CM {}",
            self.edits.quarter.words(),
            self.limits.quarter.words(),
            self.release().name()
        )
    }

    /// The policy, with the day on which notes are judged by it.
    #[must_use]
    pub fn on(mut self, today: jiff::civil::Date) -> Self {
        self.today = Some(today);
        self
    }

    /// Reads `soapstone.toml`, in which `rules` can be named. What cannot be understood is reported
    /// and left out; the rest holds.
    pub fn read(text: &str, rules: &[&str]) -> (Self, Vec<Problem>) {
        file::read(text, rules)
    }

    /// Reads an editor's settings, which have the shape of `soapstone.toml`.
    pub fn read_json(settings: &serde_json::Value, rules: &[&str]) -> (Self, Vec<Problem>) {
        file::read_json(settings, rules)
    }

    /// The payer that a note's words name; the default one where they name none that is known, and where
    /// there are none.
    pub fn payer(&self, words: Option<&str>) -> &Payer {
        let named = match (words, &self.payer) {
            (Some(words), _) => match self.named(words) {
                Named::Payer(payer) => Some(payer),
                Named::Unknown => None,
            },
            (None, Some(name)) => self.find(name),
            (None, None) => None,
        };
        named.unwrap_or_else(|| self.find("default").unwrap_or(&self.payers[0]))
    }

    /// What the words of a `payer:` line name.
    pub fn named(&self, words: &str) -> Named<'_> {
        in_words::named(&self.payers, words)
    }

    /// The payer of that name or alias. Case, spaces and hyphens do not matter.
    pub fn find(&self, name: &str) -> Option<&Payer> {
        let is = |known: &String| payer::is_same_name(known, name);
        let mut payers = self.payers.iter();
        payers.find(|p| p.names().any(is) || p.alone.iter().any(is))
    }

    /// Whether a payer is another one, or is like it. Both are names of profiles.
    pub fn is_or_is_like(&self, payer: &str, model: &str) -> bool {
        // A name may have been given anew to a payer that is like itself.
        let mut next = Some(payer);
        for _ in 0..=self.payers.len() {
            match next {
                Some(name) if payer::is_same_name(name, model) => return true,
                Some(name) => next = self.find(name).and_then(|p| p.like.as_deref()),
                None => return false,
            }
        }
        false
    }

    /// The level of a finding: a level set by the reader, else that for the payer.
    pub fn level(
        &self,
        rule: &str,
        default: Level,
        payer: &Payer,
        of_this_finding: Option<Level>,
    ) -> Level {
        let set = self.rules.get(rule).copied();
        set.unwrap_or_else(|| payer.level(rule, default, of_this_finding))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{Date, DateTime};

    #[test]
    fn the_day_can_be_set() {
        let day = named::<Date>(Some(" 2026-11-22\n"));
        assert_eq!(day.map(|d| d.to_string()).as_deref(), Some("2026-11-22"));
        assert_eq!(named::<Date>(Some("tomorrow")), None);
        assert_eq!(named::<Date>(None), None);
    }

    #[test]
    fn the_time_of_day_can_be_set() {
        let time = named::<DateTime>(Some(" 2026-11-20T10:02\n"));
        assert_eq!(time.map(|t| (t.hour(), t.minute())), Some((10, 2)));
        assert_eq!(named::<DateTime>(Some("10 o'clock")), None);
        assert_eq!(named::<DateTime>(None), None);
    }
}
