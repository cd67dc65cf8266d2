//! Places and edits between the protocol's values and ours. Beside the [features](super::features),
//! which use it, the only place that knows how the client counts characters.

use std::collections::HashMap;

use tower_lsp::gen_lsp_types as lsp;

use super::capabilities::Abilities;
use super::state::Snapshot;
use crate::editor::completion::{placeholders, tab_stops};
use crate::rules::Edit;
use crate::text::{Document, Encoding, Position, Span};

pub fn offset(document: &Document, position: lsp::Position, abilities: Abilities) -> usize {
    let position = Position {
        line: position.line as usize,
        character: position.character as usize,
    };
    document.offset(position, abilities.encoding)
}

/// The span of a range; an empty one for a range that ends before it starts.
pub fn span(document: &Document, range: lsp::Range, abilities: Abilities) -> Span {
    let start = offset(document, range.start, abilities);
    if range.start == range.end {
        return Span::at(start);
    }
    Span::new(start, offset(document, range.end, abilities).max(start))
}

pub fn position(document: &Document, offset: usize, abilities: Abilities) -> lsp::Position {
    of_protocol(document.position(offset, abilities.encoding))
}

pub fn range(document: &Document, span: Span, abilities: Abilities) -> lsp::Range {
    lsp::Range {
        start: position(document, span.start, abilities),
        end: position(document, span.end, abilities),
    }
}

fn of_protocol(position: Position) -> lsp::Position {
    let unit = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    lsp::Position {
        line: unit(position.line),
        character: unit(position.character),
    }
}

pub fn location(note: &Snapshot, span: Span) -> lsp::Location {
    lsp::Location {
        uri: note.uri.clone(),
        range: range(&note.document, span, note.abilities),
    }
}

pub fn text_edits(note: &Snapshot, edits: Vec<Edit>) -> Vec<lsp::TextEdit> {
    let edits = edits.into_iter().map(|edit| lsp::TextEdit {
        range: range(&note.document, edit.span, note.abilities),
        new_text: edit.text,
    });
    edits.collect()
}

/// The edits of a note as an edit of the workspace, meant for the version that was looked at. Blanks that they bring
/// are tab stops for an editor that has them.
pub fn workspace_edit(note: &Snapshot, mut edits: Vec<Edit>) -> lsp::WorkspaceEdit {
    edits.sort_by_key(|e| e.span);
    if !note.abilities.versioned_edits {
        let edits = text_edits(note, edits);
        return lsp::WorkspaceEdit {
            changes: Some(HashMap::from([(note.uri.clone(), edits)])),
            ..Default::default()
        };
    }
    let with_stops = note.abilities.snippet_edits && brings_blanks(&note.document, &edits);
    let mut stop = 0;
    let edits = edits.into_iter().map(|edit| {
        let range = range(&note.document, edit.span, note.abilities);
        let snippet = with_stops
            .then(|| tab_stops(&edit.text, &mut stop))
            .flatten();
        match snippet {
            Some(value) => {
                let snippet = lsp::StringValue::new(value);
                lsp::SnippetTextEdit::new(range, snippet, None).into()
            }
            None => lsp::Edit::TextEdit(lsp::TextEdit {
                range,
                new_text: edit.text,
            }),
        }
    });
    let edit = lsp::TextDocumentEdit {
        text_document: lsp::OptionalVersionedTextDocumentIdentifier {
            version: Some(note.version),
            text_document_identifier: lsp::TextDocumentIdentifier::new(note.uri.clone()),
        },
        edits: edits.collect(),
    };
    lsp::WorkspaceEdit {
        document_changes: Some(vec![edit.into()]),
        ..Default::default()
    }
}

/// Whether there are more blanks after the edits than before; what only moves brings none. An editor indents the
/// further lines of a snippet like the line that it goes into, so that none goes into an indented one.
fn brings_blanks(document: &Document, edits: &[Edit]) -> bool {
    let before = edits.iter().map(|e| placeholders(&document.slice(e.span)));
    let after = edits.iter().map(|e| placeholders(&e.text));
    let is_indented = |edit: &Edit| {
        let line = Position {
            line: document.line_of(edit.span.start),
            character: 0,
        };
        let start = document.offset(line, Encoding::Utf8);
        let before = document.slice(Span::new(start, edit.span.start));
        edit.text.contains(['\n', '\r']) && before.starts_with([' ', '\t'])
    };
    after.sum::<usize>() > before.sum() && !edits.iter().any(is_indented)
}
