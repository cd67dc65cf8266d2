//! `check --fix` and `check --diff`: what has one plain answer, which the light bulb offers for a whole note.

use std::path::Path;

use similar::TextDiff;

use super::notes::{self, Note};
use super::write;
use crate::editor::actions::{Asked, edits_for};
use crate::editor::format::applied;
use crate::policy::now;
use crate::rules::Finding;
use crate::text::Span;

/// A note as it would be.
struct Fixed {
    text: String,
    findings: usize,
}

/// The note with those of the wanted findings mended that have one answer; `None` if there are none.
fn fixed(note: &Note, wanted: impl Fn(&Finding) -> bool) -> Option<Fixed> {
    let asked = Asked {
        document: &note.document,
        analysis: &note.analysis,
        span: Span::at(0),
        now: now(),
        unbidden: false,
    };
    let edits = edits_for(&asked, wanted);
    (!edits.is_empty()).then(|| Fixed {
        text: applied(&note.document.text(), &edits),
        findings: edits.len(),
    })
}

/// Mends the note's file. The note as it is now, and how many findings were mended; `None` if there was nothing
/// to mend, a sentence if the file could not be written.
pub(super) fn write(
    note: &Note,
    wanted: impl Fn(&Finding) -> bool,
) -> Result<Option<(Note, usize)>, String> {
    let Some(file) = note.file.as_deref().filter(|file| may_change(note, file)) else {
        return Ok(None);
    };
    let Some(fixed) = fixed(note, wanted) else {
        return Ok(None);
    };
    let before = note.document.text();
    let written = notes::read(file)?;
    // The mark that some programs put before UTF-8 text is no part of the note, but it stays.
    let mark = written.strip_suffix(&before).unwrap_or_default();
    let marked = |text: &str| format!("{mark}{text}");
    write::replace(file, &marked(&before), &marked(&fixed.text))?;
    let note = note.mended(file, &fixed.text);
    Ok(Some((note, fixed.findings)))
}

/// What mending would change, as a unified diff; empty if nothing.
pub(super) fn diff(note: &Note, wanted: impl Fn(&Finding) -> bool) -> String {
    let may_change = |file: &Path| may_change(note, file);
    let Some(fixed) = note
        .file
        .as_deref()
        .is_none_or(may_change)
        .then(|| fixed(note, wanted))
        .flatten()
    else {
        return String::new();
    };
    let before = note.document.text();
    let diff = TextDiff::from_lines(&before, &fixed.text);
    let mut diff = diff.unified_diff();
    diff.header(&note.path, &note.path).to_string()
}

/// What a link in a folder points at may be anywhere: it is changed only if it is named.
fn may_change(note: &Note, file: &Path) -> bool {
    note.named || !file.is_symlink()
}
