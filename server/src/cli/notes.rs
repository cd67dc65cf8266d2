//! Finding notes, reading them, and judging each by itself on all cores.

use std::collections::BTreeMap;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use rayon::prelude::*;

use super::config::{Policies, nearest};
use super::progress::Progress;
use super::{Exit, complain, shown};
use crate::analysis::Analysis;
use crate::files;
use crate::policy::Policy;
use crate::records::finding::Places;
use crate::records::{self, Checker, Judged};
use crate::rules::Finding;
use crate::text::Document;

/// What a note that comes from standard input is called.
const STDIN: &str = "<stdin>";
/// How many notes a core takes at once.
const AT_ONCE: usize = 8;
/// How many notes are judged before what was found in them is printed: no more results are kept.
const BATCH: usize = 1000;

/// Which notes, and by which settings.
#[derive(Debug, Args)]
pub(super) struct Selection {
    /// Notes, or folders with notes in them; "-" reads one note from standard input
    ///
    /// In folders, and the folders inside them, every file whose name ends in ".soap" is read,
    /// hidden ones excepted. A file that you name is read whatever its name.
    #[arg(value_name = "PATHS", default_value = ".")]
    paths: Vec<PathBuf>,

    /// The name to give to a note from standard input
    #[arg(long, value_name = "FILE")]
    stdin_filename: Option<PathBuf>,

    /// The settings to use for every note, in place of the nearest soapstone.toml
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// A note that was read and judged.
pub(super) struct Note {
    /// Its path as the user would write it.
    pub(super) path: String,
    /// Its file; none for what came from standard input.
    pub(super) file: Option<PathBuf>,
    /// Whether the user named it, and not only a folder that it is in.
    pub(super) named: bool,
    pub(super) document: Document,
    pub(super) analysis: Analysis,
    /// How many bytes of the document are no part of the text that was given.
    added: usize,
}

/// What became of the notes.
pub(super) struct JudgedNotes {
    /// How many could not be read or judged; each was named on standard error.
    pub(super) failed: usize,
    /// What was said on standard error of that, and of folders and settings that could not be read.
    pub(super) troubles: Vec<String>,
    pub(super) exit: Exit,
}

/// The notes that were found, and the settings that hold for them.
pub(super) struct FoundNotes {
    unread: Vec<UnreadNote>,
    policies: Policies,
    troubles: Vec<String>,
}

/// A note that is still to be judged.
struct UnreadNote {
    path: PathBuf,
    named: bool,
    is_stdin: bool,
    policy: Arc<Policy>,
}

impl Note {
    /// A note without a path.
    pub(super) fn of_record(judged: Judged) -> Self {
        Self {
            path: String::new(),
            file: None,
            named: true,
            document: judged.document,
            analysis: judged.analysis,
            added: judged.added,
        }
    }

    /// What is written in place of a note, with the same name.
    pub(super) fn mended(&self, file: &Path, text: &str) -> Self {
        let document = Document::new(text);
        let analysis = Analysis::of(&document, self.analysis.policy());
        Self {
            path: self.path.clone(),
            file: Some(file.to_owned()),
            named: self.named,
            document,
            analysis,
            added: 0,
        }
    }

    /// The places of what is found.
    pub(super) fn places(&self) -> Places<'_> {
        Places {
            document: &self.document,
            added: self.added,
        }
    }

    /// The findings of each piece, by the piece's start.
    pub(super) fn findings_by_piece(&self) -> BTreeMap<usize, Vec<Finding>> {
        let mut found: BTreeMap<usize, Vec<Finding>> = BTreeMap::new();
        for finding in self.analysis.findings() {
            if let Some(piece) = self.analysis.piece_at(finding.span.start) {
                found.entry(piece.start).or_default().push(finding);
            }
        }
        found
    }
}

impl Selection {
    /// One note; with the settings that the command line names, if it names any.
    pub(super) fn one(path: &Path, config: Option<&Path>) -> Self {
        Self {
            paths: vec![path.to_owned()],
            stdin_filename: None,
            config: config.map(Path::to_owned),
        }
    }

    /// Reads and judges every note; see [`FoundNotes::judge`]. A sentence if the command was wrong.
    pub(super) fn judge<T: Send>(
        &self,
        each: impl Fn(&Note) -> T + Sync,
        take: impl FnMut(Vec<T>),
    ) -> Result<JudgedNotes, String> {
        Ok(self.found()?.judge(each, take))
    }

    /// The notes and their settings. A sentence if the command was wrong.
    pub(super) fn found(&self) -> Result<FoundNotes, String> {
        let mut policies = Policies::new(self.config.as_deref())?;
        let mut troubles = Vec::new();
        let unread = self.find(&mut policies, &mut troubles);
        Ok(FoundNotes {
            unread,
            policies,
            troubles,
        })
    }

    /// The settings for a stream, which holds no paths, and what judges it by them.
    pub(super) fn for_stream(&self) -> Result<(Policies, Checker), String> {
        if self.stdin_filename.is_some() || self.paths != [Path::new(".")] {
            return Err(
                "--stdin takes the notes from standard input, so name no paths.".to_owned(),
            );
        }
        let mut policies = Policies::new(self.config.as_deref())?;
        let checker = Checker::new(policies.of(Path::new("")));
        Ok((policies, checker))
    }

    /// What the user named.
    pub(super) fn paths(&self) -> &[PathBuf] {
        &self.paths
    }

    /// The files of the notes, each once, by path, and whether it was named.
    pub(super) fn files(&self, troubles: &mut Vec<String>) -> Vec<(PathBuf, bool)> {
        let mut files = Vec::new();
        for path in self.paths.iter().filter(|path| !is_stdin(path)) {
            if path.is_dir() {
                files.extend(walk(path, troubles).map(|file| (file, false)));
            } else {
                files.push((plain(path), true));
            }
        }
        files.sort_unstable_by(|one, other| one.0.cmp(&other.0).then(other.1.cmp(&one.1)));
        files.dedup_by(|later, first| later.0 == first.0);
        files
    }

    /// The settings file that holds for a note, if there is one.
    pub(super) fn settings_of(&self, note: &Note) -> Option<PathBuf> {
        let folder = || Path::new(&note.path).parent().unwrap_or(Path::new(""));
        self.config.clone().or_else(|| nearest(folder()))
    }

    /// The same settings for other notes.
    pub(super) fn of(&self, paths: Vec<PathBuf>) -> Self {
        Self {
            paths,
            stdin_filename: None,
            config: self.config.clone(),
        }
    }

    /// Whether a note is to be read from standard input.
    pub(super) fn has_stdin(&self) -> bool {
        self.paths.iter().any(|path| is_stdin(path))
    }

    /// The notes, each once, by path; standard input first.
    fn find(&self, policies: &mut Policies, troubles: &mut Vec<String>) -> Vec<UnreadNote> {
        let mut note = |path: PathBuf, named: bool, is_stdin: bool| UnreadNote {
            policy: policies.of(path.parent().unwrap_or(Path::new(""))),
            path,
            named,
            is_stdin,
        };
        let stdin = self.stdin_filename.as_deref().unwrap_or(Path::new(STDIN));
        let stdin = self.has_stdin().then(|| note(stdin.to_owned(), true, true));
        let mut notes: Vec<UnreadNote> = stdin.into_iter().collect();
        let files = self.files(troubles).into_iter();
        notes.extend(files.map(|(path, named)| note(path, named, false)));
        notes
    }
}

impl FoundNotes {
    /// The settings that were looked at, and those that hold where there are none.
    pub(super) fn policies(&self) -> Vec<Arc<Policy>> {
        self.policies.all()
    }

    /// Judges every note; `each` makes a result of it, and `take` is given the results by path, some at a time.
    /// What cannot be read is named on standard error and does not stop the others.
    pub(super) fn judge<T: Send>(
        self,
        each: impl Fn(&Note) -> T + Sync,
        mut take: impl FnMut(Vec<T>),
    ) -> JudgedNotes {
        let mut troubles = self.troubles;
        for problem in &self.policies.problems {
            complain(problem);
        }
        let progress = Progress::over(self.unread.len());
        let (mut found, mut failed) = (0, 0);
        let mut unread = self.unread.into_iter().peekable();
        while unread.peek().is_some() {
            let batch: Vec<UnreadNote> = unread.by_ref().take(BATCH).collect();
            let outcomes: Vec<Result<T, String>> = quietly(|| {
                batch
                    .into_par_iter()
                    // The last notes are to be shared out, too: no core is to wait for another's.
                    .with_max_len(AT_ONCE)
                    .map(|note| {
                        let path = shown(&note.path);
                        let result = guarded(&path, || note.judged(&path).map(|note| each(&note)));
                        progress.step();
                        result
                    })
                    .collect()
            });
            let (results, sentences): (Vec<_>, Vec<_>) =
                outcomes.into_iter().partition(Result::is_ok);
            found += results.len();
            failed += sentences.len();
            troubles.extend(sentences.into_iter().filter_map(Result::err));
            let results = results.into_iter().flatten().collect();
            progress.aside(|| take(results));
        }
        drop(progress);
        if found == 0 && troubles.is_empty() {
            troubles.push("There are no notes here: no file's name ends in \".soap\".".to_owned());
        }
        troubles.extend(self.policies.unreadable);
        for trouble in &troubles {
            complain(trouble);
        }
        JudgedNotes {
            failed,
            exit: Exit::after(&troubles),
            troubles,
        }
    }
}

impl UnreadNote {
    fn judged(self, path: &str) -> Result<Note, String> {
        let (text, file) = if self.is_stdin {
            let bytes = files::read_all(io::stdin().lock());
            (text_of(bytes_of(bytes, path)?, path)?, None)
        } else {
            (read(&self.path)?, Some(self.path))
        };
        // The mark that some programs put before UTF-8 text is no part of the note; editors hide
        // it from a language server, too.
        let document = document(text.strip_prefix('\u{feff}').unwrap_or(&text), path)?;
        let analysis = Analysis::of(&document, &self.policy);
        Ok(Note {
            path: path.to_owned(),
            file,
            named: self.named,
            document,
            analysis,
            added: 0,
        })
    }
}

/// The text of a note's file, or a sentence that names the note.
pub(super) fn read(file: &Path) -> Result<String, String> {
    let path = shown(file);
    text_of(bytes_of(files::read(file), &path)?, &path)
}

/// The bytes of a note as they were read, or a sentence that names the note.
pub(super) fn bytes_of(read: io::Result<Option<Vec<u8>>>, path: &str) -> Result<Vec<u8>, String> {
    let read = read.map_err(|error| unread(path, &why(&error)))?;
    read.ok_or_else(|| too_long(path))
}

fn too_long(path: &str) -> String {
    format!("The note {path} {}", files::TOO_LONG)
}

/// The document of a note, or a sentence that names the note.
pub(super) fn document(text: &str, path: &str) -> Result<Document, String> {
    files::document(text).ok_or_else(|| too_long(path))
}

/// The text of a note's bytes, or a sentence that names the note.
pub(super) fn text_of(bytes: Vec<u8>, path: &str) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.split(|byte| *byte == b'\n').count();
        let why = "it is not saved as UTF-8 text";
        let what = "save it as UTF-8 and check it again";
        unread(path, &format!("{why}, as line {line} shows; {what}"))
    })
}

/// The notes of a folder and of those inside it.
pub(super) fn walk<'t>(
    folder: &Path,
    troubles: &'t mut Vec<String>,
) -> impl Iterator<Item = PathBuf> + use<'t> {
    files::notes_in(folder).filter_map(|note| match note {
        Ok(path) => Some(plain(&path)),
        Err(error) => {
            troubles.push(format!("A folder could not be read: {error}."));
            None
        }
    })
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The path without a leading `./`.
pub(super) fn plain(path: &Path) -> PathBuf {
    path.strip_prefix(".").unwrap_or(path).to_owned()
}

pub(super) fn unread(path: &str, why: &str) -> String {
    format!("The note {path} could not be read: {why}.")
}

/// Why a file could not be read, in words.
pub(super) fn why(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "you are not allowed to open it".to_owned(),
        _ => error.to_string(),
    }
}

/// Runs `work` with panics noted by their place alone: their words may quote the note.
pub(super) fn quietly<T>(work: impl FnOnce() -> T) -> T {
    let usual = panic::take_hook();
    records::note_places_of_panics();
    let result = work();
    panic::set_hook(usual);
    result
}

/// Judges one note; if that panics, a sentence says so and the others go on.
pub(super) fn guarded<T>(
    path: &str,
    judge: impl FnOnce() -> Result<T, String>,
) -> Result<T, String> {
    panic::catch_unwind(AssertUnwindSafe(judge)).unwrap_or_else(|_| {
        let place = records::place_of_panic();
        Err(format!(
            "The note {path} could not be checked: Soapstone failed at {place}. Please report this place; the note itself is not needed."
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_sentence_without_the_words_of_the_note() {
        let outcome: Result<(), String> =
            quietly(|| guarded("a.soap", || panic!("the patient's words")));
        let sentence = outcome.unwrap_err();
        assert!(sentence.starts_with("The note a.soap could not be checked"));
        assert!(sentence.contains("notes.rs:"), "{sentence}");
        assert!(!sentence.contains("words of"), "{sentence}");
        assert!(!sentence.contains("patient"), "{sentence}");
    }
}
