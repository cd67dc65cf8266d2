//! The server as the framework sees it: its start and end, the notes' coming and going, and the list
//! of its methods. The questions about a note are in [`super::requests`].

use std::sync::Arc;

use serde::Deserialize as _;
use serde_json::Value;
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::{Client, ClientSocket, LanguageServer, LspService};

use super::capabilities::{self, Abilities};
use super::convert::changes::Changes;
use super::publisher::{PATIENCE, Publisher};
use super::requests::workspace;
use super::shortcut::{self, Typed};
use super::state::{Shared, Snapshot};
use super::wire::Outgoing;
use super::{Service, log, scanner, settings};
use crate::analysis::Analysis;

/// The server as the framework sees it.
#[derive(Debug)]
pub struct Backend {
    client: Client,
    pub(super) shared: Arc<Shared>,
    typed: Arc<Typed>,
}

impl LanguageServer for Backend {
    async fn initialize(&self, params: lsp::InitializeParams) -> Result<lsp::InitializeResult> {
        let folders = workspace::folders(&params);
        let options = params.initialization_options.as_ref();
        let abilities = Abilities::of(&params.capabilities).with_commands(options);
        self.shared.begin(abilities, folders, options);
        Ok(capabilities::of_server(abilities))
    }

    async fn initialized(&self, _: lsp::InitializedParams) {
        let abilities = self.shared.abilities();
        let registrations = capabilities::registrations(abilities);
        if !registrations.is_empty() {
            let client = self.client.clone();
            tokio::spawn(async move {
                let asked = client.register_capability(registrations);
                if !matches!(tokio::time::timeout(PATIENCE, asked).await, Ok(Ok(()))) {
                    log("the client does not tell of changed settings");
                }
            });
        }
        if abilities.configuration {
            self.ask_for_settings();
        } else {
            self.shared.ready();
        }
    }

    async fn shutdown(&self) -> Result<()> {
        self.shared.end();
        Ok(())
    }
}

#[expect(clippy::unused_async, reason = "the framework takes futures only")]
impl Backend {
    /// The service, with its publisher running.
    pub fn service(
        shared: &Arc<Shared>,
        outgoing: &Arc<Outgoing>,
        typed: &Arc<Typed>,
    ) -> (Service, ClientSocket) {
        let backend = |client: Client| {
            let publisher = Publisher {
                shared: Arc::clone(shared),
                client: client.clone(),
                outgoing: Arc::clone(outgoing),
            };
            tokio::spawn(publisher.run());
            tokio::spawn(scanner::run(Arc::clone(shared), client.clone()));
            Self {
                client,
                shared: Arc::clone(shared),
                typed: Arc::clone(typed),
            }
        };
        LspService::build_with_lifecycle_methods(backend)
            .custom_method("textDocument/didOpen", Self::did_open)
            .custom_method("textDocument/didChange", Self::did_change)
            .custom_method(shortcut::METHOD, Self::typed)
            .custom_method("textDocument/didSave", Self::did_save)
            .custom_method("textDocument/didClose", Self::did_close)
            .custom_method("textDocument/hover", Self::hover)
            .custom_method("textDocument/completion", Self::completion)
            .custom_method("completionItem/resolve", Self::completion_resolve)
            .custom_method("textDocument/inlayHint", Self::inlay_hint)
            .custom_method("textDocument/codeAction", Self::code_action)
            .custom_method("textDocument/definition", Self::definition)
            .custom_method("textDocument/references", Self::references)
            .custom_method("textDocument/documentHighlight", Self::document_highlight)
            .custom_method("textDocument/prepareRename", Self::prepare_rename)
            .custom_method("textDocument/rename", Self::rename)
            .custom_method("textDocument/documentSymbol", Self::document_symbol)
            .custom_method("textDocument/foldingRange", Self::folding_range)
            .custom_method("textDocument/selectionRange", Self::selection_range)
            .custom_method("textDocument/documentLink", Self::document_link)
            .custom_method("workspace/symbol", Self::workspace_symbol)
            .custom_method("textDocument/diagnostic", Self::document_diagnostic)
            .custom_method("workspace/diagnostic", Self::workspace_diagnostic)
            .custom_method("textDocument/formatting", Self::formatting)
            .custom_method("textDocument/rangeFormatting", Self::range_formatting)
            .custom_method("textDocument/rangesFormatting", Self::ranges_formatting)
            .custom_method("textDocument/onTypeFormatting", Self::on_type_formatting)
            .custom_method("textDocument/codeLens", Self::code_lens)
            .custom_method("workspace/executeCommand", Self::execute_command)
            .custom_method("soapstone/claim", Self::claim)
            .custom_method("textDocument/semanticTokens/full", Self::tokens_full)
            .custom_method("textDocument/semanticTokens/full/delta", Self::tokens_delta)
            .custom_method("textDocument/semanticTokens/range", Self::tokens_range)
            .custom_method(
                "workspace/didChangeConfiguration",
                Self::did_change_configuration,
            )
            .custom_method(
                "workspace/didChangeWatchedFiles",
                Self::did_change_watched_files,
            )
            .custom_method(
                "workspace/didChangeWorkspaceFolders",
                Self::did_change_workspace_folders,
            )
            .custom_method("workspace/didCreateFiles", Self::did_create_files)
            .custom_method("workspace/didRenameFiles", Self::did_rename_files)
            .custom_method("workspace/didDeleteFiles", Self::did_delete_files)
            .custom_method("window/workDoneProgress/cancel", Self::cancel_progress)
            // Nothing depends on this, but the framework would count them as unknown.
            .custom_method("$/setTrace", Self::ignore)
            .finish()
    }

    async fn ignore(&self, _: Value) {}

    async fn did_open(&self, params: lsp::DidOpenTextDocumentParams) {
        let note = params.text_document;
        self.shared.open(note.uri, note.version, &note.text);
    }

    async fn did_change(&self, params: Value) {
        match Changes::deserialize(params) {
            Ok(changes) => self.shared.change(changes),
            Err(_) => log("a change that is not of the protocol was ignored"),
        }
    }

    /// Changes that came by the [shortcut].
    async fn typed(&self, number: u64) {
        match self.typed.take(number) {
            Some(changes) => self.shared.change(changes),
            None => log("a change that was not typed was ignored"),
        }
    }

    async fn did_save(&self, params: lsp::DidSaveTextDocumentParams) {
        self.shared.save(&params.text_document.uri);
    }

    async fn did_close(&self, params: lsp::DidCloseTextDocumentParams) {
        self.shared.close(params.text_document.uri);
    }

    async fn did_change_configuration(&self, params: lsp::DidChangeConfigurationParams) {
        if self.shared.abilities().configuration {
            self.ask_for_settings();
        } else {
            self.shared.told(&params.settings);
        }
    }

    /// Answers a question about a note as it stands now. The work is done beside the task that
    /// reads and writes.
    pub(super) async fn answer<T: Send + 'static>(
        &self,
        uri: &lsp::Uri,
        work: impl FnOnce(&Snapshot, &Analysis) -> T + Send + 'static,
    ) -> Result<Option<T>> {
        let Some(note) = self.shared.snapshot(uri) else {
            return Ok(None);
        };
        let shared = Arc::clone(&self.shared);
        let answer = tokio::task::spawn_blocking(move || {
            let analysis = shared.analysis(&note)?;
            Some(work(&note, &analysis))
        });
        answer.await.map_err(|_| Error::internal_error())
    }

    /// Answers a question about all known notes as they stand now, note by note.
    pub(super) async fn answer_of_all<T: Send + 'static>(
        &self,
        work: impl Fn(&Snapshot, &Analysis) -> Vec<T> + Send + 'static,
    ) -> Result<Vec<T>> {
        let shared = Arc::clone(&self.shared);
        let notes = shared.known_notes();
        let answer = tokio::task::spawn_blocking(move || {
            let of_note = |note| shared.analysis(&note).map(|found| work(&note, &found));
            notes.into_iter().filter_map(of_note).flatten().collect()
        });
        answer.await.map_err(|_| Error::internal_error())
    }

    /// Asks the client to make an edit, and does not wait for it.
    pub(super) fn apply(&self, edit: lsp::WorkspaceEdit) -> Result<()> {
        if !self.shared.abilities().applies_edits {
            return Err(Error::invalid_params(
                "This editor does not let a server make edits.",
            ));
        }
        let client = self.client.clone();
        tokio::spawn(async move {
            let asked = client.apply_edit(edit);
            if !matches!(tokio::time::timeout(PATIENCE, asked).await, Ok(Ok(_))) {
                log("the client did not make an edit");
            }
        });
        Ok(())
    }

    /// Shows the user what was asked for.
    pub(super) fn show(&self, message: String) {
        let client = self.client.clone();
        tokio::spawn(async move { client.show_message(lsp::MessageType::Info, message).await });
    }

    /// What the client can do.
    pub(super) fn abilities(&self) -> Abilities {
        self.shared.abilities()
    }

    fn ask_for_settings(&self) {
        let (client, shared) = (self.client.clone(), Arc::clone(&self.shared));
        let asked = shared.ask();
        tokio::spawn(async move {
            let item = lsp::ConfigurationItem {
                scope_uri: None,
                section: Some(settings::SECTION.to_owned()),
            };
            let question = client.configuration(vec![item]);
            match tokio::time::timeout(PATIENCE, question).await {
                Ok(Ok(answers)) => shared.answer(asked, answers.first().unwrap_or(&Value::Null)),
                _ => log("the client did not tell its settings"),
            }
            shared.ready();
        });
    }
}
