//! `textDocument/hover`.

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::editor::hover;
use crate::lsp::backend::Backend;
use crate::lsp::convert;

impl Backend {
    pub(in crate::lsp) async fn hover(
        &self,
        params: lsp::HoverParams,
    ) -> Result<Option<lsp::Hover>> {
        let lsp::TextDocumentPositionParams {
            text_document,
            position,
        } = params.text_document_position_params;
        let answer = self.answer(&text_document.uri, move |note, analysis| {
            let offset = convert::offset(&note.document, position, note.abilities);
            hover::hover(analysis, offset).map(|h| convert::hover::hover(note, h))
        });
        Ok(answer.await?.flatten())
    }
}
