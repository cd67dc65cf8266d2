//! One JSON object a line for each finding, of the same shape as in the array of `json`.

use std::fmt::Write;

use super::json;
use super::notes::Note;
use crate::rules::Finding;

/// The lines of a note.
pub(super) fn render(note: &Note, findings: impl Iterator<Item = Finding>) -> String {
    let mut out = String::new();
    for object in json::objects(note, findings) {
        let _ = writeln!(out, "{object}");
    }
    out
}
