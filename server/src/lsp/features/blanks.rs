//! `soapstone/nextBlank`: the next blank to fill, as `docs/protocol.md` describes it.

use serde::Deserialize;
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::editor::blanks;
use crate::lsp::backend::Backend;
use crate::lsp::position::{offset, range};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NextBlankParams {
    #[serde(flatten)]
    place: lsp::TextDocumentPositionParams,
    #[serde(default)]
    backwards: bool,
}

pub async fn next_blank(
    backend: &Backend,
    NextBlankParams { place, backwards }: NextBlankParams,
) -> Result<Option<lsp::Range>> {
    from(backend, place, backwards).await
}

/// The next blank from a place on.
pub async fn from(
    backend: &Backend,
    place: lsp::TextDocumentPositionParams,
    backwards: bool,
) -> Result<Option<lsp::Range>> {
    let answer = backend.answer(&place.text_document.uri, move |note, analysis| {
        let offset = offset(&note.document, place.position, note.abilities);
        let blank = blanks::next_blank(analysis, offset, backwards)?;
        Some(range(&note.document, blank, note.abilities))
    });
    Ok(answer.await?.flatten())
}
