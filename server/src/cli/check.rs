//! `soapstone check`.

use std::fmt::Write;

use clap::{Args, ValueEnum};

use super::notes::{Note, Selection};
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

/// How many findings there are of each level.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    errors: usize,
    warnings: usize,
    infos: usize,
    hints: usize,
}

impl Tally {
    fn add(&mut self, level: Level) {
        match level {
            Level::Error => self.errors += 1,
            Level::Warning => self.warnings += 1,
            Level::Information => self.infos += 1,
            Level::Hint => self.hints += 1,
            Level::Off => {}
        }
    }
}

/// A note that was checked: its part of the output and what counts for the whole.
struct Checked {
    text: String,
    tally: Tally,
    fails: bool,
}

impl Check {
    /// Checks the notes and prints what was found.
    pub(super) fn run(&self) -> Exit {
        let colours = super::colours();
        let Some(judged) = self.selection.judge(|note| self.check(note, colours)) else {
            return Exit::Trouble;
        };
        let mut exit = judged.exit;
        let mut total = Tally::default();
        for checked in &judged.results {
            total.errors += checked.tally.errors;
            total.warnings += checked.tally.warnings;
            total.infos += checked.tally.infos;
            total.hints += checked.tally.hints;
            if checked.fails {
                exit = exit.max(Exit::Found);
            }
        }
        let texts = judged
            .results
            .iter()
            .map(|c| c.text.as_str())
            .filter(|t| !t.is_empty());
        let output = match self.output_format {
            Format::Json => json::array(texts),
            Format::Concise => texts.collect(),
            Format::Full => {
                let mut output: String = texts.collect();
                if !judged.results.is_empty() {
                    output.push_str(&self.summary(total, judged.results.len(), judged.failed));
                }
                output
            }
        };
        exit.max(super::print(&output))
    }

    fn check(&self, note: &Note, colours: bool) -> Checked {
        let mut tally = Tally::default();
        let mut fails = false;
        for finding in note.analysis.findings() {
            tally.add(finding.level);
            fails |= self.fail_on.fails(finding.level);
        }
        let shown = |finding: &Finding| self.shows(finding.level);
        let text = match self.output_format {
            Format::Full => full::render(note, shown, colours),
            Format::Concise => concise::render(note, shown),
            Format::Json => json::render(note),
        };
        Checked { text, tally, fails }
    }

    fn shows(&self, level: Level) -> bool {
        let least = if self.hints || self.fail_on == FailOn::Hint {
            Level::Hint
        } else {
            Level::Information
        };
        level >= least
    }

    /// "3 errors, 2 warnings in 25 notes."
    fn summary(&self, total: Tally, notes: usize, failed: usize) -> String {
        let hints_shown = self.shows(Level::Hint);
        let hints = if hints_shown { total.hints } else { 0 };
        let parts: Vec<String> = [
            (total.errors, "error"),
            (total.warnings, "warning"),
            (total.infos, "remark"),
            (hints, "hint"),
        ]
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| counted(number, word))
        .collect();
        let found = if parts.is_empty() {
            "Nothing found".to_owned()
        } else {
            parts.join(", ")
        };
        let mut summary = format!("{found} in {}.", counted(notes, "note"));
        if failed > 0 {
            let _ = write!(
                summary,
                " {} could not be checked.",
                counted(failed, "note")
            );
        }
        if !hints_shown && total.hints > 0 {
            let _ = write!(
                summary,
                " --hints shows {} more.",
                counted(total.hints, "hint")
            );
        }
        summary.push('\n');
        summary
    }
}
