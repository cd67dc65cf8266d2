//! `soapstone/claim`: the claim of the visit at a position, as `docs/protocol.md` describes it.

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::editor::claim_preview::{ClaimPreview, placed_claim_preview};
use crate::lsp::backend::Backend;
use crate::lsp::position::{offset, range};

/// The claim with ranges for its places.
pub async fn claim(
    backend: &Backend,
    params: lsp::TextDocumentPositionParams,
) -> Result<Option<ClaimPreview<lsp::Range>>> {
    let answer = backend.answer(&params.text_document.uri, move |note, analysis| {
        let offset = offset(&note.document, params.position, note.abilities);
        placed_claim_preview(analysis, offset, |span| {
            range(&note.document, span, note.abilities)
        })
    });
    Ok(answer.await?.flatten())
}
