//! `textDocument/foldingRange`.

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::editor::folding::{self, Fold};
use crate::lsp::backend::Backend;
use crate::lsp::position::position;
use crate::lsp::state::Snapshot;

pub async fn folding_range(
    backend: &Backend,
    params: lsp::FoldingRangeParams,
) -> Result<Option<Vec<lsp::FoldingRange>>> {
    let answer = backend.answer(&params.text_document.uri, |note, analysis| {
        lines_to_fold(note, folding::folds(analysis))
    });
    answer.await
}

/// The folds as whole lines; the outer ones if the client takes no more.
fn lines_to_fold(note: &Snapshot, mut folds: Vec<Fold>) -> Vec<lsp::FoldingRange> {
    let most = note.abilities.most_folds.unwrap_or(u32::MAX);
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    if folds.len() > most {
        folds.sort_by_key(|f| f.depth);
        folds.truncate(most);
        folds.sort_by_key(|f| f.span.start);
    }
    let line = |offset| position(&note.document, offset, note.abilities).line;
    folds
        .into_iter()
        .map(|fold| lsp::FoldingRange {
            start_line: line(fold.span.start),
            start_character: None,
            end_line: line(fold.span.end),
            end_character: None,
            kind: fold.comment.then_some(lsp::FoldingRangeKind::Comment),
            collapsed_text: None,
        })
        .collect()
}
