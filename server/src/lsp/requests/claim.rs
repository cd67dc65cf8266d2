//! `soapstone/claim`: the claim of the visit at a position, as `docs/protocol.md` describes it.

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::editor::claim_preview::claim_preview;
use crate::lsp::backend::Backend;
use crate::lsp::convert::{self, claim::Claim};

impl Backend {
    pub(in crate::lsp) async fn claim(
        &self,
        params: lsp::TextDocumentPositionParams,
    ) -> Result<Option<Claim>> {
        let answer = self.answer(&params.text_document.uri, move |note, analysis| {
            let offset = convert::offset(&note.document, params.position, note.abilities);
            claim_preview(analysis, offset).map(|c| convert::claim::claim(note, c))
        });
        Ok(answer.await?.flatten())
    }
}
