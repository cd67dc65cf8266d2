//! `soapstone/import`: a text made into a note, as `docs/protocol.md` describes it.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{Error, Result};

use crate::import;
use crate::import::report::Row;
use crate::lsp::backend::Backend;
use crate::lsp::settings;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportParams {
    /// The note whose settings hold.
    text_document: lsp::TextDocumentIdentifier,
    text: String,
}

#[derive(Serialize)]
struct Answer<'a> {
    text: &'a str,
    summary: String,
    rows: Vec<Row<'a>>,
}

/// The text as a note, and what of it was recognised. Nothing is changed.
pub async fn import(backend: &Backend, params: ImportParams) -> Result<Value> {
    let editor = backend.shared.editor_settings();
    let answer = tokio::task::spawn_blocking(move || {
        let path = params.text_document.uri.to_file_path().ok();
        let policy = settings::load(path.as_deref(), &editor).policy;
        let imported = import::import(&params.text, &policy);
        json!(Answer {
            text: &imported.text,
            summary: imported.summary(),
            rows: imported.rows().collect(),
        })
    });
    answer.await.map_err(|_| Error::internal_error())
}
