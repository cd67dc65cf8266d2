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
    start: Location,
    end: Location,
    source: &'a str,
    url: String,
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
    start: Location,
    end: Location,
    text: &'a str,
}

#[derive(Serialize)]
struct Related<'a> {
    message: &'a str,
    start: Location,
    end: Location,
}

/// A place: line and column from 1, the column in Unicode scalar values.
#[derive(Serialize)]
struct Location {
    line: usize,
    column: usize,
}

fn place(document: &Document, offset: usize) -> Location {
    let position = document.position(offset, Encoding::Utf32);
    Location {
        line: position.line + 1,
        column: position.character + 1,
    }
}

/// The findings of a note, one object a line, with commas between them.
pub(super) fn render(note: &Note) -> String {
    let entries = note.analysis.findings().into_iter().filter_map(|f| {
        let entry = entry(note, &f);
        serde_json::to_string(&entry).ok()
    });
    entries.collect::<Vec<_>>().join(",\n")
}

/// The objects of all notes as one array.
pub(super) fn array<'a>(objects: impl Iterator<Item = &'a str>) -> String {
    let objects: Vec<&str> = objects.collect();
    if objects.is_empty() {
        "[]\n".to_owned()
    } else {
        format!("[\n{}\n]\n", objects.join(",\n"))
    }
}

fn entry<'a>(note: &'a Note, finding: &'a Finding) -> Entry<'a> {
    let ends = |span: Span| {
        (
            place(&note.document, span.start),
            place(&note.document, span.end),
        )
    };
    let (start, end) = ends(finding.span);
    Entry {
        path: &note.path,
        rule: finding.rule.name,
        severity: finding.level.word(),
        message: &finding.message,
        start,
        end,
        source: finding.rule.source,
        url: finding.rule.url(),
        fixes: finding
            .fixes
            .iter()
            .map(|fix| Fix {
                title: &fix.title,
                edits: fix
                    .edits
                    .iter()
                    .map(|edit| {
                        let (start, end) = ends(edit.span);
                        Edit {
                            start,
                            end,
                            text: &edit.text,
                        }
                    })
                    .collect(),
            })
            .collect(),
        related: finding
            .related
            .iter()
            .map(|related| {
                let (start, end) = ends(related.span);
                Related {
                    message: &related.message,
                    start,
                    end,
                }
            })
            .collect(),
    }
}
