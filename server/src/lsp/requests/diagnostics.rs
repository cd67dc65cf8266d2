//! `textDocument/diagnostic` and `workspace/diagnostic`, for clients that ask for what others are sent.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};

use crate::lsp::backend::Backend;
use crate::lsp::convert::diagnostics::Remarks;
use crate::lsp::scanner;
use crate::lsp::state::Pulled;
use crate::lsp::state::workspace::Poll;

impl Backend {
    pub(in crate::lsp) async fn document_diagnostic(
        &self,
        params: lsp::DocumentDiagnosticParams,
    ) -> Result<lsp::DocumentDiagnosticReport> {
        let shared = Arc::clone(&self.shared);
        let abilities = shared.abilities();
        let uri = params.text_document.uri.clone();
        let pulled = tokio::task::spawn_blocking(move || match shared.remarks(&uri) {
            Pulled::Unread => {
                if let Ok(path) = uri.to_file_path() {
                    scanner::read_now(&shared, path);
                }
                shared.remarks(&uri)
            }
            pulled => pulled,
        });
        let pulled = pulled.await;
        match pulled {
            Ok(Pulled::Remarks(remarks)) => {
                let seen = params.previous_result_id.as_deref();
                Ok(remarks.report(&params.text_document.uri, abilities, seen))
            }
            Ok(Pulled::Moving) => Err(not_now(true)),
            // The same text would fail again. An empty report would say that all is well.
            Ok(Pulled::Unread) => Ok(Remarks::none().report(
                &params.text_document.uri,
                abilities,
                params.previous_result_id.as_deref(),
            )),
            Ok(Pulled::Failed) | Err(_) => Err(not_now(false)),
        }
    }

    /// Answers when there is something to tell that the client has not seen: it asks again as soon
    /// as it is answered, for ever.
    pub(in crate::lsp) async fn workspace_diagnostic(
        &self,
        params: lsp::WorkspaceDiagnosticParams,
    ) -> Result<lsp::WorkspaceDiagnosticReport> {
        let shared = &self.shared;
        let seen = params.previous_result_ids.into_iter();
        let seen: HashMap<lsp::Uri, String> = seen.map(|p| (p.uri, p.value)).collect();
        let seen = Arc::new(seen);
        let number = shared.begin_poll();
        let mut changes = shared.changes.subscribe();
        loop {
            changes.borrow_and_update();
            match shared.poll(number) {
                Poll::GivenUp => return Err(not_now(false)),
                Poll::Busy => {}
                Poll::Ready => {
                    let (shared, seen) = (Arc::clone(shared), Arc::clone(&seen));
                    let report = tokio::task::spawn_blocking(move || shared.report(&seen));
                    if let Some(items) = report.await.map_err(|_| not_now(false))? {
                        return Ok(lsp::WorkspaceDiagnosticReport { items });
                    }
                }
            }
            if changes.changed().await.is_err() {
                return Err(not_now(false));
            }
            // Whoever types goes on typing.
            if shared.poll(number) == Poll::Ready {
                tokio::time::sleep(QUIET).await;
            }
        }
    }
}

/// How long a change to one of all documents may wait for the next one.
const QUIET: Duration = Duration::from_millis(150);

/// There is no answer; whether it is worth asking again at once.
fn not_now(ask_again: bool) -> Error {
    let data = lsp::DiagnosticServerCancellationData::new(ask_again);
    Error {
        code: ErrorCode::ServerError(i32::from(lsp::LspErrorCodes::ServerCancelled).into()),
        message: "the diagnostics cannot be told now".into(),
        data: serde_json::to_value(data).ok(),
    }
}
