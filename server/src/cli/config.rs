//! Which `soapstone.toml` holds for a note: the nearest one upward from the note's folder.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::notes::why;
use crate::policy::{Policy, today};
use crate::records;

/// The name of the settings file.
pub(super) const FILE: &str = "soapstone.toml";

/// The policies of the folders looked at so far.
#[derive(Debug, Default)]
pub(super) struct Policies {
    /// The one that the command line names; it holds everywhere.
    given: Option<Arc<Policy>>,
    by_folder: HashMap<PathBuf, Arc<Policy>>,
    built_in: Arc<Policy>,
    /// What is wrong in the files, a sentence each, with file and line.
    pub(super) problems: Vec<String>,
    /// Files that could not be read.
    pub(super) unreadable: Vec<String>,
}

impl Policies {
    /// Policies with one for all notes, if `file` names it; a sentence if that cannot be read.
    pub(super) fn new(file: Option<&Path>) -> Result<Self, String> {
        let mut policies = Self {
            built_in: Arc::new(Policy::default().on(today())),
            ..Self::default()
        };
        if let Some(file) = file {
            let text = read(file)?;
            policies.given = Some(policies.understood(&text, &file.display().to_string()));
        }
        Ok(policies)
    }

    pub(super) fn of(&mut self, folder: &Path) -> Arc<Policy> {
        if let Some(given) = &self.given {
            return Arc::clone(given);
        }
        self.upward(&whole(folder))
    }

    /// All that are known so far, each once.
    pub(super) fn all(&self) -> Vec<Arc<Policy>> {
        let mut all: Vec<Arc<Policy>> = Vec::new();
        let given = self.given.iter().chain([&self.built_in]);
        for policy in given.chain(self.by_folder.values()) {
            if !all.iter().any(|known| Arc::ptr_eq(known, policy)) {
                all.push(Arc::clone(policy));
            }
        }
        all
    }

    fn upward(&mut self, folder: &Path) -> Arc<Policy> {
        if let Some(known) = self.by_folder.get(folder) {
            return Arc::clone(known);
        }
        let file = folder.join(FILE);
        let policy = if file.is_file() {
            match read(&file) {
                Ok(text) => self.understood(&text, &shown(&file)),
                Err(sentence) => {
                    self.unreadable.push(sentence);
                    Arc::clone(&self.built_in)
                }
            }
        } else {
            match folder.parent() {
                Some(parent) => self.upward(parent),
                None => Arc::clone(&self.built_in),
            }
        };
        self.by_folder
            .insert(folder.to_owned(), Arc::clone(&policy));
        policy
    }

    fn understood(&mut self, text: &str, name: &str) -> Arc<Policy> {
        let (policy, problems) = records::settings(text, name, today());
        self.problems.extend(problems);
        Arc::new(policy)
    }
}

/// The settings file that holds for the notes of a folder, if there is one.
pub(super) fn nearest(folder: &Path) -> Option<PathBuf> {
    let whole = whole(folder);
    let mut files = whole.ancestors().map(|folder| folder.join(FILE));
    files.find(|file| file.is_file())
}

/// A folder from the root.
fn whole(folder: &Path) -> PathBuf {
    let here = folder.as_os_str().is_empty();
    let folder = if here { Path::new(".") } else { folder };
    folder
        .canonicalize()
        .or_else(|_| std::path::absolute(folder))
        .unwrap_or_else(|_| folder.to_owned())
}

/// What a settings file says, or a sentence that names it.
pub(super) fn read(file: &Path) -> Result<String, String> {
    let unread = |why: &str| format!("The settings in {} could not be read: {why}.", shown(file));
    let bytes = std::fs::read(file).map_err(|error| unread(&why(&error)))?;
    String::from_utf8(bytes).map_err(|_| unread("the file is not saved as UTF-8 text"))
}

/// The file as seen from where the user is.
pub(super) fn shown(file: &Path) -> String {
    let here = std::env::current_dir().and_then(|here| here.canonicalize());
    let near = here.ok().and_then(|here| file.strip_prefix(here).ok());
    super::shown(near.unwrap_or(file))
}
