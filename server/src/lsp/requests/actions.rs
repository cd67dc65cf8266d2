//! `textDocument/codeAction`.

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::lsp::backend::Backend;
use crate::lsp::convert;

impl Backend {
    pub(in crate::lsp) async fn code_action(
        &self,
        params: lsp::CodeActionParams,
    ) -> Result<Option<Vec<lsp::CodeActionResponse>>> {
        if !convert::actions::wants_fixes(params.context.only.as_deref()) {
            return Ok(Some(Vec::new()));
        }
        let answer = self.answer(&params.text_document.uri, move |note, analysis| {
            let span = convert::span(&note.document, params.range, note.abilities);
            let findings = analysis.findings_in(span);
            let silencing = convert::actions::silencing_actions(note, analysis, &findings);
            let mut actions = convert::actions::code_actions(note, findings);
            actions.extend(silencing);
            actions
        });
        answer.await
    }
}
