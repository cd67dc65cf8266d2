//! Where a note's policy comes from: the nearest `soapstone.toml` at or above the note's folder,
//! alone, if there is one; else the editor's settings. The two are never mixed, so that a practice's
//! file means the same in every editor and on the command line.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;

use crate::policy::{Policy, Problem, today};
use crate::rules;

/// The name of the file.
pub const FILE: &str = "soapstone.toml";
/// The editor's section of settings.
pub const SECTION: &str = "soapstone";
/// Settings of the section that an editor's extension reads, not the server.
const EDITOR_KEYS: &[&str] = &["trace", "server"];
/// No one writes a settings file of this size by hand.
const LARGEST: u64 = 1 << 20;

/// An editor's settings, read.
#[derive(Debug)]
pub struct EditorSettings {
    policy: Arc<Policy>,
    problems: Vec<Problem>,
}

impl EditorSettings {
    /// Reads the section.
    pub fn of(section: &Value) -> Self {
        let mut section = section.clone();
        if let Value::Object(map) = &mut section {
            map.retain(|key, _| !EDITOR_KEYS.contains(&key.as_str()));
        }
        let (policy, problems) = rules::read_settings(&section);
        Self {
            policy: Arc::new(policy.on(today())),
            problems,
        }
    }
}

impl Default for EditorSettings {
    fn default() -> Self {
        Self {
            policy: Arc::new(Policy::default().on(today())),
            problems: Vec::new(),
        }
    }
}

/// The section in an object that either is it or holds it; nothing for `null` and the like.
pub fn section(settings: &Value) -> Option<&Value> {
    let object = settings.as_object()?;
    match object.get(SECTION) {
        Some(section) => section.as_object().map(|_| section),
        None => Some(settings),
    }
}

/// A policy and where it is from.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The policy.
    pub policy: Arc<Policy>,
    /// The file, or nothing for the editor's settings.
    pub file: Option<PathBuf>,
    /// What could not be understood.
    pub problems: Vec<Problem>,
}

/// The file that holds for the note at a path: the nearest one there is, else the one that could be
/// made beside the note.
pub fn project_file(note: &Path) -> Option<(PathBuf, Option<String>)> {
    let mut folders = note.ancestors().skip(1);
    let found = folders
        .clone()
        .map(|f| f.join(FILE))
        .find(|file| file.is_file());
    match found {
        Some(file) => read(&file).ok().map(|text| (file, Some(text))),
        None => folders.next().map(|folder| (folder.join(FILE), None)),
    }
}

/// The policy of the note at a path; of one without a path, the editor's.
pub fn load(note: Option<&Path>, editor: &EditorSettings) -> Loaded {
    let folders = note.into_iter().flat_map(|note| note.ancestors().skip(1));
    let found = folders.map(|f| f.join(FILE)).find(|file| file.is_file());
    let Some(file) = found else {
        return Loaded {
            policy: Arc::clone(&editor.policy),
            file: None,
            problems: editor.problems.clone(),
        };
    };
    let (policy, problems) = match read(&file) {
        Ok(text) => {
            let (policy, mut problems) = rules::read_policy(&text);
            let policy = policy.with_release(file.parent().unwrap_or(&file), &mut problems);
            (Arc::new(policy.on(today())), problems)
        }
        Err(why) => {
            let message = format!("This file cannot be read: {why}.");
            let problem = Problem {
                line: None,
                message,
            };
            (Arc::clone(&editor.policy), vec![problem])
        }
    };
    Loaded {
        policy,
        file: Some(file),
        problems,
    }
}

fn read(file: &Path) -> Result<String, String> {
    let size = std::fs::metadata(file).map_err(|e| e.to_string())?.len();
    if size > LARGEST {
        return Err("it is too large".to_owned());
    }
    std::fs::read_to_string(file).map_err(|e| e.to_string())
}

/// What to tell the user about problems in a file or in the editor's settings.
pub fn describe(file: Option<&Path>, problems: &[Problem]) -> String {
    let place = file.map_or_else(
        || "Soapstone's settings in the editor".to_owned(),
        |file| file.display().to_string(),
    );
    let lines = problems.iter().map(|problem| match problem.line {
        Some(line) => format!("{place}, line {line}: {}", problem.message),
        None => format!("{place}: {}", problem.message),
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_section_is_found_in_either_shape() {
        let inner = json!({"payer": "medicare"});
        assert_eq!(section(&inner), Some(&inner));
        assert_eq!(section(&json!({"soapstone": inner})), Some(&inner));
        assert_eq!(section(&json!({"soapstone": null})), None);
        assert_eq!(section(&json!(null)), None);
    }

    #[test]
    fn the_nearest_file_holds_alone() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/b");
        std::fs::create_dir_all(&inner).unwrap();
        std::fs::write(folder.path().join(FILE), "payer = \"medicare\"").unwrap();
        let note = inner.join("note.soap");
        let editor = EditorSettings::of(&json!({"rules": {"missing-goal": "off"}}));
        let loaded = load(Some(&note), &editor);
        assert_eq!(loaded.policy.payer.as_deref(), Some("medicare"));
        assert!(loaded.policy.rules.is_empty());
        std::fs::write(inner.join(FILE), "payr = 1").unwrap();
        let loaded = load(Some(&note), &editor);
        assert_eq!(loaded.policy.payer, None);
        assert_eq!(loaded.problems[0].line, Some(1));
        assert_eq!(load(None, &editor).policy.rules.len(), 1);
    }

    #[test]
    fn what_the_extension_reads_is_no_problem() {
        let settings = json!({"trace": {"server": "off"}, "server": {"path": "x"}, "payer": null});
        assert_eq!(EditorSettings::of(&settings).problems, []);
    }
}
