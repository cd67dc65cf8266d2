//! `soapstone/claim` and `soapstone/claims`: the claim of the visit at a position, and those of a chart, as
//! `docs/protocol.md` describes them.

use serde::Deserialize;
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::editor::claim_preview::{self, ClaimEntry, ClaimPreview, placed_claim_preview};
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

/// What is asked about a whole note.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NoteParams {
    text_document: lsp::TextDocumentIdentifier,
}

/// The claims of a chart, to choose from.
pub async fn claims(
    backend: &Backend,
    params: NoteParams,
) -> Result<Option<Vec<ClaimEntry<lsp::Range>>>> {
    let answer = backend.answer(&params.text_document.uri, |note, analysis| {
        claim_preview::claims(analysis, |span| range(&note.document, span, note.abilities))
    });
    answer.await
}
