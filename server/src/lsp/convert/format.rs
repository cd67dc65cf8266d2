//! Formatting.

use tower_lsp::gen_lsp_types as lsp;

use super::range;
use crate::editor::format::Wishes;
use crate::lsp::state::Snapshot;
use crate::rules::Edit;

/// What the client wishes. The width of a tab is no matter: a note is indented by blanks, two of
/// them below a modality.
pub fn wishes(options: lsp::FormattingOptions) -> Wishes {
    Wishes {
        trims_blanks: options.trim_trailing_whitespace.unwrap_or(true),
        ends_with_break: options.insert_final_newline.unwrap_or(true),
    }
}

/// The edits of a note.
pub fn text_edits(note: &Snapshot, edits: Vec<Edit>) -> Vec<lsp::TextEdit> {
    let edits = edits.into_iter().map(|edit| lsp::TextEdit {
        range: range(&note.document, edit.span, note.abilities),
        new_text: edit.text,
    });
    edits.collect()
}
