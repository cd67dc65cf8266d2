//! `textDocument/codeAction`.

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::editor::actions::{self, Asked, Kind};
use crate::lsp::backend::Backend;
use crate::lsp::convert;
use crate::policy::now;

impl Backend {
    pub(in crate::lsp) async fn code_action(
        &self,
        params: lsp::CodeActionParams,
    ) -> Result<Option<Vec<lsp::CodeActionResponse>>> {
        let only = params.context.only.clone();
        let wants = move |kind| convert::actions::wants(only.as_deref(), kind);
        let unbidden = convert::actions::is_unbidden(&params.context);
        let answer = self.answer(&params.text_document.uri, move |note, analysis| {
            let span = convert::span(&note.document, params.range, note.abilities);
            let (mut actions, mut silencing) = (Vec::new(), Vec::new());
            if wants(Kind::Fix) {
                let findings = analysis.findings_in(span);
                silencing = convert::actions::silencing_actions(note, analysis, &findings);
                actions = convert::actions::code_actions(note, findings);
            }
            let asked = Asked {
                document: &note.document,
                analysis,
                span,
                now: now(),
                unbidden,
            };
            let offers = actions::actions(&asked, wants).into_iter();
            actions.extend(offers.map(|action| convert::actions::offered(note, action)));
            // What hides a finding comes last.
            actions.extend(silencing);
            actions
        });
        answer.await
    }
}
