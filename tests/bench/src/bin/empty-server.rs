//! The server that Soapstone's speed is held against: the same framework, the same runtime, and to
//! every change the answer that there is nothing to say. What it takes is what any server takes.

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;
use tower_lsp::{Client, LanguageServer, LspService, Server};

struct Empty {
    client: Client,
}

impl LanguageServer for Empty {
    async fn initialize(&self, _: lsp::InitializeParams) -> Result<lsp::InitializeResult> {
        let sync = lsp::TextDocumentSyncKind::Incremental;
        Ok(lsp::InitializeResult {
            capabilities: lsp::ServerCapabilities {
                text_document_sync: Some(lsp::TextDocumentSync::Kind(sync)),
                ..Default::default()
            },
            server_info: None,
        })
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    async fn did_open(&self, params: lsp::DidOpenTextDocumentParams) {
        let note = params.text_document;
        self.nothing_to_say(note.uri, note.version).await;
    }

    async fn did_change(&self, params: lsp::DidChangeTextDocumentParams) {
        let note = params.text_document;
        self.nothing_to_say(note.text_document_identifier.uri, note.version)
            .await;
    }
}

impl Empty {
    async fn nothing_to_say(&self, uri: lsp::Uri, version: i32) {
        self.client
            .publish_diagnostics(uri, Vec::new(), Some(version))
            .await;
    }
}

fn main() -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let (service, socket) = LspService::new(|client| Empty { client });
        Server::new(tokio::io::stdin(), tokio::io::stdout(), socket)
            .serve(service)
            .await;
    });
    // The thread that reads the standard input may never come back.
    runtime.shutdown_background();
    Ok(())
}
