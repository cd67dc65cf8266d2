//! The changes of a text.

use serde::Deserialize;
use tower_lsp::gen_lsp_types as lsp;

use super::span;
use crate::lsp::capabilities::Abilities;
use crate::text::Document;

/// The parameters of `textDocument/didChange`, stricter than the framework's: there, a change whose
/// range cannot be understood counts as a new text for the whole document.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Changes {
    /// The document and its version after the changes.
    pub text_document: Versioned,
    /// The changes; each is about the text after the one before.
    pub content_changes: Vec<Change>,
}

/// A document and its version. The framework's own type is put together in a way that takes longer
/// than all the rest of a keystroke's message.
#[derive(Debug, Deserialize)]
pub struct Versioned {
    /// Its address.
    pub uri: lsp::Uri,
    /// Its version.
    pub version: i32,
}

/// A change to a document.
#[derive(Debug, Deserialize)]
pub struct Change {
    /// What is replaced; nothing for the whole document.
    pub range: Option<lsp::Range>,
    /// By what.
    pub text: String,
}

impl Change {
    /// Whether the range ends before it starts.
    pub fn is_inverted(&self) -> bool {
        let place = |p: lsp::Position| (p.line, p.character);
        self.range
            .is_some_and(|range| place(range.start) > place(range.end))
    }

    /// Makes the change.
    pub fn apply(&self, document: &mut Document, abilities: Abilities) {
        match self.range {
            Some(range) => {
                let span = span(document, range, abilities);
                document.replace(span, &self.text);
            }
            None => *document = Document::new(&self.text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_that_cannot_be_understood_is_no_new_text() {
        let change = serde_json::json!({
            "range": {"start": {"line": -1, "character": 0}, "end": {"line": 0, "character": 0}},
            "text": "x",
        });
        assert!(serde_json::from_value::<Change>(change).is_err());
    }
}
