//! Inlay hints.

use tower_lsp::gen_lsp_types as lsp;

use super::position;
use crate::editor::hints::Hint;
use crate::lsp::state::Snapshot;

/// An inlay hint.
pub fn inlay_hint(note: &Snapshot, hint: Hint) -> lsp::InlayHint {
    lsp::InlayHint {
        position: position(&note.document, hint.offset, note.abilities),
        label: lsp::Label::String(hint.label),
        kind: None,
        text_edits: None,
        tooltip: Some(lsp::Tooltip::String(hint.tooltip)),
        padding_left: Some(true),
        padding_right: None,
        data: None,
    }
}
