//! `textDocument/semanticTokens/full`, its `delta`, and `range`.

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::lsp::backend::Backend;
use crate::lsp::convert;

impl Backend {
    pub(in crate::lsp) async fn tokens_full(
        &self,
        params: lsp::SemanticTokensParams,
    ) -> Result<Option<lsp::SemanticTokens>> {
        let answer = self.answer(&params.text_document.uri, |note, analysis| {
            let mut memory = note.tokens.lock();
            memory.full(analysis, note.abilities.encoding)
        });
        answer.await
    }

    pub(in crate::lsp) async fn tokens_delta(
        &self,
        params: lsp::SemanticTokensDeltaParams,
    ) -> Result<Option<lsp::SemanticTokensDeltaResponse>> {
        let since = params.previous_result_id;
        let answer = self.answer(&params.text_document.uri, move |note, analysis| {
            let mut memory = note.tokens.lock();
            memory.delta(analysis, note.abilities.encoding, &since)
        });
        answer.await
    }

    pub(in crate::lsp) async fn tokens_range(
        &self,
        params: lsp::SemanticTokensRangeParams,
    ) -> Result<Option<lsp::SemanticTokens>> {
        let lines = params.range.start.line..=params.range.end.line;
        let answer = self.answer(&params.text_document.uri, move |note, analysis| {
            let line_of = |offset| convert::position(&note.document, offset, note.abilities).line;
            let memory = note.tokens.lock();
            memory.range(analysis, note.abilities.encoding, lines, line_of)
        });
        answer.await
    }
}
