//! What was found, for other programs. The shape is a contract: see `docs/architecture.md`.

use serde::Serialize;

use super::notes::Note;
use crate::rules::Finding;
use crate::text::{Document, Encoding, Span};

#[derive(Serialize)]
struct Entry<'a> {
    path: &'a str,
    rule: &'a str,
    severity: &'a str,
    message: &'a str,
    #[serde(flatten)]
    place: Place,
    source: &'a str,
    /// Its rule's page, if a release has one.
    url: Option<String>,
    fixes: Vec<Fix<'a>>,
    related: Vec<Related<'a>>,
}

#[derive(Serialize)]
struct Fix<'a> {
    title: &'a str,
    edits: Vec<Edit<'a>>,
}

#[derive(Serialize)]
struct Edit<'a> {
    #[serde(flatten)]
    place: Place,
    text: &'a str,
}

#[derive(Serialize)]
struct Related<'a> {
    message: &'a str,
    #[serde(flatten)]
    place: Place,
}

#[derive(Serialize)]
struct Place {
    start: Location,
    end: Location,
}

/// Line and column from 1, the column in Unicode scalar values.
#[derive(Serialize)]
struct Location {
    line: usize,
    column: usize,
}

fn place(document: &Document, span: Span) -> Place {
    let location = |offset: usize| {
        let position = document.position(offset, Encoding::Utf32);
        Location {
            line: position.line + 1,
            column: position.character + 1,
        }
    };
    Place {
        start: location(span.start),
        end: location(span.end),
    }
}

/// An object for each finding of a note, without a line break in it.
pub(super) fn objects<'a>(
    note: &'a Note,
    findings: &'a [Finding],
) -> impl Iterator<Item = String> + 'a {
    let entries = findings.iter().map(|finding| entry(note, finding));
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

fn entry<'a>(note: &'a Note, finding: &'a Finding) -> Entry<'a> {
    let place = |span| place(&note.document, span);
    let fixes = finding.fixes.iter().map(|fix| {
        let edits = fix.edits.iter().map(|edit| Edit {
            place: place(edit.span),
            text: &edit.text,
        });
        Fix {
            title: &fix.title,
            edits: edits.collect(),
        }
    });
    let related = finding.related.iter().map(|related| Related {
        message: &related.message,
        place: place(related.span),
    });
    Entry {
        path: &note.path,
        rule: finding.rule.name,
        severity: finding.level.word(),
        message: &finding.message,
        place: place(finding.span),
        source: finding.rule.source,
        url: finding.rule.url(),
        fixes: fixes.collect(),
        related: related.collect(),
    }
}
