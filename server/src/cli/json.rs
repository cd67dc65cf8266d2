//! What was found, for other programs, in the shape of [`records::finding`](crate::records::finding).

use super::notes::Note;
use crate::rules::Finding;

/// An object for each finding of a note, without a line break in it.
pub(super) fn objects<'a>(
    note: &'a Note,
    findings: &'a [Finding],
) -> impl Iterator<Item = String> + 'a {
    let places = note.places();
    let entries = findings
        .iter()
        .map(move |finding| places.finding(Some(&note.path), finding));
    entries.filter_map(|entry| serde_json::to_string(&entry).ok())
}

/// The findings of a note, one object a line, with commas between them.
pub(super) fn render(note: &Note, findings: &[Finding]) -> String {
    objects(note, findings).collect::<Vec<_>>().join(",\n")
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
