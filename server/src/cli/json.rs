//! What was found, for other programs, in the shape of [`records::finding`](crate::records::finding).

use super::notes::Note;
use crate::rules::Finding;

/// An object for each finding of a note, without a line break in it.
pub(super) fn objects(
    note: &Note,
    findings: impl Iterator<Item = Finding>,
) -> impl Iterator<Item = String> {
    let places = note.places();
    findings.filter_map(move |finding| {
        serde_json::to_string(&places.finding(Some(&note.path), &finding)).ok()
    })
}

/// The findings of a note, one object a line, with commas between them.
pub(super) fn render(note: &Note, findings: impl Iterator<Item = Finding>) -> String {
    listed(objects(note, findings))
}

/// Objects with commas between them.
pub(super) fn listed(objects: impl Iterator<Item = String>) -> String {
    let mut out = String::new();
    for object in objects {
        if !out.is_empty() {
            out.push_str(",\n");
        }
        out.push_str(&object);
    }
    out
}

/// An array that is printed object by object, so that not all of them are kept.
#[derive(Default)]
pub(super) struct Array {
    begun: bool,
}

impl Array {
    pub(super) fn push(&mut self, objects: &str, output: &mut String) {
        if !objects.is_empty() {
            output.push_str(if self.begun { ",\n" } else { "[\n" });
            output.push_str(objects);
            self.begun = true;
        }
    }

    pub(super) fn end(&self) -> &'static str {
        if self.begun { "\n]\n" } else { "[]\n" }
    }
}
