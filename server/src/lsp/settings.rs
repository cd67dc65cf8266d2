//! Where a note's policy comes from: the nearest `soapstone.toml` at or above the note's folder,
//! alone, if there is one; else the editor's settings. The two are never mixed, so that a practice's
//! file means the same in every editor and on the command line.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;

use crate::policy::{Policy, Problem, read_text, today};
use crate::rules;

pub const FILE: &str = "soapstone.toml";
/// The editor's section of settings.
pub const SECTION: &str = "soapstone";
/// Settings of the section that an editor's extension reads, not the server.
const EDITOR_KEYS: &[&str] = &["trace", "server", "commands"];
/// The setting of the section that says whether charts that are not open are looked at.
const WORKSPACE_KEY: &str = "workspace";
/// No one writes a settings file of this size by hand.
const LARGEST: u64 = 1 << 20;

/// No one reads more of what is wrong with them at once.
const MOST_DESCRIBED: usize = 20;

/// An editor's settings, read.
#[derive(Debug)]
pub struct EditorSettings {
    policy: Arc<Policy>,
    problems: Vec<Problem>,
    /// Whether the charts of the workspace's folders are looked at while they are not open.
    pub workspace: bool,
}

impl EditorSettings {
    pub fn of(section: &Value) -> Self {
        let mut section = section.clone();
        let mut workspace = Value::Null;
        if let Value::Object(map) = &mut section {
            map.retain(|key, _| !EDITOR_KEYS.contains(&key.as_str()));
            workspace = map.remove(WORKSPACE_KEY).unwrap_or_default();
        }
        let (policy, mut problems) = rules::read_settings(&section);
        if !workspace.is_boolean() && !workspace.is_null() {
            let message = format!("\"{WORKSPACE_KEY}\" is true or false.");
            problems.push(Problem {
                line: None,
                message,
            });
        }
        Self {
            policy: Arc::new(policy.on(today())),
            problems,
            workspace: workspace.as_bool().unwrap_or(true),
        }
    }
}

impl Default for EditorSettings {
    fn default() -> Self {
        Self {
            policy: Arc::new(Policy::default().on(today())),
            problems: Vec::new(),
            workspace: true,
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
    pub policy: Arc<Policy>,
    /// The file, or nothing for the editor's settings.
    pub file: Option<PathBuf>,
    pub problems: Vec<Problem>,
}

/// The file that holds for the note at a path: the nearest one there is, else the one that could be
/// made beside the note.
pub fn project_file(note: &Path) -> Option<(PathBuf, Option<String>)> {
    match nearest_file(note) {
        Some(file) => read_text(&file, LARGEST)
            .ok()
            .map(|text| (file, Some(text))),
        None => note.parent().map(|folder| (folder.join(FILE), None)),
    }
}

/// The policy of the note at a path; of one without a path, the editor's.
pub fn load(note: Option<&Path>, editor: &EditorSettings) -> Loaded {
    load_file(note.and_then(nearest_file), editor)
}

fn nearest_file(note: &Path) -> Option<PathBuf> {
    let mut files = note.ancestors().skip(1).map(|folder| folder.join(FILE));
    files.find(|file| file.is_file())
}

/// The policies of many notes: each file is looked for once in each folder, and read once.
#[derive(Debug)]
pub struct Policies<'a> {
    editor: &'a EditorSettings,
    by_folder: HashMap<PathBuf, Option<PathBuf>>,
    by_file: HashMap<Option<PathBuf>, Loaded>,
}

impl<'a> Policies<'a> {
    pub fn new(editor: &'a EditorSettings) -> Self {
        Self {
            editor,
            by_folder: HashMap::new(),
            by_file: HashMap::new(),
        }
    }

    /// The policy of the note at a path, as [`load`] has it.
    pub fn of(&mut self, note: &Path) -> Arc<Policy> {
        let file = note.parent().and_then(|folder| self.file_of(folder));
        let editor = self.editor;
        let loaded = self.by_file.entry(file.clone());
        let loaded = loaded.or_insert_with(|| load_file(file, editor));
        Arc::clone(&loaded.policy)
    }

    pub fn loaded(self) -> impl Iterator<Item = Loaded> {
        self.by_file.into_values()
    }

    fn file_of(&mut self, folder: &Path) -> Option<PathBuf> {
        if let Some(known) = self.by_folder.get(folder) {
            return known.clone();
        }
        let here = folder.join(FILE);
        let file = if here.is_file() {
            Some(here)
        } else {
            folder.parent().and_then(|above| self.file_of(above))
        };
        self.by_folder.insert(folder.to_owned(), file.clone());
        file
    }
}

fn load_file(file: Option<PathBuf>, editor: &EditorSettings) -> Loaded {
    let Some(file) = file else {
        return Loaded {
            policy: Arc::clone(&editor.policy),
            file: None,
            problems: editor.problems.clone(),
        };
    };
    let (policy, problems) = match read_text(&file, LARGEST) {
        Ok(text) => {
            let (policy, mut problems) = rules::read_policy(&text);
            let policy = policy.with_tables(file.parent().unwrap_or(&file), &mut problems);
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

/// What to report to the user about problems in a file or in the editor's settings.
pub fn describe(file: Option<&Path>, problems: &[Problem]) -> String {
    let place = file.map_or_else(
        || "Soapstone's settings in the editor".to_owned(),
        |file| file.display().to_string(),
    );
    let lines = problems.iter().map(|problem| match problem.line {
        Some(line) => format!("{place}, line {line}: {}", problem.message),
        None => format!("{place}: {}", problem.message),
    });
    let more = problems.len().saturating_sub(MOST_DESCRIBED);
    let rest = (more > 0).then(|| format!("{place}: and {more} more."));
    let lines = lines.take(MOST_DESCRIBED).chain(rest);
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
    fn the_policies_of_many_notes_are_those_of_each() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(at("a/b")).unwrap();
        std::fs::create_dir_all(at("c")).unwrap();
        std::fs::write(at(FILE), "payer = \"medicare\"").unwrap();
        std::fs::write(at("a").join(FILE), "payer = \"commercial\"").unwrap();
        let editor = EditorSettings::default();
        let mut policies = Policies::new(&editor);
        for note in ["1.soap", "a/2.soap", "a/b/3.soap", "a/b/4.soap", "c/5.soap"] {
            let one = load(Some(&at(note)), &editor).policy;
            assert_eq!(*policies.of(&at(note)), *one, "{note}");
        }
        assert_eq!(policies.loaded().count(), 2);
    }

    #[test]
    fn whether_other_charts_are_looked_at() {
        let of = |value: Value| EditorSettings::of(&json!({"workspace": value}));
        assert!(of(json!(null)).workspace && EditorSettings::default().workspace);
        assert!(!of(json!(false)).workspace);
        assert_eq!(of(json!(true)).problems, []);
        assert_eq!(of(json!("yes")).problems.len(), 1);
    }

    #[test]
    fn what_the_extension_reads_is_no_problem() {
        let settings = json!({"trace": {"server": "off"}, "server": {"path": "x"}, "payer": null});
        assert_eq!(EditorSettings::of(&settings).problems, []);
    }
}
