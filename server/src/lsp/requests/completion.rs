//! `textDocument/completion` and `completionItem/resolve`.

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::editor::completion::{Ask, complete, documentation};
use crate::lsp::backend::Backend;
use crate::lsp::convert;
use crate::policy::now;

impl Backend {
    pub(in crate::lsp) async fn completion(
        &self,
        params: lsp::CompletionParams,
    ) -> Result<Option<lsp::CompletionList>> {
        let lsp::TextDocumentPositionParams {
            text_document,
            position,
        } = params.text_document_position_params;
        let typed = params
            .context
            .filter(|c| c.trigger_kind == lsp::CompletionTriggerKind::TriggerCharacter);
        let trigger = typed.and_then(|c| c.trigger_character?.chars().next());
        let ask = Ask {
            trigger,
            now: now(),
        };
        let answer = self.answer(&text_document.uri, move |note, analysis| {
            let offset = convert::offset(&note.document, position, note.abilities);
            let list = complete(analysis, offset, ask);
            convert::completion::list(note, list)
        });
        answer.await
    }

    #[expect(clippy::unused_async, reason = "the framework takes futures only")]
    pub(in crate::lsp) async fn completion_resolve(
        &self,
        mut item: lsp::CompletionItem,
    ) -> Result<lsp::CompletionItem> {
        let key = item.data.as_ref().and_then(|data| data.as_str());
        if let Some(markdown) = key.and_then(documentation::of_key) {
            let abilities = self.abilities();
            item.documentation = Some(convert::completion::documentation(markdown, abilities));
        }
        Ok(item)
    }
}
