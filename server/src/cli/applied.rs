//! `soapstone config`: what applies to a note, and where that is said.

use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::config::{read, shown};
use super::notes::{Note, Selection};
use super::{Exit, counted, json};
use crate::analysis::Piece;
use crate::billing::Counting;
use crate::chart::FieldKind;
use crate::policy::{Level, Payer, Places, Policy, TableKind};
use crate::reference::limits::Limits;
use crate::reference::ncci::Edits;
use crate::reference::wording::Profession;
use crate::rules::{self, phrases::profession, unique, waived_rules};

/// Where it is said that something comes with Soapstone.
const BUILT_IN: &str = "built in";

/// Show what applies to a note, and where that is said
///
/// The payer of each visit, how it counts, who writes the note, the rules whose levels are not the usual
/// ones, what is waived, and the tables: each with the line of the note or of soapstone.toml that says
/// so, or "built in".
#[derive(Debug, Args)]
#[command(before_help = "Example: soapstone config visit.soap")]
pub(super) struct Config {
    #[command(flatten)]
    selection: Selection,

    /// How to show what applies
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Text)]
    output_format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// To read
    Text,
    /// For other programs, with none of the note's words
    Json,
}

impl Config {
    /// Prints what applies to each of the notes.
    pub(super) fn run(&self) -> Result<Exit, String> {
        let (mut array, mut printed) = (json::Array::default(), Exit::Fine);
        let each = |note: &Note| {
            let applied = Applied::of(note, self.selection.settings_of(note));
            match self.output_format {
                Format::Text => applied.text(),
                Format::Json => serde_json::to_string(&applied).unwrap_or_default(),
            }
        };
        let judged = self.selection.judge(each, |batch| {
            let mut output = String::new();
            for text in batch {
                match self.output_format {
                    Format::Text => output.push_str(&text),
                    Format::Json => array.push(&text, &mut output),
                }
            }
            printed = printed.max(super::print(&output));
        })?;
        let end = match self.output_format {
            Format::Text => "",
            Format::Json => array.end(),
        };
        Ok(judged.exit.max(printed).max(super::print(end)))
    }
}

/// Something that applies, and where that is said.
#[derive(Serialize)]
struct Setting {
    value: String,
    from: String,
}

/// What applies to a note.
#[derive(Serialize)]
struct Applied<'a> {
    path: &'a str,
    settings: Option<String>,
    ncci: Setting,
    limits: Setting,
    icd10: Vec<Setting>,
    payers: Vec<OfPayer>,
    waived: Vec<Waived>,
}

/// What applies to the visits of a payer.
#[derive(Serialize)]
struct OfPayer {
    payer: Setting,
    visits: usize,
    counting: Setting,
    profession: Setting,
    rules: Vec<RuleLevel>,
}

/// A rule whose level is not the usual one.
#[derive(Serialize)]
struct RuleLevel {
    rule: &'static str,
    level: &'static str,
    /// None for a rule of the clinic's own.
    usual: Option<&'static str>,
    from: String,
}

#[derive(Serialize)]
struct Waived {
    rule: String,
    from: String,
}

impl<'a> Applied<'a> {
    fn of(note: &'a Note, settings: Option<PathBuf>) -> Self {
        let sources = Sources::of(note, settings);
        let policy = sources.policy;
        let mut payers: Vec<(&str, Vec<&Piece>)> = Vec::new();
        for piece in note.analysis.pieces().filter(|piece| piece.is_visit()) {
            let name = piece.judgement.payer.as_str();
            match payers.iter_mut().find(|(known, _)| *known == name) {
                Some((_, pieces)) => pieces.push(piece),
                None => payers.push((name, vec![piece])),
            }
        }
        let pieces = || note.analysis.pieces();
        let releases = pieces().filter(|piece| piece.is_visit());
        let releases = unique(releases.map(|p| policy.release_on(p.visit.day()).name()));
        let newer_release = policy.loaded_release.get().is_some();
        let icd10 = releases.into_iter().map(|name| Setting {
            value: name.to_owned(),
            from: sources.of_table(
                newer_release,
                policy.newer_release.as_ref().and_then(|r| r.line),
            ),
        });
        let waived = pieces().flat_map(|piece| {
            let rules = waived_rules(&piece.text, &piece.visit).into_iter();
            rules.map(|(rule, span)| Waived {
                rule,
                from: sources.of_note(piece, span.start),
            })
        });
        Self {
            path: &note.path,
            ncci: Setting {
                value: policy.edits.quarter.words(),
                from: sources.of_table(
                    !Arc::ptr_eq(&policy.edits, &Edits::built_in()),
                    sources.line_of_table(TableKind::Ncci),
                ),
            },
            limits: Setting {
                value: policy.limits.quarter.words(),
                from: sources.of_table(
                    !Arc::ptr_eq(&policy.limits, &Limits::built_in()),
                    sources.line_of_table(TableKind::Mue),
                ),
            },
            icd10: icd10.collect(),
            payers: payers
                .iter()
                .filter_map(|(name, pieces)| sources.of_visits(name, pieces))
                .collect(),
            waived: waived.collect(),
            settings: sources.file,
        }
    }

    fn text(&self) -> String {
        let mut out = format!("{}\n", self.path);
        let settings = self
            .settings
            .as_deref()
            .unwrap_or("none, so the defaults hold");
        let _ = writeln!(out, "  Settings: {settings}");
        let tables = [("NCCI edits", &self.ncci), ("Unit limits", &self.limits)];
        let releases = self.icd10.iter().map(|release| ("ICD-10-CM", release));
        for (name, table) in tables.into_iter().chain(releases) {
            let _ = writeln!(out, "  {name}: {} [{}]", table.value, table.from);
        }
        for of_payer in &self.payers {
            let (payer, visits) = (&of_payer.payer, counted(of_payer.visits, "visit"));
            let _ = writeln!(out, "  Payer of {visits}: {} [{}]", payer.value, payer.from);
            let counting = match of_payer.counting.value.as_str() {
                "ama" => "AMA midpoint rule",
                _ => "CMS 8-minute rule",
            };
            let _ = writeln!(out, "    Counting: {counting} [{}]", of_payer.counting.from);
            let profession = &of_payer.profession;
            let _ = writeln!(
                out,
                "    Profession: {} [{}]",
                profession.value, profession.from
            );
            for RuleLevel {
                rule,
                level,
                usual,
                from,
            } in &of_payer.rules
            {
                let usual = usual.map_or_else(
                    || ", a rule of your own".to_owned(),
                    |usual| format!(", usually {usual}"),
                );
                let _ = writeln!(out, "    {rule}: {level}{usual} [{from}]");
            }
        }
        for waived in &self.waived {
            let _ = writeln!(out, "  Waived: {} [{}]", waived.rule, waived.from);
        }
        out.push('\n');
        out
    }
}

/// Where things are said.
struct Sources<'a> {
    note: &'a Note,
    policy: &'a Policy,
    /// The settings file as the user would name it.
    file: Option<String>,
    places: Places,
}

impl<'a> Sources<'a> {
    fn of(note: &'a Note, settings: Option<PathBuf>) -> Self {
        let text = settings.as_deref().and_then(|file| read(file).ok());
        Self {
            note,
            policy: note.analysis.policy(),
            file: settings.map(|file| shown(&file)),
            places: text.as_deref().map(Places::of).unwrap_or_default(),
        }
    }

    fn of_visits(&self, name: &str, pieces: &[&Piece]) -> Option<OfPayer> {
        let payer = self.policy.find(name)?;
        let first = pieces.first()?;
        let counting = match payer.counting {
            Some(_) => self.of_payer(payer, &["counting"]),
            None => "assumed, because it is not known how this payer counts".to_owned(),
        };
        let (profession, kind) = profession(&self.note.analysis.case(first));
        let by_credential = kind.and_then(|kind| self.of_field(first, kind));
        Some(OfPayer {
            payer: Setting {
                value: payer.name.clone(),
                from: self.of_naming(first),
            },
            visits: pieces.len(),
            counting: Setting {
                value: match payer.counting() {
                    Counting::Cms => "cms",
                    Counting::Ama => "ama",
                }
                .to_owned(),
                from: counting,
            },
            profession: Setting {
                value: match profession {
                    Profession::Massage => "massage",
                    Profession::Therapy => "therapy",
                    Profession::Chiropractic => "chiropractic",
                }
                .to_owned(),
                from: by_credential.unwrap_or_else(|| self.of_payer(payer, &["profession"])),
            },
            rules: self.levels(payer),
        })
    }

    /// The rules that are not at their usual level for a payer, and the clinic's own.
    fn levels(&self, payer: &Payer) -> Vec<RuleLevel> {
        let own = rules::clinic::of_policy(self.policy);
        let usual = rules::ALL.iter().map(|rule| (*rule, Some(rule.level)));
        let all = usual.chain(own.map(|rule| (rule, None)));
        let levels = all.map(|(rule, usual)| {
            let level = self.policy.level(rule.name, rule.level, payer, None);
            let from = if self.policy.rules.contains_key(rule.name) {
                self.of_settings(&["rules", rule.name])
            } else if payer.levels.contains_key(rule.name) {
                Some(self.of_payer(payer, &["rules", rule.name]))
            } else if usual.is_none() {
                self.of_settings(&["require", rule.name])
            } else {
                Some(self.of_payer(payer, &["patient-pays"]))
            };
            (rule, level, usual, from.unwrap_or_default())
        });
        let differ = levels.filter(|(_, level, usual, _)| *usual != Some(*level));
        let level =
            |(rule, level, usual, from): (&rules::Rule, Level, Option<Level>, _)| RuleLevel {
                rule: rule.name,
                level: level.word(),
                usual: usual.map(Level::word),
                from,
            };
        differ.map(level).collect()
    }

    /// Who says which payer it is.
    fn of_naming(&self, piece: &Piece) -> String {
        let in_note = self.of_field(piece, FieldKind::Payer);
        let in_settings = || {
            self.policy.payer.as_ref()?;
            self.of_settings(&["payer"])
        };
        let nobody = || "nothing names one".to_owned();
        in_note.or_else(in_settings).unwrap_or_else(nobody)
    }

    /// The line of a field that holds for a visit: its own, or else the one before the first visit.
    fn of_field(&self, piece: &Piece, kind: FieldKind) -> Option<String> {
        let mut pieces = std::iter::once(piece).chain(self.note.analysis.preamble());
        pieces.find_map(|piece| {
            let value = piece.visit.field(kind)?.value?;
            Some(self.of_note(piece, value.start))
        })
    }

    fn of_note(&self, piece: &Piece, offset: usize) -> String {
        let line = self.note.document.line_of(piece.start + offset) + 1;
        format!("{}:{line}", self.note.path)
    }

    fn of_settings(&self, path: &[&str]) -> Option<String> {
        let line = self.places.line(path)?;
        Some(format!("{}:{line}", self.file.as_deref()?))
    }

    /// Where a key of a payer is set: in its table, in that of a payer that it is like, or in a profile that comes
    /// with Soapstone.
    fn of_payer(&self, payer: &Payer, key: &[&str]) -> String {
        let mut payer = payer;
        // A payer's table can be like the profile of the same name.
        for _ in 0..=self.policy.payers.len() {
            let table = ["payers", payer.name.as_str()];
            if let Some(line) = self.of_settings(&[&table, key].concat()) {
                return line;
            }
            let is_own = self.places.line(&table).is_some();
            let model = payer.like.as_ref().filter(|_| is_own);
            match model.and_then(|model| self.policy.find(model)) {
                Some(model) => payer = model,
                None => break,
            }
        }
        format!("the payer {}, {BUILT_IN}", payer.name)
    }

    fn line_of_table(&self, kind: TableKind) -> Option<usize> {
        let mut tables = self.policy.newer_tables.iter();
        tables.find(|table| table.kind == kind)?.line
    }

    /// Where a table comes from: only one that could be read is newer than the one built in.
    fn of_table(&self, newer: bool, line: Option<usize>) -> String {
        match (&self.file, line) {
            (Some(file), Some(line)) if newer => format!("{file}:{line}"),
            _ => BUILT_IN.to_owned(),
        }
    }
}
