//! Tables newer than those built in, which `soapstone.toml` may point at: a release of ICD-10-CM, the NCCI edits and
//! the limits of a quarter.

use std::collections::HashMap;
use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::SystemTime;

use jiff::civil::Date;

use super::{Policy, Problem};
use crate::reference::icd10::Release;
use crate::reference::limits::Limits;
use crate::reference::ncci::Edits;

/// Where the tables of a release are: files of tab-separated cells, relative to `soapstone.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ReleaseFiles {
    /// The name to say in messages, such as `October 2026`.
    pub name: String,
    /// Code, billable (0 or 1), title.
    pub codes: String,
    /// Code, excluded codes, note.
    pub excludes1: Option<String>,
    /// Code, term.
    pub synonyms: Option<String>,
    /// The line of `soapstone.toml` that names them, from 1.
    pub line: Option<usize>,
}

/// A table of CMS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableKind {
    /// The NCCI edits.
    Ncci,
    /// The medically unlikely edits: the most units of a code on a day.
    Mue,
}

/// Where a newer table of CMS is, relative to `soapstone.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableFile {
    /// What it holds.
    pub kind: TableKind,
    pub file: String,
    /// The day with which its quarter begins, unless the table says it.
    pub first: Option<Date>,
    /// The line of `soapstone.toml` that names it, from 1.
    pub line: Option<usize>,
}

/// A release that was loaded, or none. Two are the same if they are one.
#[derive(Clone, Default)]
pub struct LoadedRelease(Option<Arc<Release>>);

impl LoadedRelease {
    /// The release.
    pub fn get(&self) -> Option<&Release> {
        self.0.as_deref()
    }
}

impl PartialEq for LoadedRelease {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_ref().map(Arc::as_ptr) == other.0.as_ref().map(Arc::as_ptr)
    }
}

impl fmt::Debug for LoadedRelease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.get().map_or("none", Release::name))
    }
}

/// The files of a release, and when each was last written: what the release was read from.
type Origin = Vec<(PathBuf, Option<SystemTime>)>;

/// Releases that were read already: reading one takes a good part of a second, and every note of a
/// folder asks for the same.
static READ: LazyLock<Mutex<HashMap<Origin, Arc<Release>>>> = LazyLock::new(Mutex::default);

/// Several times as large as the largest table that CMS or the CDC publish.
const LARGEST: u64 = 256 << 20;

/// The text of a file that settings are in or that they name: of a file alone, for a pipe or a device may have no end, and of
/// no more than `most` bytes. Else why not.
pub fn read_text(path: &Path, most: u64) -> Result<String, String> {
    let said = |error: io::Error| error.to_string();
    if !std::fs::metadata(path).map_err(said)?.is_file() {
        return Err("it is not a file with text".to_owned());
    }
    let mut text = Vec::new();
    let file = File::open(path).map_err(said)?;
    file.take(most + 1).read_to_end(&mut text).map_err(said)?;
    if text.len() as u64 > most {
        return Err(format!("it is larger than {} MB", most >> 20));
    }
    String::from_utf8(text).map_err(|_| "it is not saved as UTF-8 text".to_owned())
}

impl Policy {
    /// The policy with the newer tables that it names, read from files relative to `folder`. What
    /// cannot be read is reported, and the tables built in hold.
    #[must_use]
    pub fn with_tables(mut self, folder: &Path, problems: &mut Vec<Problem>) -> Self {
        for table in self.newer_tables.clone() {
            if let Err(why) = self.take_over(&table, folder) {
                let name = match table.kind {
                    TableKind::Ncci => "The newer NCCI edits cannot",
                    TableKind::Mue => "The newer unit limits cannot",
                };
                problems.push(Problem {
                    line: table.line,
                    message: format!("{name} be read, so the built-in ones are used: {why}."),
                });
            }
        }
        let Some(files) = self.newer_release.clone() else {
            return self;
        };
        match load(&files, folder) {
            Ok(release) => self.loaded_release = LoadedRelease(Some(release)),
            Err(why) => problems.push(Problem {
                line: files.line,
                message: format!(
                    "The release of ICD-10-CM cannot be read, so the built-in one is used: {why}."
                ),
            }),
        }
        self
    }
}

impl Policy {
    fn take_over(&mut self, table: &TableFile, folder: &Path) -> Result<(), String> {
        let path = folder.join(&table.file);
        let named = |error: &dyn fmt::Display| format!("{}: {error}", path.display());
        let text = read_text(&path, LARGEST).map_err(|error| named(&error))?;
        match table.kind {
            TableKind::Ncci => {
                let edits = Edits::read(&text, table.first).map_err(|error| named(&error))?;
                self.edits = Arc::new(edits);
            }
            TableKind::Mue => {
                let limits = Limits::read(&text, table.first).map_err(|error| named(&error))?;
                self.limits = Arc::new(limits);
            }
        }
        Ok(())
    }
}

fn load(files: &ReleaseFiles, folder: &Path) -> Result<Arc<Release>, String> {
    let (excludes1, synonyms) = (files.excludes1.as_ref(), files.synonyms.as_ref());
    let names = [Some(&files.codes), excludes1, synonyms];
    let paths = names.map(|name| name.map(|name| folder.join(name)));
    let origin = paths.iter().flatten().map(|path| {
        let written = std::fs::metadata(path).and_then(|m| m.modified()).ok();
        (path.clone(), written)
    });
    let origin: Origin = origin.collect();
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = read.get(&origin).filter(|r| r.name() == files.name) {
        return Ok(Arc::clone(known));
    }
    let text = |path: &Option<PathBuf>| {
        let read = path.as_ref().map(|path| {
            let what = |why| format!("{}: {why}", path.display());
            read_text(path, LARGEST).map_err(what)
        });
        read.transpose()
    };
    let [codes, excludes1, synonyms] = [text(&paths[0])?, text(&paths[1])?, text(&paths[2])?];
    let release = Release::from_tables(
        codes.as_deref().unwrap_or_default(),
        excludes1.as_deref(),
        synonyms.as_deref(),
        &files.name,
    )
    .map_err(|error| error.to_string())?;
    let release = Arc::new(release);
    read.insert(origin, Arc::clone(&release));
    Ok(release)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_release_decides() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(
            folder.path().join("codes.tsv"),
            "code\tbillable\ttitle\nZ99.77\t1\tA code of next year\n",
        )
        .unwrap();
        let toml = "[icd10]\nname = \"October 2027\"\ncodes = \"codes.tsv\"\n";
        let (policy, mut problems) = Policy::read(toml, &[]);
        let policy = policy.with_tables(folder.path(), &mut problems);
        assert_eq!(problems, []);
        assert_eq!(policy.release().name(), "October 2027");
        assert!(policy.release().find("Z99.77").is_some());
        assert!(Policy::default().release().find("Z99.77").is_none());
    }

    #[test]
    fn a_release_that_is_not_there_is_reported_with_its_line() {
        let (policy, mut problems) = Policy::read(
            "payer = \"medicare\"\n[icd10]\nname = \"x\"\ncodes = \"no.tsv\"\n",
            &[],
        );
        let policy = policy.with_tables(Path::new("nowhere"), &mut problems);
        assert_eq!(
            problems.iter().map(|p| p.line).collect::<Vec<_>>(),
            [Some(2)]
        );
        assert_eq!(policy.release().name(), Release::built_in().name());
    }

    #[test]
    fn newer_tables_of_cms_decide() {
        let folder = tempfile::tempdir().unwrap();
        let write =
            |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write(
            "edits.txt",
            "Column 1\tColumn 2\tx\tEffective\tDeletion\tModifier\n97530\t97110\t\t20270101\t*\t1\n",
        );
        write("mue.csv", "\"97110\",\"2\",\"3 Clinical\",\"Data\"\n");
        let toml = "[ncci]\nfile = \"edits.txt\"\nfrom = \"2027-01-01\"\n[mue]\nfile = \"mue.csv\"\nfrom = \"2027-01-01\"\n";
        let (policy, mut problems) = Policy::read(toml, &[]);
        let policy = policy.with_tables(folder.path(), &mut problems);
        assert_eq!(problems, []);
        assert!(policy.edits.pair("97530", "97110").is_some());
        assert!(policy.edits.pair("97140", "97124").is_none());
        assert_eq!(policy.limits.find("97110").map(|l| l.practitioner), Some(2));
        assert_eq!(policy.edits.quarter.words(), "January 2027");
    }

    #[test]
    fn a_table_of_cms_that_is_wrong_is_reported_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("edits.txt"), "97140\t97124\t7\n").unwrap();
        let toml =
            "[ncci]\nfile = \"edits.txt\"\nfrom = \"2027-01-01\"\n[mue]\nfile = \"no.csv\"\n";
        let (policy, mut problems) = Policy::read(toml, &[]);
        let policy = policy.with_tables(folder.path(), &mut problems);
        let lines: Vec<_> = problems.iter().map(|p| p.line).collect();
        assert_eq!(lines, [Some(1), Some(4)]);
        assert!(
            problems[0].message.contains("line 1 has no indicator"),
            "{:?}",
            problems[0]
        );
        assert!(policy.edits.pair("97140", "97124").is_some());
        for toml in [
            "[ncci]\n",
            "[mue]\nfile = 3\n",
            "[ncci]\nfile = \"x\"\nfrom = \"soon\"\n",
        ] {
            assert_eq!(Policy::read(toml, &[]).1.len(), 1, "{toml}");
        }
    }
}
