//! What the client reports of its folders and files.

use std::path::PathBuf;

use tower_lsp::gen_lsp_types as lsp;

use crate::lsp::settings;
use crate::lsp::state::Shared;

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

pub fn folders_changed(shared: &Shared, event: &lsp::WorkspaceFoldersChangeEvent) {
    shared.folders_changed(paths(&event.added), &paths(&event.removed));
}

/// Files or folders were made, written, renamed or taken away.
pub fn files_changed<'a>(shared: &Shared, uris: impl Iterator<Item = &'a str>) {
    let (settings, charts): (Vec<PathBuf>, Vec<PathBuf>) = uris
        .filter_map(path)
        .partition(|p| p.file_name().is_some_and(|name| name == settings::FILE));
    for file in settings {
        shared.settings_changed(file.parent().unwrap_or(&file));
    }
    if !charts.is_empty() {
        shared.files_changed(charts);
    }
}
