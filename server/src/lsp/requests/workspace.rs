//! What the client tells of its folders and files, and `workspace/didChange...` beside it.
#![expect(clippy::unused_async, reason = "the framework takes futures only")]

use std::path::PathBuf;

use tower_lsp::gen_lsp_types as lsp;

use crate::lsp::backend::Backend;
use crate::lsp::settings;

/// The folders that are open at the start.
pub fn folders(params: &lsp::InitializeParams) -> Vec<PathBuf> {
    let named = &params.workspace_folders_initialize_params.workspace_folders;
    #[expect(deprecated, reason = "older clients know nothing newer")]
    let root = params.root_uri.as_ref();
    match named {
        Some(lsp::WorkspaceFolders::WorkspaceFolderList(folders)) => paths(folders),
        Some(lsp::WorkspaceFolders::Null) | None => root
            .and_then(|uri| path(uri.as_str()))
            .into_iter()
            .collect(),
    }
}

fn paths(folders: &[lsp::WorkspaceFolder]) -> Vec<PathBuf> {
    let paths = folders.iter().filter_map(|f| path(f.uri.as_str()));
    paths.collect()
}

fn path(uri: &str) -> Option<PathBuf> {
    uri.parse::<lsp::Uri>().ok()?.to_file_path().ok()
}

impl Backend {
    pub(in crate::lsp) async fn did_change_workspace_folders(
        &self,
        params: lsp::DidChangeWorkspaceFoldersParams,
    ) {
        let event = &params.event;
        self.shared
            .folders_changed(paths(&event.added), &paths(&event.removed));
    }

    pub(in crate::lsp) async fn did_change_watched_files(
        &self,
        params: lsp::DidChangeWatchedFilesParams,
    ) {
        let changes = params.changes.iter();
        self.files_changed(changes.map(|c| c.uri.as_str()));
    }

    pub(in crate::lsp) async fn did_create_files(&self, params: lsp::CreateFilesParams) {
        let files = params.files.iter();
        self.files_changed(files.map(|f| f.uri.as_str()));
    }

    pub(in crate::lsp) async fn did_rename_files(&self, params: lsp::RenameFilesParams) {
        let files = params.files.iter();
        self.files_changed(files.flat_map(|f| [f.old_uri.as_str(), f.new_uri.as_str()]));
    }

    pub(in crate::lsp) async fn did_delete_files(&self, params: lsp::DeleteFilesParams) {
        let files = params.files.iter();
        self.files_changed(files.map(|f| f.uri.as_str()));
    }

    fn files_changed<'a>(&self, uris: impl Iterator<Item = &'a str>) {
        let (settings, charts): (Vec<PathBuf>, Vec<PathBuf>) = uris
            .filter_map(path)
            .partition(|p| p.file_name().is_some_and(|name| name == settings::FILE));
        for file in settings {
            self.shared.settings_changed(file.parent().unwrap_or(&file));
        }
        if !charts.is_empty() {
            self.shared.files_changed(charts);
        }
    }

    pub(in crate::lsp) async fn cancel_progress(&self, params: lsp::WorkDoneProgressCancelParams) {
        self.shared.cancel_progress(&params.token);
    }
}
