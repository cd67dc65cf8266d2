//! `textDocument/inlayHint`.

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::editor::hints;
use crate::lsp::backend::Backend;
use crate::lsp::convert;

impl Backend {
    pub(in crate::lsp) async fn inlay_hint(
        &self,
        params: lsp::InlayHintParams,
    ) -> Result<Option<Vec<lsp::InlayHint>>> {
        let answer = self.answer(&params.text_document.uri, move |note, analysis| {
            let span = convert::span(&note.document, params.range, note.abilities);
            let hints = hints::hints(analysis, span).into_iter();
            let near = hints.filter(|hint| span.touches(hint.offset));
            near.map(|hint| convert::hints::inlay_hint(note, hint))
                .collect()
        });
        answer.await
    }
}
