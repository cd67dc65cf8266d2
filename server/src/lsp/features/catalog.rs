//! `soapstone/payers` and `soapstone/rules`: what there is to choose from, as `docs/protocol.md`
//! describes it, so that no editor keeps a list of its own.

use serde::{Deserialize, Serialize};
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{Error, Result};

use crate::editor::completion::known_of;
use crate::lsp::backend::Backend;
use crate::lsp::settings;
use crate::policy::{Level, Payer, Policy};
use crate::rules;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PayersParams {
    /// The note whose settings hold; without one, those of the editor.
    text_document: Option<lsp::TextDocumentIdentifier>,
}

#[derive(Debug, Serialize)]
pub struct PayerEntry {
    name: String,
    title: String,
    aliases: Vec<String>,
    /// What is known of it, in words.
    about: String,
    /// Whether the reader's own settings describe it.
    own: bool,
}

#[derive(Debug, Serialize)]
pub struct RuleEntry {
    name: &'static str,
    group: &'static str,
    level: &'static str,
    summary: &'static str,
    /// The levels that it can be set to.
    levels: [&'static str; 5],
}

/// The payers of a note's settings: those that come with Soapstone, and the reader's own.
pub async fn payers(backend: &Backend, params: PayersParams) -> Result<Vec<PayerEntry>> {
    let editor = backend.shared.editor_settings();
    let payers = tokio::task::spawn_blocking(move || {
        let path = params
            .text_document
            .and_then(|note| note.uri.to_file_path().ok());
        let policy = settings::load(path.as_deref(), &editor).policy;
        let built_in = Policy::default().payers;
        let entry = |payer: &Payer| PayerEntry {
            name: payer.name.clone(),
            title: payer.title.clone(),
            aliases: payer.aliases.clone(),
            about: known_of(payer),
            own: !built_in.contains(payer),
        };
        policy.payers.iter().map(entry).collect()
    });
    payers.await.map_err(|_| Error::internal_error())
}

/// The rules in the order of their groups, and last those of the clinics whose settings were read, with the level for a payer that nothing is known of.
pub fn rules() -> Vec<RuleEntry> {
    let entry = |rule: &'static rules::Rule| RuleEntry {
        name: rule.name,
        group: rule.group.name(),
        level: rule.level.word(),
        summary: rule.summary(),
        levels: Level::ALL.map(Level::word),
    };
    let all = rules::ALL.iter().copied();
    all.chain(rules::clinic::all_made()).map(entry).collect()
}
