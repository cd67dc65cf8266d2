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

/// Whether each change of the parameters has a range that can be understood, or none. The framework's
/// types take a change with any other for a new text of the whole document, so that the note would be
/// lost: whoever calls the typed handler has to look first.
pub fn has_known_ranges(params: &Value) -> bool {
    let changes = params["contentChanges"].as_array();
    changes.into_iter().flatten().all(|change| {
        let range = Option::<lsp::Range>::deserialize(&change["range"]);
        range.is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_that_cannot_be_understood_is_no_new_text() {
        let with = |range: Value| {
            let change = serde_json::json!({"text": "x", "range": range});
            has_known_ranges(&serde_json::json!({"contentChanges": [change]}))
        };
        let range = |line: i32| {
            let place = serde_json::json!({"line": line, "character": 0});
            serde_json::json!({"start": place, "end": place})
        };
        assert!(with(range(0)) && with(Value::Null));
        assert!(!with(range(-1)) && !with("here".into()) && !with(serde_json::json!({})));
        let whole = serde_json::json!({"contentChanges": [{"text": "x"}]});
        assert!(has_known_ranges(&whole));
    }
}
