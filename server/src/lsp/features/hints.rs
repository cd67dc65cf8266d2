//! `textDocument/inlayHint`.

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::editor::hints::{self, Hint};
use crate::lsp::backend::Backend;
use crate::lsp::position::{position, span};
use crate::lsp::state::Snapshot;

pub async fn inlay_hint(
    backend: &Backend,
    params: lsp::InlayHintParams,
) -> Result<Option<Vec<lsp::InlayHint>>> {
    let answer = backend.answer(&params.text_document.uri, move |note, analysis| {
        let span = span(&note.document, params.range, note.abilities);
        let hints = hints::hints(analysis, span).into_iter();
        let near = hints.filter(|hint| span.touches(hint.offset));
        near.map(|hint| converted(note, hint)).collect()
    });
    answer.await
}

fn converted(note: &Snapshot, hint: Hint) -> lsp::InlayHint {
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
