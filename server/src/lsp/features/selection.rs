//! `textDocument/selectionRange`.

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::editor::selection;
use crate::lsp::backend::Backend;
use crate::lsp::position::{offset, range};
use crate::lsp::state::Snapshot;
use crate::text::Span;

pub async fn selection_range(
    backend: &Backend,
    params: lsp::SelectionRangeParams,
) -> Result<Option<Vec<lsp::SelectionRange>>> {
    let answer = backend.answer(&params.text_document.uri, move |note, analysis| {
        let positions = params.positions.into_iter();
        positions
            .map(|position| {
                let offset = offset(&note.document, position, note.abilities);
                let spans = selection::selections(analysis, offset);
                nested(note, &spans)
            })
            .collect()
    });
    answer.await
}

/// Growing spans, the smallest outermost in the answer. There is at least one.
fn nested(note: &Snapshot, spans: &[Span]) -> lsp::SelectionRange {
    let ranges = spans
        .iter()
        .map(|span| range(&note.document, *span, note.abilities));
    let mut growing: Vec<lsp::Range> = ranges.collect();
    // Of a line break's two halves the protocol knows one place only.
    growing.dedup();
    let mut ranges = growing.into_iter().rev();
    let document = lsp::SelectionRange {
        range: ranges.next().unwrap_or_default(),
        parent: None,
    };
    ranges.fold(document, |parent, range| lsp::SelectionRange {
        range,
        parent: Some(Box::new(parent)),
    })
}
