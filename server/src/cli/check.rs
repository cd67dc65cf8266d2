//! `soapstone check`.

use std::collections::BTreeMap;
use std::fmt::Write;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::notes::{Note, Selection};
use super::output::{Format, Output};
use super::read::Read;
use super::statistics::Statistics;
use super::stream::{self, Asked, Stdin};
use super::wanted::Wanted;
use super::{Exit, complain, counted, fix, watch};
use crate::policy::Level;
use crate::records::{Checker, finding};
use crate::rules::{Finding, Rule};

/// Say what a payer would deny, and count the units of each visit
///
/// Exits with 0 if nothing was found at the level of --fail-on or above, with 1 if something was,
/// and with 2 if a note could not be read.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of the command"
)]
#[command(before_help = "Example: soapstone check charts --payer medicare --since 2026-11-01")]
pub(super) struct Check {
    #[command(flatten)]
    selection: Selection,

    #[command(flatten)]
    stdin: Stdin,

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

    /// Show hints, too; "json" and "jsonl" always have them, and --fail-on hint shows them
    #[arg(long)]
    hints: bool,

    #[command(flatten)]
    wanted: Wanted,

    /// Show how often each rule found something, and for which payers, in place of the findings
    #[arg(long)]
    statistics: bool,

    /// Mend what has one plain answer: misspelled names of fields, headings, the form of dates
    ///
    /// What this mends is what an editor offers as "Correct all misspelled names, headings and date
    /// forms". No code, modifier, minute, unit or diagnosis is ever changed. A note is written as a whole
    /// or not at all; links in folders are left alone.
    #[arg(long)]
    fix: bool,

    /// Show what --fix would change, and change nothing; ends with 1 if there is anything
    #[arg(long, conflicts_with_all = ["fix", "statistics", "watch"])]
    diff: bool,

    /// Check again when a note is saved, until Ctrl-C
    #[arg(long, conflicts_with_all = ["fix", "statistics"])]
    watch: bool,
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

/// What was found in a record.
#[derive(Serialize)]
struct Found<'a> {
    findings: Vec<finding::Finding<'a>>,
}

/// What was found in a note, and read of it.
struct Judged {
    text: String,
    /// The levels and rules of its findings.
    found: Vec<(Level, &'static Rule)>,
    statistics: Statistics,
    read: Read,
    /// How many findings were mended.
    mended: usize,
    /// Why none could be.
    trouble: Option<String>,
}

/// What was found in the notes, and read of them, all together: of a note itself nothing is kept.
#[derive(Default)]
struct Total {
    notes: usize,
    /// The notes in which nothing is asked for.
    others: usize,
    /// The notes in which a block was read.
    with_blocks: usize,
    /// How many findings of each level there are.
    levels: BTreeMap<Level, usize>,
    /// The rules that found something.
    rules: BTreeMap<&'static str, &'static Rule>,
    statistics: Statistics,
    read: Read,
    mended: usize,
    mended_notes: usize,
    troubles: Vec<String>,
}

impl Total {
    /// Adds what was found in a note, and gives back its text.
    fn add(&mut self, judged: Judged) -> String {
        self.notes += 1;
        self.with_blocks += usize::from(judged.read.blocks > 0);
        for (level, rule) in judged.found {
            *self.levels.entry(level).or_default() += 1;
            self.rules.insert(rule.name, rule);
        }
        self.statistics.add(judged.statistics);
        self.read += judged.read;
        self.mended += judged.mended;
        self.mended_notes += usize::from(judged.mended > 0);
        self.troubles.extend(judged.trouble);
        judged.text
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
        self.possible()?;
        if self.stdin.is_stream() {
            return self.stream();
        }
        if self.watch {
            return watch::watch(&self.selection, |selection| self.once(selection));
        }
        if self.diff {
            return self.differences();
        }
        self.once(&self.selection)
    }

    /// A sentence if what is asked for does not go together.
    fn possible(&self) -> Result<(), String> {
        let (format, stdin) = (self.output_format, self.selection.has_stdin());
        let counts = matches!(format, Format::Full | Format::Concise | Format::Json);
        let wrong = [
            (
                self.watch && stdin,
                "--watch needs notes in files, and \"-\" is standard input.",
            ),
            (
                self.watch && format.is_one_document(),
                "--watch goes on until Ctrl-C, so it needs an output format without an end: full, concise, jsonl or github.",
            ),
            (
                self.fix && stdin,
                "A note from standard input cannot be mended in its place; --diff shows what would change.",
            ),
            (
                self.stdin.is_stream() && (self.fix || self.diff || self.watch || self.statistics),
                "--stdin answers each record with what was found in it, and takes no --fix, --diff, --watch or --statistics.",
            ),
            (
                self.stdin.is_stream()
                    && !matches!(format, Format::Full | Format::Json | Format::Jsonl),
                "--stdin jsonl answers in lines of JSON, which no other --output-format is.",
            ),
            (
                self.statistics && !counts,
                "--statistics are shown to read, or with --output-format json for other programs.",
            ),
        ];
        match wrong.iter().find(|(is_so, _)| *is_so) {
            Some((_, sentence)) => Err((*sentence).to_owned()),
            None => Ok(()),
        }
    }

    /// Answers each record of a stream with what was found in it.
    fn stream(&self) -> Result<Exit, String> {
        let (policies, checker) = self.selection.for_stream()?;
        self.wanted.checked(&policies.all())?;
        let each = |checker: &Checker, asked: &Asked<'_>| {
            let note = Note::of_record(checker.judged(&asked.record)?);
            let all = note.analysis.findings().into_iter();
            let found: Vec<Finding> = all.filter(|f| self.wanted.finding(&note, f)).collect();
            let fails = found.iter().any(|f| self.fail_on.fails(f.level));
            let places = note.places();
            let findings = found.iter().map(|f| places.finding(None, f));
            let line = asked.line(&Found {
                findings: findings.collect(),
            });
            Ok((line, if fails { Exit::Found } else { Exit::Fine }))
        };
        Ok(stream::answered(&policies, &checker, each))
    }

    fn once(&self, selection: &Selection) -> Result<Exit, String> {
        let notes = selection.found()?;
        self.wanted.checked(&notes.policies())?;
        let (mut total, mut output) = (Total::default(), Output::new(self.output_format));
        let mut printed = Exit::Fine;
        let judged = notes.judge(
            |note| self.judged(note),
            |batch: Vec<Option<Judged>>| {
                total.others += batch.iter().filter(|note| note.is_none()).count();
                let texts = batch.into_iter().flatten().map(|note| total.add(note));
                let texts: Vec<String> = texts.collect();
                if !self.statistics {
                    printed = printed.max(super::print(&output.next(texts)));
                }
            },
        );
        for trouble in &total.troubles {
            complain(trouble);
        }
        let troubles = [&*judged.troubles, &total.troubles].concat();
        let end = match self.output_format {
            Format::Json if self.statistics => total.statistics.json(),
            Format::Full | Format::Concise if self.statistics && total.notes > 0 => {
                total.statistics.text() + &self.summary(&total, judged.failed)
            }
            Format::Full if total.notes == 0 => String::new(),
            Format::Full => self.summary(&total, judged.failed),
            _ => {
                let rules: Vec<&Rule> = total.rules.values().copied().collect();
                output.end(&rules, &troubles)
            }
        };
        if total.notes == 0 && total.others > 0 {
            let notes = counted(total.others, "note");
            complain(&format!("No visit that you ask for was found in {notes}."));
        }
        if total.mended > 0 {
            let (findings, notes) = (
                counted(total.mended, "finding"),
                counted(total.mended_notes, "note"),
            );
            complain(&format!("{findings} mended in {notes}."));
        }
        let found = if total.levels.keys().any(|level| self.fail_on.fails(*level)) {
            Exit::Found
        } else {
            Exit::Fine
        };
        let read = judged.exit.max(Exit::after(&troubles));
        Ok(read.max(found).max(printed).max(super::print(&end)))
    }

    /// What was found in a note, after it was mended if that is asked for; `None` for a note in which nothing is
    /// asked for.
    fn judged(&self, note: &Note) -> Option<Judged> {
        if !self.wanted.note(note) {
            return None;
        }
        let mended = if self.fix {
            fix::write(note, |finding| self.wanted.finding(note, finding))
        } else {
            Ok(None)
        };
        let (note, mended, trouble) = match &mended {
            Ok(Some((note, count))) => (note, *count, None),
            Ok(None) => (note, 0, None),
            Err(sentence) => (note, 0, Some(sentence.clone())),
        };
        let mut found = Vec::new();
        let all = note.analysis.each_finding();
        let wanted = all.filter(|finding| self.wanted.finding(note, finding));
        let shown = wanted
            .inspect(|finding| found.push((finding.level, finding.rule)))
            .filter(|finding| self.shows(finding.level));
        let fails = |finding: &Finding| self.fail_on.fails(finding.level);
        let (text, statistics) = if self.statistics {
            (String::new(), Statistics::of(note, shown))
        } else {
            let text = self.output_format.of_note(note, shown, &self.wanted, fails);
            (text, Statistics::default())
        };
        Some(Judged {
            text,
            found,
            statistics,
            read: Read::of(note, &self.wanted),
            mended,
            trouble,
        })
    }

    /// Prints what mending would change.
    fn differences(&self) -> Result<Exit, String> {
        let notes = self.selection.found()?;
        self.wanted.checked(&notes.policies())?;
        let (mut printed, mut found) = (Exit::Fine, Exit::Fine);
        let judged = notes.judge(
            |note| fix::diff(note, |finding| self.wanted.finding(note, finding)),
            |batch| {
                let diffs = batch.concat();
                if !diffs.is_empty() {
                    found = Exit::Found;
                }
                printed = printed.max(super::print(&diffs));
            },
        );
        Ok(judged.exit.max(found).max(printed))
    }

    fn shows(&self, level: Level) -> bool {
        let all = self.hints
            || self.fail_on == FailOn::Hint
            || self.wanted.names_rules()
            || self.output_format.shows_all();
        let least = if all { Level::Hint } else { Level::Information };
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
