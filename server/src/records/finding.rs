//! A finding for other programs. The shape is a contract: see `docs/architecture.md`.

use serde::Serialize;

use crate::rules;
use crate::text::{Document, Encoding, Span};

/// What was found, with its places as people count them.
#[derive(Serialize)]
pub struct Finding<'a> {
    /// The note; nothing where the finding stands beside the name of its record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<&'a str>,
    /// The name of the rule.
    pub rule: &'a str,
    /// `error`, `warning`, `info` or `hint`.
    pub severity: &'a str,
    /// What is wrong, in a sentence without the note's words.
    pub message: &'a str,
    /// The words that are wrong.
    #[serde(flatten)]
    pub place: Place,
    /// Who says so.
    pub source: &'a str,
    /// The rule's page, if a release has one.
    pub url: Option<String>,
    /// What could be done.
    pub fixes: Vec<Fix<'a>>,
    /// Other places that have to do with it.
    pub related: Vec<Related<'a>>,
}

/// Edits that mend a finding, with a title.
#[derive(Serialize)]
pub struct Fix<'a> {
    title: &'a str,
    edits: Vec<Edit<'a>>,
}

#[derive(Serialize)]
struct Edit<'a> {
    #[serde(flatten)]
    place: Place,
    text: &'a str,
}

/// Another place that a finding speaks of.
#[derive(Serialize)]
pub struct Related<'a> {
    message: &'a str,
    #[serde(flatten)]
    place: Place,
}

/// From where to where.
#[derive(Serialize)]
pub struct Place {
    /// The first character.
    pub start: Location,
    /// Behind the last one.
    pub end: Location,
}

/// Line and column from 1, the column in Unicode scalar values.
#[derive(Serialize)]
pub struct Location {
    /// The line.
    pub line: usize,
    /// The character in it.
    pub column: usize,
}

/// A document whose first lines may be none of the reader's: so many bytes were put before the text.
#[derive(Clone, Copy)]
pub(crate) struct Places<'a> {
    pub(crate) document: &'a Document,
    pub(crate) added: usize,
}

impl<'a> Places<'a> {
    /// Where a span stands in the reader's text; what stands before it is at its start.
    fn place(self, span: Span) -> Place {
        let before = self.document.line_of(self.added);
        let location = |offset: usize| {
            let offset = offset.max(self.added);
            let position = self.document.position(offset, Encoding::Utf32);
            Location {
                line: position.line - before + 1,
                column: position.character + 1,
            }
        };
        Place {
            start: location(span.start),
            end: location(span.end),
        }
    }

    /// A finding with its places in the reader's text. A fix of what is not theirs is left out.
    pub(crate) fn finding(self, path: Option<&'a str>, finding: &'a rules::Finding) -> Finding<'a> {
        let is_theirs = |fix: &&rules::Fix| {
            let mut edits = fix.edits.iter();
            edits.all(|edit| edit.span.start >= self.added)
        };
        let fixes = finding.fixes.iter().filter(is_theirs).map(|fix| {
            let edits = fix.edits.iter().map(|edit| Edit {
                place: self.place(edit.span),
                text: &edit.text,
            });
            Fix {
                title: &fix.title,
                edits: edits.collect(),
            }
        });
        let related = finding.related.iter().map(|related| Related {
            message: &related.message,
            place: self.place(related.span),
        });
        Finding {
            path,
            rule: finding.rule.name,
            severity: finding.level.word(),
            message: &finding.message,
            place: self.place(finding.span),
            source: finding.rule.source,
            url: finding.rule.url(),
            fixes: fixes.collect(),
            related: related.collect(),
        }
    }
}
