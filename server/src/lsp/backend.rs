//! The server as the framework sees it: its start and end, and the list of its methods. What they do
//! is in [`features`](super::features).

use std::sync::Arc;

use serde_json::Value;
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::{Client, ClientSocket, LanguageServer, LspService};
use tracing::warn;

use super::capabilities::{self, Abilities};
use super::features::{
    actions, blanks, catalog, claim, commands, completion, diagnostics, folding, format, hints,
    hover, import, lenses, links, navigation, selection, symbols, tokens, workspace,
};
use super::publisher::PATIENCE;
use super::state::{Shared, Snapshot};
use super::{publisher, scanner, settings};
use crate::analysis::Analysis;

#[derive(Clone, Debug)]
pub struct Backend {
    client: Client,
    pub(super) shared: Arc<Shared>,
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
                    warn!("the client will not report changed settings or files");
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

    async fn did_open(&self, params: lsp::DidOpenTextDocumentParams) {
        let note = params.text_document;
        self.shared.open(note.uri, note.version, &note.text);
    }

    async fn did_change(&self, params: lsp::DidChangeTextDocumentParams) {
        let lsp::VersionedTextDocumentIdentifier {
            version,
            text_document_identifier: note,
        } = params.text_document;
        self.shared
            .change(note.uri, version, &params.content_changes);
    }

    async fn did_save(&self, params: lsp::DidSaveTextDocumentParams) {
        self.shared
            .save(&params.text_document.uri, params.text.as_deref());
    }

    async fn did_close(&self, params: lsp::DidCloseTextDocumentParams) {
        self.shared.close(params.text_document.uri);
    }

    async fn did_change_configuration(&self, params: lsp::DidChangeConfigurationParams) {
        if self.shared.abilities().configuration {
            self.ask_for_settings();
        } else {
            self.shared.receive_settings(&params.settings);
        }
    }

    async fn did_change_workspace_folders(&self, params: lsp::DidChangeWorkspaceFoldersParams) {
        workspace::folders_changed(&self.shared, &params.event);
    }

    async fn did_change_watched_files(&self, params: lsp::DidChangeWatchedFilesParams) {
        let changes = params.changes.iter();
        workspace::files_changed(&self.shared, changes.map(|c| c.uri.as_str()));
    }

    async fn did_create_files(&self, params: lsp::CreateFilesParams) {
        let files = params.files.iter();
        workspace::files_changed(&self.shared, files.map(|f| f.uri.as_str()));
    }

    async fn did_rename_files(&self, params: lsp::RenameFilesParams) {
        let files = params.files.iter();
        let both = files.flat_map(|f| [f.old_uri.as_str(), f.new_uri.as_str()]);
        workspace::files_changed(&self.shared, both);
    }

    async fn did_delete_files(&self, params: lsp::DeleteFilesParams) {
        let files = params.files.iter();
        workspace::files_changed(&self.shared, files.map(|f| f.uri.as_str()));
    }

    async fn hover(&self, params: lsp::HoverParams) -> Result<Option<lsp::Hover>> {
        hover::hover(self, params).await
    }

    async fn completion(
        &self,
        params: lsp::CompletionParams,
    ) -> Result<Option<lsp::CompletionResponse>> {
        completion::completion(self, params).await
    }

    async fn completion_resolve(&self, item: lsp::CompletionItem) -> Result<lsp::CompletionItem> {
        Ok(completion::resolved(item, self.shared.abilities()))
    }

    async fn inlay_hint(
        &self,
        params: lsp::InlayHintParams,
    ) -> Result<Option<Vec<lsp::InlayHint>>> {
        hints::inlay_hint(self, params).await
    }

    async fn code_action(
        &self,
        params: lsp::CodeActionParams,
    ) -> Result<Option<Vec<lsp::CodeActionResponse>>> {
        actions::code_action(self, params).await
    }

    async fn code_lens(&self, params: lsp::CodeLensParams) -> Result<Option<Vec<lsp::CodeLens>>> {
        lenses::code_lens(self, params).await
    }

    async fn goto_definition(
        &self,
        params: lsp::DefinitionParams,
    ) -> Result<Option<lsp::DefinitionResponse>> {
        navigation::definition(self, params).await
    }

    async fn references(&self, params: lsp::ReferenceParams) -> Result<Option<Vec<lsp::Location>>> {
        navigation::references(self, params).await
    }

    async fn document_highlight(
        &self,
        params: lsp::DocumentHighlightParams,
    ) -> Result<Option<Vec<lsp::DocumentHighlight>>> {
        navigation::document_highlight(self, params).await
    }

    async fn prepare_rename(
        &self,
        params: lsp::TextDocumentPositionParams,
    ) -> Result<Option<lsp::PrepareRenameResult>> {
        navigation::prepare_rename(self, params).await
    }

    async fn rename(&self, params: lsp::RenameParams) -> Result<Option<lsp::WorkspaceEdit>> {
        navigation::rename(self, params).await
    }

    async fn document_symbol(
        &self,
        params: lsp::DocumentSymbolParams,
    ) -> Result<Option<lsp::DocumentSymbolResponse>> {
        symbols::document_symbol(self, params).await
    }

    async fn folding_range(
        &self,
        params: lsp::FoldingRangeParams,
    ) -> Result<Option<Vec<lsp::FoldingRange>>> {
        folding::folding_range(self, params).await
    }

    async fn selection_range(
        &self,
        params: lsp::SelectionRangeParams,
    ) -> Result<Option<Vec<lsp::SelectionRange>>> {
        selection::selection_range(self, params).await
    }

    async fn document_link(
        &self,
        params: lsp::DocumentLinkParams,
    ) -> Result<Option<Vec<lsp::DocumentLink>>> {
        links::document_link(self, params).await
    }

    async fn symbol(
        &self,
        params: lsp::WorkspaceSymbolParams,
    ) -> Result<Option<lsp::WorkspaceSymbolResponse>> {
        symbols::workspace_symbol(self, params).await
    }

    async fn diagnostic(
        &self,
        params: lsp::DocumentDiagnosticParams,
    ) -> Result<lsp::DocumentDiagnosticReport> {
        diagnostics::document_diagnostic(self, params).await
    }

    async fn workspace_diagnostic(
        &self,
        params: lsp::WorkspaceDiagnosticParams,
    ) -> Result<lsp::WorkspaceDiagnosticReport> {
        diagnostics::workspace_diagnostic(self, params).await
    }

    async fn semantic_tokens_full(
        &self,
        params: lsp::SemanticTokensParams,
    ) -> Result<Option<lsp::SemanticTokens>> {
        tokens::full(self, params).await
    }

    async fn semantic_tokens_full_delta(
        &self,
        params: lsp::SemanticTokensDeltaParams,
    ) -> Result<Option<lsp::SemanticTokensDeltaResponse>> {
        tokens::delta(self, params).await
    }

    async fn semantic_tokens_range(
        &self,
        params: lsp::SemanticTokensRangeParams,
    ) -> Result<Option<lsp::SemanticTokens>> {
        tokens::range(self, params).await
    }

    async fn formatting(
        &self,
        params: lsp::DocumentFormattingParams,
    ) -> Result<Option<Vec<lsp::TextEdit>>> {
        format::formatting(self, params.text_document, None, params.options).await
    }

    async fn range_formatting(
        &self,
        params: lsp::DocumentRangeFormattingParams,
    ) -> Result<Option<Vec<lsp::TextEdit>>> {
        let ranges = Some(vec![params.range]);
        format::formatting(self, params.text_document, ranges, params.options).await
    }

    async fn ranges_formatting(
        &self,
        params: lsp::DocumentRangesFormattingParams,
    ) -> Result<Option<Vec<lsp::TextEdit>>> {
        let ranges = Some(params.ranges);
        format::formatting(self, params.text_document, ranges, params.options).await
    }

    async fn on_type_formatting(
        &self,
        params: lsp::DocumentOnTypeFormattingParams,
    ) -> Result<Option<Vec<lsp::TextEdit>>> {
        format::on_type_formatting(self, params).await
    }

    async fn execute_command(&self, params: lsp::ExecuteCommandParams) -> Result<Option<Value>> {
        commands::execute_command(self, params).await
    }
}

impl Backend {
    /// The service, with its publisher and its scanner running.
    pub fn service() -> (LspService<Self>, ClientSocket) {
        let backend = |client: Client| {
            let shared = Arc::<Shared>::default();
            tokio::spawn(publisher::run(Arc::clone(&shared), client.clone()));
            tokio::spawn(scanner::run(Arc::clone(&shared), client.clone()));
            Self { client, shared }
        };
        LspService::build(backend)
            .custom_method("soapstone/claim", claim::claim)
            .custom_method("soapstone/claims", claim::claims)
            .custom_method("soapstone/import", import::import)
            .custom_method("soapstone/nextBlank", blanks::next_blank)
            .custom_method("soapstone/payers", catalog::payers)
            .custom_method("soapstone/rules", Self::rules)
            // The framework's trait has no method for it.
            .custom_method("window/workDoneProgress/cancel", Self::cancel_progress)
            .finish()
    }

    #[expect(clippy::unused_async, reason = "the framework takes futures only")]
    async fn rules(&self) -> Result<Vec<catalog::RuleEntry>> {
        Ok(catalog::rules())
    }

    #[expect(clippy::unused_async, reason = "the framework takes futures only")]
    async fn cancel_progress(&self, params: lsp::WorkDoneProgressCancelParams) {
        self.shared.cancel_progress(&params.token);
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
        let Some(analysis) = self.shared.judged(&note).await else {
            return Ok(None);
        };
        let answer = tokio::task::spawn_blocking(move || Some(work(&note, &analysis)));
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
                warn!("the client did not make an edit");
            }
        });
        Ok(())
    }

    pub(super) fn show(&self, message: String) {
        let client = self.client.clone();
        tokio::spawn(async move { client.show_message(lsp::MessageType::Info, message).await });
    }

    /// Whether a person presses a button below a question.
    pub(super) async fn agrees(&self, question: String, button: &str) -> bool {
        let buttons = vec![lsp::MessageActionItem {
            title: button.to_owned(),
            ..Default::default()
        }];
        let kind = lsp::MessageType::Info;
        let asked = self
            .client
            .show_message_request(kind, question, Some(buttons));
        matches!(asked.await, Ok(Some(pressed)) if pressed.title == button)
    }

    /// Lets the client show a place, if it can.
    pub(super) fn go_to(&self, uri: lsp::Uri, selection: lsp::Range) {
        if !self.shared.abilities().shows_documents {
            return;
        }
        let client = self.client.clone();
        let place = lsp::ShowDocumentParams {
            uri,
            external: Some(false),
            take_focus: Some(true),
            selection: Some(selection),
        };
        tokio::spawn(async move {
            let asked = client.show_document(place);
            if !matches!(tokio::time::timeout(PATIENCE, asked).await, Ok(Ok(true))) {
                warn!("the client did not show a place");
            }
        });
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
            if let Ok(Ok(answers)) = tokio::time::timeout(PATIENCE, question).await {
                shared.answer(asked, answers.first().unwrap_or(&Value::Null));
            } else {
                warn!("the client did not send its settings");
            }
            shared.ready();
        });
    }
}
