//! The one task that speaks to the client unasked. It always takes the newest text of a note: a
//! burst of edits is judged once, and a result that is older than its note is never sent.

use std::sync::Arc;
use std::time::Duration;

use tower_lsp::Client;
use tower_lsp::gen_lsp_types::MessageType;

use super::capabilities::Abilities;
use super::state::{Shared, Snapshot, Task};
use super::{convert, log};

/// How long a question to the client is waited for.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Does what is due, for ever.
pub async fn run(shared: Arc<Shared>, client: Client) {
    loop {
        match shared.next() {
            None => shared.wake.notified().await,
            Some(Task::Message(text)) => client.show_message(MessageType::Warning, text).await,
            Some(Task::Refresh(abilities)) => refresh(&client, abilities),
            Some(Task::Chart(uri, remarks, abilities)) => {
                let diagnostics = remarks.diagnostics(&uri, abilities);
                client.publish_diagnostics(uri, diagnostics, None).await;
            }
            Some(Task::Forget(uri)) => client.publish_diagnostics(uri, Vec::new(), None).await,
            Some(Task::Judge(note)) => publish(&shared, &client, note).await,
        }
    }
}

/// Has the client ask again for what it asks for at all.
fn refresh(client: &Client, abilities: Abilities) {
    let all = [
        (abilities.refreshes_hints, Refresh::Hints),
        (abilities.refreshes_tokens, Refresh::Tokens),
        (abilities.refreshes_lenses, Refresh::Lenses),
        (
            abilities.pulls && abilities.refreshes_diagnostics,
            Refresh::Diagnostics,
        ),
    ];
    for (_, what) in all.into_iter().filter(|(can, _)| *can) {
        let client = client.clone();
        let question = async move {
            match what {
                Refresh::Hints => client.inlay_hint_refresh().await,
                Refresh::Tokens => client.semantic_tokens_refresh().await,
                Refresh::Lenses => client.code_lens_refresh().await,
                Refresh::Diagnostics => client.workspace_diagnostic_refresh().await,
            }
        };
        tokio::spawn(tokio::time::timeout(PATIENCE, question));
    }
}

#[derive(Clone, Copy)]
enum Refresh {
    Hints,
    Tokens,
    Lenses,
    Diagnostics,
}

async fn publish(shared: &Arc<Shared>, client: &Client, note: Box<Snapshot>) {
    let uri = note.uri.clone();
    let version = note.version;
    let judging = Arc::clone(shared);
    let work = tokio::task::spawn_blocking(move || {
        let analysis = judging.analysis(&note);
        if note.abilities.pulls {
            return None;
        }
        let diagnostics = analysis.map(|a| convert::diagnostics::diagnostics(&note, &a));
        judging
            .may_publish(&note)
            .then(|| diagnostics.unwrap_or_default())
    });
    match work.await {
        Ok(Some(diagnostics)) => {
            client
                .publish_diagnostics(uri, diagnostics, Some(version))
                .await;
        }
        Ok(None) => {}
        Err(_) => log("the diagnostics of a note could not be made"),
    }
}
