//! `textDocument/diagnostic`, for clients that ask for what others are sent.

use std::sync::Arc;

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};

use crate::lsp::backend::Backend;
use crate::lsp::state::Pulled;

impl Backend {
    pub(in crate::lsp) async fn document_diagnostic(
        &self,
        params: lsp::DocumentDiagnosticParams,
    ) -> Result<lsp::DocumentDiagnosticReport> {
        let shared = Arc::clone(&self.shared);
        let abilities = shared.abilities();
        let uri = params.text_document.uri.clone();
        let pulled = tokio::task::spawn_blocking(move || shared.remarks(&uri)).await;
        match pulled {
            Ok(Pulled::Remarks(remarks)) => {
                let seen = params.previous_result_id.as_deref();
                Ok(remarks.report(&params.text_document.uri, abilities, seen))
            }
            Ok(Pulled::Moving) => Err(not_now(true)),
            // The same text would fail again. An empty report would say that all is well.
            Ok(Pulled::Failed) | Err(_) => Err(not_now(false)),
        }
    }
}

/// There is no answer; whether it is worth asking again at once.
fn not_now(ask_again: bool) -> Error {
    let data = lsp::DiagnosticServerCancellationData::new(ask_again);
    Error {
        code: ErrorCode::ServerError(i32::from(lsp::LspErrorCodes::ServerCancelled).into()),
        message: "the diagnostics cannot be told now".into(),
        data: serde_json::to_value(data).ok(),
    }
}
