//! `soapstone import`: other people's notes into the format.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use ignore::WalkBuilder;

use super::config::Policies;
use super::notes::{guarded, plain, quietly, why};
use super::stream::{self, Asked, Stdin};
use super::{Exit, complain, shown, write};
use crate::files;
use crate::import::report::Row;
use crate::import::{Imported, Untouched, documents, import};
use crate::policy::Policy;
use crate::records::Checker;

/// What a text that comes from standard input is called.
const STDIN: &str = "<stdin>";
/// A document of this size is none.
const MOST: u64 = 64 << 20;
/// Of the words that something was made of, the report shows so many characters.
const SHOWN: usize = 70;

/// Make notes of pasted, dictated or exported text
///
/// Reads plain text in any layout, Word documents, C-CDA and FHIR. What plainly is treatment becomes a
/// block on a line of its own; where nobody wrote a code, one is proposed with a question mark
/// behind it, for you to confirm. What is planned, declined, done at home or on another day stays
/// prose, and so does all that is not understood: no word is lost.
#[derive(Debug, Args)]
#[command(before_help = "Example: soapstone import visit.txt --report")]
pub(super) struct Import {
    /// Files, or folders with files in them; "-" reads one text from standard input
    #[arg(value_name = "FILES", required_unless_present = "stdin")]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    stdin: Stdin,

    /// Write each note to a file of its own: into this folder, or beside its text if none is named
    ///
    /// "visit.txt" becomes "visit.soap", and "doe/visit.txt" of a folder "doe/visit.soap". A file that is there
    /// already is not touched.
    #[arg(long, value_name = "FOLDER", num_args = 0..=1)]
    #[expect(
        clippy::option_option,
        reason = "without a folder it is the text's own"
    )]
    output_dir: Option<Option<PathBuf>>,

    /// Write over notes that are there already
    #[arg(long, requires = "output_dir")]
    force: bool,

    /// Say in a table what was recognized, and what stayed prose and why
    ///
    /// The table goes to standard error, so that the note can go to a file. It shows words of the note.
    #[arg(long)]
    report: bool,

    /// The settings to use, in place of the nearest soapstone.toml
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// A file to import.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Source {
    file: PathBuf,
    /// Its folder, within the one that was named.
    within: PathBuf,
}

impl Import {
    pub(super) fn run(&self) -> Result<Exit, String> {
        let mut policies = Policies::new(self.config.as_deref())?;
        if self.stdin.is_stream() {
            return self.stream(policies);
        }
        let mut troubles = Vec::new();
        let files = self.find(&mut troubles)?;
        let several = files.len() > 1;
        let mut exit = Exit::Fine;
        let mut written = BTreeSet::new();
        for Source { file, within } in &files {
            let path = shown(file);
            let policy = policies.of(file.parent().unwrap_or(Path::new("")));
            let imported = quietly(|| guarded(&path, || read(file, &policy)));
            let imported = match imported {
                Ok(imported) => imported,
                Err(sentence) => {
                    troubles.push(sentence);
                    continue;
                }
            };
            if self.report {
                complain(&report(&path, &imported));
            } else if !imported.has_blocks() && imported.untouched.is_none() {
                complain(&format!(
                    "{path}: no treatment with its minutes was recognized; all of it stayed prose."
                ));
            }
            match &self.output_dir {
                Some(folder) => {
                    let folder = folder.as_ref().map(|folder| folder.join(within));
                    match self.write(folder.as_deref(), file, &imported.text, &mut written) {
                        Ok(path) => exit = exit.max(super::print(&format!("{path}\n"))),
                        Err(sentence) => troubles.push(sentence),
                    }
                }
                None if several => {
                    exit = exit.max(super::print(&format!("// {path}\n{}\n", imported.text)));
                }
                None => exit = exit.max(super::print(&imported.text)),
            }
        }
        for trouble in policies
            .problems
            .iter()
            .chain(&policies.unreadable)
            .chain(&troubles)
        {
            complain(trouble);
        }
        Ok(exit
            .max(Exit::after(&troubles))
            .max(Exit::after(&policies.unreadable)))
    }

    /// Answers each record of a stream with the note that it becomes.
    fn stream(&self, mut policies: Policies) -> Result<Exit, String> {
        if self.report || self.output_dir.is_some() || !self.paths.is_empty() {
            return Err(
                "--stdin answers each record with a line, which says what was recognized: it takes no files, --output-dir or --report."
                    .to_owned(),
            );
        }
        let checker = Checker::new(policies.of(Path::new("")));
        let each = |checker: &Checker, asked: &Asked<'_>| {
            let line = checker.imported(&asked.record, |note| asked.line(note))?;
            Ok((line, Exit::Fine))
        };
        Ok(stream::answered(&policies, &checker, each))
    }

    /// The files, by path; of folders all but notes and what is hidden.
    fn find(&self, troubles: &mut Vec<String>) -> Result<Vec<Source>, String> {
        if let Some(Some(folder)) = &self.output_dir
            && folder.is_file()
        {
            let folder = folder.display();
            return Err(format!(
                "--output-dir takes a folder, and {folder} is a file."
            ));
        }
        let mut files = Vec::new();
        for path in &self.paths {
            if !path.is_dir() {
                let within = PathBuf::new();
                files.push(Source {
                    file: plain(path),
                    within,
                });
                continue;
            }
            for entry in WalkBuilder::new(path).git_ignore(false).build() {
                match entry {
                    Ok(entry)
                        if entry.path().is_file()
                            && entry.path().extension().is_none_or(|e| e != "soap") =>
                    {
                        let folder = entry.path().parent().unwrap_or(path);
                        let within = folder.strip_prefix(path).unwrap_or(Path::new(""));
                        files.push(Source {
                            file: plain(entry.path()),
                            within: within.to_owned(),
                        });
                    }
                    Ok(entry) if !entry.path().is_dir() && !entry.path().is_file() => {
                        let path = shown(&plain(entry.path()));
                        troubles.push(format!("{path} is no file that can be read."));
                    }
                    Ok(_) => {}
                    Err(error) => troubles.push(format!("A folder could not be read: {error}.")),
                }
            }
        }
        files.sort();
        files.dedup_by(|next, file| next.file == file.file);
        if files.is_empty() && troubles.is_empty() {
            return Err("There is nothing to import here.".to_owned());
        }
        Ok(files)
    }

    /// Writes a note beside its text or into the folder; where to.
    fn write(
        &self,
        folder: Option<&Path>,
        file: &Path,
        note: &str,
        made: &mut BTreeSet<String>,
    ) -> Result<String, String> {
        let name = match file.file_stem() {
            Some(stem) if file.as_os_str() != "-" => Path::new(stem).with_added_extension("soap"),
            _ => PathBuf::from("note.soap"),
        };
        let folder = match folder {
            Some(folder) => {
                fs::create_dir_all(folder).map_err(|error| {
                    format!(
                        "The folder {} could not be made: {error}.",
                        folder.display()
                    )
                })?;
                folder
            }
            None => file.parent().unwrap_or(Path::new("")),
        };
        let target = folder.join(name);
        let path = shown(&target);
        // `a.txt` and `a.docx`; on some machines `A.txt` and `a.txt` are one too.
        if !made.insert(path.to_lowercase()) {
            return Err(format!(
                "{} was not written: another text made {path} already.",
                file.display()
            ));
        }
        let written = write::create(&target, note, self.force);
        written.map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => {
                format!("{path} is there already and was not touched; --force writes over it.")
            }
            _ => format!("The note {path} could not be written: {}.", why(&error)),
        })?;
        Ok(path)
    }
}

fn read(file: &Path, policy: &Arc<Policy>) -> Result<Imported, String> {
    // Some files have no end.
    let all = |reader: &mut dyn Read| {
        let mut bytes = Vec::new();
        let read = reader.take(MOST + 1).read_to_end(&mut bytes);
        read.map(|_| bytes)
    };
    let (path, bytes) = if file.as_os_str() == "-" {
        (STDIN.to_owned(), all(&mut io::stdin().lock()))
    } else {
        let bytes = fs::File::open(file).and_then(|mut file| all(&mut file));
        (file.display().to_string(), bytes)
    };
    let unread = |why: &str| format!("{path} could not be imported: {why}.");
    let bytes = bytes.map_err(|error| unread(&why(&error)))?;
    if bytes.len() as u64 > MOST {
        return Err(unread("it is larger than 64 MB"));
    }
    let text = documents::text(&bytes).map_err(|why| unread(&why))?;
    if text.len() > files::LARGEST {
        return Err(unread(
            "it holds more than 8 MB of text; make several files of it",
        ));
    }
    let imported = import(&text, policy);
    if imported.untouched == Some(Untouched::SeveralPatients) {
        let why = "it names more than one patient; put the text of each into a file of its own";
        return Err(unread(why));
    }
    Ok(imported)
}

/// What was recognised, a line each, then how much.
fn report(path: &str, imported: &Imported) -> String {
    let mut table = format!("{path}\n");
    let rows: Vec<Row<'_>> = imported.rows().collect();
    let width = rows
        .iter()
        .map(|row| row.what.chars().count().min(SHOWN))
        .max()
        .unwrap_or(0);
    for Row { kind, what, words } in rows {
        let row = format!("  {kind:8}  {:width$}  {}", clipped(what), clipped(words));
        let _ = writeln!(table, "{}", row.trim_end());
    }
    let _ = write!(table, "  {}", imported.summary());
    table
}

fn clipped(words: &str) -> String {
    if words.chars().count() <= SHOWN {
        return words.to_owned();
    }
    let start: String = words.chars().take(SHOWN - 1).collect();
    format!("{start}…")
}
