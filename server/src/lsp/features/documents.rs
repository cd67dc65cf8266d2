//! `textDocument/didChange`: what becomes of a text.

use serde::Deserialize as _;
use serde_json::Value;
use tower_lsp::gen_lsp_types as lsp;

use crate::lsp::capabilities::Abilities;
use crate::lsp::position::span;
use crate::text::Document;

/// The text after changes, each of which is about the text after the one before. Nothing if one of
/// their ranges ends before it starts: all of them are made, or none.
pub fn changed(
    document: &Document,
    changes: &[lsp::TextDocumentContentChangeEvent],
    abilities: Abilities,
) -> Option<Document> {
    use lsp::TextDocumentContentChangeEvent::{
        TextDocumentContentChangePartial as Piece, TextDocumentContentChangeWholeDocument as Whole,
    };
    let place = |p: lsp::Position| (p.line, p.character);
    let mut document = document.clone();
    for change in changes {
        match change {
            Piece(piece) if place(piece.range.start) > place(piece.range.end) => return None,
            Piece(piece) => {
                let span = span(&document, piece.range, abilities);
                document.replace(span, &piece.text);
            }
            Whole(whole) => document = Document::new(&whole.text),
        }
    }
    Some(document)
}

/// The changes from the last one on that is a new text of the whole document; none if there is no such one.
pub fn from_the_last_text(
    changes: &[lsp::TextDocumentContentChangeEvent],
) -> &[lsp::TextDocumentContentChangeEvent] {
    use lsp::TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument as Whole;
    let last = changes
        .iter()
        .rposition(|change| matches!(change, Whole(_)));
    last.map_or(&[], |last| &changes[last..])
}

/// Whether the parameters are a change: of a version, and each of its parts with a range that can be understood, or none. The
/// framework's types take a part with any other for a new text of the whole document, so that the note would be lost, and
/// drop a message that does not fit without a word: whoever calls the typed handler has to look first.
pub fn is_understood(params: &Value) -> bool {
    let changes = params["contentChanges"].as_array();
    let has_known_range = |change: &Value| {
        let range = Option::<lsp::Range>::deserialize(&change["range"]);
        range.is_ok()
    };
    changes.is_some_and(|changes| changes.iter().all(has_known_range))
        && lsp::DidChangeTextDocumentParams::deserialize(params).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_range_that_cannot_be_understood_is_no_new_text() {
        let with = |version: Value, range: Value| {
            let change = json!({"text": "x", "range": range});
            let note = json!({"uri": "file:///1.soap", "version": version});
            is_understood(&json!({"textDocument": note, "contentChanges": [change]}))
        };
        let range = |line: i32| {
            let place = json!({"line": line, "character": 0});
            json!({"start": place, "end": place})
        };
        assert!(with(1.into(), range(0)) && with(1.into(), Value::Null));
        assert!(
            !with(1.into(), range(-1))
                && !with(1.into(), "here".into())
                && !with(1.into(), json!({}))
        );
        assert!(!with(Value::Null, range(0)) && !with(1.5.into(), range(0)));
    }
}
