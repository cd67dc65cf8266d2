//! The rules of a clinic's own, `[require.NAME]` in `soapstone.toml`.

use regex::{Regex, RegexBuilder};
use toml_edit::{Item, TableLike};

use super::Level;
use crate::chart::{Credential, SectionKind, credential};

/// A rule of a clinic's own: what must, or must not, stand in a note.
#[derive(Clone, Debug)]
pub struct ClinicRule {
    /// Its name, which waivers and levels use.
    pub name: String,
    /// Which visits it is about.
    pub when: When,
    /// What is looked for.
    pub pattern: Regex,
    /// What is looked for, as the clinic wrote it.
    pub written: String,
    /// Whether it must stand there; else it must not.
    pub must_stand: bool,
    /// Where.
    pub place: Place,
    /// What a finding says.
    pub message: String,
    /// How loud.
    pub level: Level,
    /// Who says so.
    pub source: String,
}

impl PartialEq for ClinicRule {
    fn eq(&self, other: &Self) -> bool {
        let all = |rule: &Self| {
            let what = (
                rule.written.clone(),
                rule.must_stand,
                rule.place,
                rule.level,
            );
            let words = [rule.name.clone(), rule.message.clone(), rule.source.clone()];
            (what, words, rule.pattern.as_str().to_owned())
        };
        all(self) == all(other) && self.when == other.when
    }
}

/// Which visits a clinic's rule is about: those of which all that is given holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct When {
    /// One of these codes was billed.
    pub codes: Vec<String>,
    /// One of these payers pays, by the names of their profiles or by other names of theirs.
    pub payers: Vec<String>,
    /// One with such a license signed or treated; with its letters as the clinic wrote them.
    pub professions: Vec<(String, Credential)>,
    /// The visit has one of these sections.
    pub sections: Vec<SectionKind>,
}

/// Where a clinic's rule looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the whole visit.
    Visit,
    /// In each block, of the codes that the rule is about.
    Block,
    /// In a section.
    Section(SectionKind),
}

/// The most that a pattern may take when it is compiled, in bytes. A search takes time in proportion to that and
/// to the length of the visit, whatever the pattern.
const LARGEST: usize = 1 << 18;

const KEYS: &[&str] = &[
    "when", "pattern", "words", "must", "where", "message", "level", "source",
];
const CONDITIONS: &[&str] = &["codes", "payers", "professions", "sections"];

/// What is wrong with a setting: its key, and a sentence. The key is none for the whole table.
pub(super) type Wrong = (Option<&'static str>, String);

impl ClinicRule {
    /// Reads the table of a rule.
    pub(super) fn read(name: &str, table: &dyn TableLike) -> Result<Self, Wrong> {
        let text = |key: &'static str| match table.get(key).map(Item::as_str) {
            None => Ok(None),
            Some(Some(text)) if !text.trim().is_empty() => Ok(Some(text.trim().to_owned())),
            Some(_) => Err((Some(key), format!("\"{key}\" must be a text in quotes."))),
        };
        for (key, _) in table.iter() {
            if !KEYS.contains(&key) {
                let hint = super::did_you_mean(key, KEYS.iter().copied(), "");
                let keys = KEYS.join(", ");
                let message =
                    format!("A rule of your own has no \"{key}\". {hint} The keys are {keys}.");
                return Err((None, message.replace("  ", " ")));
            }
        }
        let pattern = text("pattern")?;
        let words = table
            .get("words")
            .map(|item| strings("words", item))
            .transpose()?;
        let (key, expression, written) = match (pattern, words) {
            (Some(pattern), None) => ("pattern", pattern.clone(), pattern),
            (None, Some(words)) if !words.is_empty() => {
                ("words", of_words(&words), words.join(", "))
            }
            _ => {
                let message =
                    format!("\"{name}\" must have either a \"pattern\" or a list of \"words\".");
                return Err((None, message));
            }
        };
        let must_stand = match text("must")?.as_deref() {
            None | Some("stand") => true,
            Some("not-stand") => false,
            Some(_) => {
                let message = "\"must\" is \"stand\" or \"not-stand\".".to_owned();
                return Err((Some("must"), message));
            }
        };
        let place = match text("where")?.as_deref() {
            None | Some("visit") => Place::Visit,
            Some("block") => Place::Block,
            Some(word) => Place::Section(section(word).ok_or_else(|| {
                let message = "\"where\" is \"visit\", \"block\" or a section: \"S\", \"O\", \"A\", \"P\" or \"Tx\".";
                (Some("where"), message.to_owned())
            })?),
        };
        let level = match text("level")? {
            None => Level::Warning,
            Some(word) => Level::of_word(&word).ok_or_else(|| {
                let message =
                    "\"level\" must be \"off\", \"hint\", \"info\", \"warning\" or \"error\".";
                (Some("level"), message.to_owned())
            })?,
        };
        let message = text("message")?.ok_or_else(|| {
            let message = format!("\"{name}\" needs a \"message\": what a finding says.");
            (None, message)
        })?;
        Ok(Self {
            name: name.to_owned(),
            when: table
                .get("when")
                .map(When::read)
                .transpose()?
                .unwrap_or_default(),
            pattern: compile(&expression).map_err(|why| (Some(key), why))?,
            written,
            must_stand,
            place,
            message,
            level,
            source: text("source")?.unwrap_or_else(|| "Your clinic".to_owned()),
        })
    }
}

impl When {
    fn read(item: &Item) -> Result<Self, Wrong> {
        let wrong = |message: &str| (Some("when"), message.to_owned());
        let Some(table) = item.as_table_like() else {
            return Err(wrong(
                "\"when\" must be a table of lists, such as { codes = [\"97140\"] }.",
            ));
        };
        let mut when = Self::default();
        for (key, item) in table.iter() {
            let list = strings("when", item)?;
            match key {
                "codes" => when.codes = list.iter().map(|c| c.to_ascii_uppercase()).collect(),
                "payers" => when.payers = list,
                "professions" => {
                    for letters in &list {
                        let known = credential::find_in(letters);
                        let message = format!(
                            "\"{letters}\" is no license that Soapstone knows, such as \"LMT\", \"PT\", \"OT\" or \"DC\"."
                        );
                        let known = *known.first().ok_or_else(|| wrong(&message))?;
                        when.professions.push((letters.clone(), known));
                    }
                }
                "sections" => {
                    for word in &list {
                        let message = format!(
                            "\"{word}\" is no section; they are \"S\", \"O\", \"A\", \"P\" and \"Tx\"."
                        );
                        when.sections
                            .push(section(word).ok_or_else(|| wrong(&message))?);
                    }
                }
                _ => {
                    let known = CONDITIONS.join(", ");
                    return Err(wrong(&format!(
                        "\"when\" has no \"{key}\". Its keys are {known}."
                    )));
                }
            }
        }
        Ok(when)
    }
}

/// A list of texts, or a single one.
fn strings(key: &'static str, item: &Item) -> Result<Vec<String>, Wrong> {
    let wrong = || {
        (
            Some(key),
            format!("\"{key}\" must have lists of texts in quotes."),
        )
    };
    if let Some(text) = item.as_str() {
        return Ok(vec![text.trim().to_owned()]);
    }
    let list = item.as_array().ok_or_else(wrong)?;
    let texts = list
        .iter()
        .map(|value| value.as_str().map(|t| t.trim().to_owned()));
    let texts = texts.collect::<Option<Vec<_>>>().ok_or_else(wrong)?;
    if texts.iter().any(String::is_empty) {
        return Err(wrong());
    }
    Ok(texts)
}

fn section(word: &str) -> Option<SectionKind> {
    Some(match word.to_ascii_lowercase().trim_end_matches(':') {
        "s" | "subjective" => SectionKind::Subjective,
        "o" | "objective" => SectionKind::Objective,
        "a" | "assessment" => SectionKind::Assessment,
        "p" | "plan" => SectionKind::Plan,
        "tx" | "treatment" => SectionKind::Treatment,
        _ => return None,
    })
}

/// The pattern that finds any of some words, each whole, whatever spaces are in it.
fn of_words(words: &[String]) -> String {
    let one = |words: &String| {
        let parts: Vec<String> = words.split_whitespace().map(regex::escape).collect();
        let edge = |is: bool| if is { r"\b" } else { "" };
        let begins = edge(words.starts_with(char::is_alphanumeric));
        let ends = edge(words.ends_with(char::is_alphanumeric));
        format!("{begins}{}{ends}", parts.join(r"\s+"))
    };
    words.iter().map(one).collect::<Vec<_>>().join("|")
}

/// Compiles a pattern that somebody else wrote; else a sentence about what is wrong with it.
fn compile(pattern: &str) -> Result<Regex, String> {
    let compiled = RegexBuilder::new(pattern)
        .case_insensitive(true)
        .multi_line(true)
        .size_limit(LARGEST)
        .dfa_size_limit(LARGEST)
        .build();
    match compiled {
        Ok(found) if found.is_match("") => Err(
            "This pattern also finds nothing at all, so that it says nothing about a note."
                .to_owned(),
        ),
        Ok(pattern) => Ok(pattern),
        Err(regex::Error::CompiledTooBig(_)) => Err(
            "This pattern would take too long to look for. Make it shorter, or its counts smaller."
                .to_owned(),
        ),
        Err(error) => {
            let error = error.to_string();
            let why = error.lines().last().unwrap_or_default();
            let why = why.trim_start_matches("error: ");
            Err(format!("This pattern cannot be read: {why}."))
        }
    }
}
