//! `check --watch`: the notes again as soon as they are saved.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use notify::{Event, EventKind, RecursiveMode, Watcher};

use super::config::FILE;
use super::notes::Selection;
use super::{Exit, complain, counted};

/// An editor writes a note in several steps, which are one change.
const SETTLED: Duration = Duration::from_millis(150);

/// Runs `check` over all notes, then over those that change, until the program is stopped.
pub(super) fn watch(
    selection: &Selection,
    check: impl Fn(&Selection) -> Result<Exit, String>,
) -> Result<Exit, String> {
    let (sender, changes) = channel();
    let unwatched = |error: notify::Error| format!("The notes cannot be watched: {error}.");
    // Watching begins before the first check, so that no change falls between the two.
    let mut watcher = notify::recommended_watcher(sender).map_err(unwatched)?;
    for (path, mode) in watched(selection.paths()) {
        watcher.watch(&path, mode).map_err(unwatched)?;
    }
    check(selection)?;
    complain("Waiting for notes to change; Ctrl-C ends this.");
    while let Some(changed) = next(&changes) {
        let is_settings = |path: &PathBuf| path.file_name().is_some_and(|name| name == FILE);
        let files = selection.files(&mut Vec::new()).into_iter();
        let mut notes: Vec<PathBuf> = files.map(|(file, _)| file).collect();
        if !changed.iter().any(is_settings) {
            notes.retain(|note| changed.contains(&whole(note)));
        }
        match notes.as_slice() {
            [] => continue,
            [note] => complain(&format!("\n{} again:", note.display())),
            notes => complain(&format!("\n{} again:", counted(notes.len(), "note"))),
        }
        // Settings that are being written may be wrong for a while.
        if let Err(sentence) = check(&selection.of(notes)) {
            complain(&sentence);
        }
    }
    Ok(Exit::Fine)
}

/// What has to be watched. Most editors put a new file in the place of the old one, which only its folder tells.
fn watched(paths: &[PathBuf]) -> Vec<(PathBuf, RecursiveMode)> {
    let folder_of = |file: &Path| match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    let mut folders = Vec::new();
    for path in paths {
        folders.push(if path.is_dir() {
            (path.clone(), RecursiveMode::Recursive)
        } else {
            (folder_of(path), RecursiveMode::NonRecursive)
        });
    }
    // Of two ways to watch a folder the one that sees more is the last.
    folders.sort_by_key(|(_, mode)| *mode == RecursiveMode::Recursive);
    folders
}

/// The files that changed next, with all that changed shortly after. Nothing if there can be no more.
fn next(events: &Receiver<notify::Result<Event>>) -> Option<BTreeSet<PathBuf>> {
    let mut changed = BTreeSet::new();
    let mut add = |event: notify::Result<Event>| {
        // To read a note is no change, else every check would ask for the next one.
        if let Ok(event) = event
            && !matches!(event.kind, EventKind::Access(_))
        {
            changed.extend(event.paths.iter().map(|path| whole(path)));
        }
    };
    add(events.recv().ok()?);
    while let Ok(event) = events.recv_timeout(SETTLED) {
        add(event);
    }
    Some(changed)
}

/// The path from the root, by which a note and what is told of it are compared.
fn whole(path: &Path) -> PathBuf {
    let folder = path.parent().and_then(|folder| {
        let here = folder.as_os_str().is_empty();
        let folder = if here { Path::new(".") } else { folder };
        folder.canonicalize().ok()
    });
    match (folder, path.file_name()) {
        (Some(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}
