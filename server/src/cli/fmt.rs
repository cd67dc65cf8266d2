//! `soapstone fmt`: the only command that changes a note, and only its form.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use rayon::prelude::*;

use super::notes::{bytes_of, document, guarded, plain, quietly, read, text_of, walk};
use super::{Exit, complain, counted, shown, write};
use crate::editor::format::{applied, format_document};
use crate::files;

/// What a note that comes from standard input is called.
const STDIN: &str = "<stdin>";

/// Put notes into their usual form: spaces, headings, dates, clock times
///
/// Section names, keys and codes get their usual capitals, dates become 2026-11-20 and clock times
/// 10:02-10:27, details are indented by two spaces, needless spaces are removed. None of your
/// words or numbers changes. A note that is in its usual form is not touched.
#[derive(Debug, Args)]
#[command(before_help = "Example: soapstone fmt visit.soap")]
pub(super) struct Fmt {
    /// Notes, or folders with notes in them; "-" takes one note from standard input and gives it
    /// back on standard output
    ///
    /// In folders, and the folders inside them, every file whose name ends in ".soap" is formatted,
    /// except hidden ones and links. A file that you name is formatted whatever its name.
    #[arg(value_name = "PATHS", required = true)]
    paths: Vec<PathBuf>,

    /// Change nothing; name the notes that would change, and end with 1 if there are any
    #[arg(long)]
    check: bool,
}

impl Fmt {
    /// Formats the notes, or says which ones are not in form.
    pub(super) fn run(&self) -> Result<Exit, String> {
        if self.paths.iter().any(|path| path.as_os_str() == "-") {
            if self.paths.len() > 1 {
                let only =
                    "\"-\" takes one note from standard input; name no other note beside it.";
                return Err(only.to_owned());
            }
            return self.filter();
        }
        let mut troubles = Vec::new();
        let files = self.find(&mut troubles);
        let judge = |file: &PathBuf| guarded(&shown(file), || self.changes(file));
        let outcomes: Vec<_> =
            quietly(|| files.par_iter().map(|file| (file, judge(file))).collect());
        if outcomes.is_empty() && troubles.is_empty() {
            troubles.push("There are no notes here: no file's name ends in \".soap\".".to_owned());
        }
        let (mut changed, mut still) = (Vec::new(), 0);
        for (file, outcome) in outcomes {
            match outcome {
                Ok(true) => changed.push(shown(file)),
                Ok(false) => still += 1,
                Err(sentence) => troubles.push(sentence),
            }
        }
        for trouble in &troubles {
            complain(trouble);
        }
        let mut exit = super::print(&self.report(&changed, still));
        if self.check && !changed.is_empty() {
            exit = exit.max(Exit::Found);
        }
        Ok(exit.max(Exit::after(&troubles)))
    }

    /// "Put into form: a.soap", then how many.
    fn report(&self, changed: &[String], still: usize) -> String {
        if changed.is_empty() && still == 0 {
            return String::new();
        }
        let would = if self.check { "would be " } else { "" };
        let mut report = String::new();
        for path in changed {
            let _ = writeln!(report, "{path}");
        }
        if !changed.is_empty() {
            let notes = counted(changed.len(), "note");
            let _ = write!(report, "{notes} {would}formatted");
        }
        let _ = match (changed.is_empty(), still) {
            (_, 0) => writeln!(report, "."),
            (true, 1) => writeln!(report, "1 note is in its usual form."),
            (true, still) => writeln!(report, "{still} notes are in their usual form."),
            (false, 1) => writeln!(report, "; 1 was already."),
            (false, still) => writeln!(report, "; {still} were already."),
        };
        report
    }

    /// Standard input to standard output.
    fn filter(&self) -> Result<Exit, String> {
        let text = text_of(bytes_of(files::read_all(io::stdin().lock()), STDIN)?, STDIN)?;
        let after = quietly(|| guarded(STDIN, || formatted(&text, STDIN)))?;
        Ok(match after {
            None if self.check => Exit::Fine,
            Some(_) if self.check => {
                Exit::Found.max(super::print("The note would be formatted.\n"))
            }
            after => super::print(&after.unwrap_or(text)),
        })
    }

    /// The files, each once, by path. What a link in a folder points at may be anywhere: it is
    /// changed only if it is named.
    fn find(&self, troubles: &mut Vec<String>) -> Vec<PathBuf> {
        let mut files = Vec::new();
        for path in &self.paths {
            if path.is_dir() {
                files.extend(walk(path, troubles).filter(|file| !file.is_symlink()));
            } else {
                files.push(plain(path));
            }
        }
        files.sort();
        let mut seen = BTreeSet::new();
        files.retain(|file| seen.insert(file.canonicalize().unwrap_or_else(|_| file.clone())));
        files
    }

    /// Puts a note into form, unless only asked to check; whether that changes it.
    fn changes(&self, file: &Path) -> Result<bool, String> {
        let text = read(file)?;
        let Some(after) = formatted(&text, &shown(file))? else {
            return Ok(false);
        };
        if !self.check {
            write::replace(file, &text, &after)?;
        }
        Ok(true)
    }
}

/// The text in its usual form, if that is another. A sentence if it is too long for a note.
fn formatted(text: &str, path: &str) -> Result<Option<String>, String> {
    // The mark that some programs put before UTF-8 text is no part of the note, but it stays.
    let note = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mark = &text[..text.len() - note.len()];
    let edits = format_document(&document(note, path)?);
    Ok((!edits.is_empty()).then(|| format!("{mark}{}", applied(note, &edits))))
}
