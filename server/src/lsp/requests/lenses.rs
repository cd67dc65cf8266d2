//! `textDocument/codeLens`.

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::editor::lenses;
use crate::lsp::backend::Backend;
use crate::lsp::convert;

impl Backend {
    pub(in crate::lsp) async fn code_lens(
        &self,
        params: lsp::CodeLensParams,
    ) -> Result<Option<Vec<lsp::CodeLens>>> {
        let answer = self.answer(&params.text_document.uri, |note, analysis| {
            let lenses = lenses::lenses(analysis).into_iter();
            lenses
                .map(|lens| convert::lenses::code_lens(note, lens))
                .collect()
        });
        answer.await
    }
}
