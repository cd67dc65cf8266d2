//! `soapstone check`.

use std::collections::BTreeMap;
use std::fmt::Write;

use clap::{Args, ValueEnum};

use super::notes::{Note, Selection};
use super::read::Read;
use super::{Exit, concise, counted, full, json};
use crate::policy::Level;
use crate::rules::Finding;

/// Say what a payer would deny, and count the units of each visit
///
/// Exits with 0 if nothing was found at the level of --fail-on or above, with 1 if something was,
/// and with 2 if a note could not be read.
#[derive(Debug, Args)]
pub(super) struct Check {
    #[command(flatten)]
    selection: Selection,

    /// How to show what was found
    #[arg(
        long,
        value_name = "FORMAT",
        value_enum,
        default_value_t = Format::Full,
        env = "SOAPSTONE_OUTPUT_FORMAT"
    )]
    output_format: Format,

    /// The least serious finding that makes the check fail (exit code 1)
    #[arg(long, value_name = "LEVEL", value_enum, default_value_t = FailOn::Warning)]
    fail_on: FailOn,

    /// Show hints, too; "json" always has them, and --fail-on hint shows them
    #[arg(long)]
    hints: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Each finding drawn in the note, then the units of each visit
    Full,
    /// One line for each finding, with none of the note's words
    Concise,
    /// For other programs, with none of the note's words
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// A payer will deny
    Error,
    /// A payer may ask or deny
    Warning,
    /// Worth knowing
    Info,
    /// Anything at all
    Hint,
    /// Nothing
    Never,
}

/// What was found in the notes, and read of them, all together: of a note itself nothing is kept.
#[derive(Default)]
struct Total {
    notes: usize,
    /// The notes in which a block was read.
    with_blocks: usize,
    /// How many findings of each level there are.
    levels: BTreeMap<Level, usize>,
    read: Read,
}

impl Total {
    fn add(&mut self, levels: &[Level], read: Read) {
        self.notes += 1;
        self.with_blocks += usize::from(read.blocks > 0);
        for level in levels {
            *self.levels.entry(*level).or_default() += 1;
        }
        self.read += read;
    }
}

impl FailOn {
    fn fails(self, level: Level) -> bool {
        level
            >= match self {
                Self::Error => Level::Error,
                Self::Warning => Level::Warning,
                Self::Info => Level::Information,
                Self::Hint => Level::Hint,
                Self::Never => return false,
            }
    }
}

impl Check {
    /// Checks the notes and prints what was found.
    pub(super) fn run(&self) -> Result<Exit, String> {
        let colours = super::colours();
        let shown = |finding: &Finding| self.shows(finding.level);
        let (mut total, mut array) = (Total::default(), json::Array::default());
        let mut printed = Exit::Fine;
        let each = |note: &Note| {
            let text = match self.output_format {
                Format::Full => full::render(note, shown, colours),
                Format::Concise => concise::render(note, shown),
                Format::Json => json::render(note),
            };
            let findings = note.analysis.findings();
            let levels: Vec<Level> = findings.iter().map(|f| f.level).collect();
            (text, levels, Read::of(note))
        };
        let judged = self.selection.judge(each, |batch| {
            let mut output = String::new();
            for (text, found, read) in batch {
                total.add(&found, read);
                match self.output_format {
                    Format::Json => array.push(&text, &mut output),
                    Format::Full | Format::Concise => output.push_str(&text),
                }
            }
            printed = printed.max(super::print(&output));
        })?;
        let end = match self.output_format {
            Format::Json => array.end().to_owned(),
            Format::Full if total.notes > 0 => self.summary(&total, judged.failed),
            Format::Full | Format::Concise => String::new(),
        };
        let found = if total.levels.keys().any(|level| self.fail_on.fails(*level)) {
            Exit::Found
        } else {
            Exit::Fine
        };
        Ok(judged.exit.max(found).max(printed).max(super::print(&end)))
    }

    fn shows(&self, level: Level) -> bool {
        let least = if self.hints || self.fail_on == FailOn::Hint {
            Level::Hint
        } else {
            Level::Information
        };
        level >= least
    }

    /// "3 errors, 2 warnings in 25 notes.", and what was read of them. Each note without a block was said to
    /// have none, so that nothing is said to be found or not found there.
    fn summary(&self, total: &Total, failed: usize) -> String {
        let count = |level| total.levels.get(&level).copied().unwrap_or_default();
        let parts: Vec<String> = [
            (Level::Error, "error"),
            (Level::Warning, "warning"),
            (Level::Information, "remark"),
            (Level::Hint, "hint"),
        ]
        .into_iter()
        .filter(|(level, _)| self.shows(*level) && count(*level) > 0)
        .map(|(level, word)| counted(count(level), word))
        .collect();
        let mut sentences = Vec::new();
        if !parts.is_empty() {
            let notes = counted(total.notes, "note");
            sentences.push(format!("{} in {notes}.", parts.join(", ")));
        } else if total.with_blocks > 0 {
            let notes = counted(total.with_blocks, "note");
            sentences.push(format!("Nothing found in {notes}."));
        }
        let without = total.notes - total.with_blocks;
        if without > 0 && total.notes > 1 {
            let without = counted(without, "note");
            sentences.push(format!("No timed or billed block was read in {without}."));
        }
        if failed > 0 {
            sentences.push(format!("{} could not be checked.", counted(failed, "note")));
        }
        let hints = count(Level::Hint);
        if hints > 0 && !self.shows(Level::Hint) {
            sentences.push(format!("--hints shows {} more.", counted(hints, "hint")));
        }
        let mut summary = sentences.join(" ");
        if !summary.is_empty() {
            summary.push('\n');
        }
        let _ = writeln!(summary, "{}", total.read);
        summary
    }
}
