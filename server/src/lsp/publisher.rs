//! The one task that speaks to the client unasked. It always takes the newest text of a note: a
//! burst of edits is judged once, and a result that is older than its note is never sent. It waits
//! while the client does not read, so that nothing piles up.

use std::sync::Arc;
use std::time::Duration;

use tower_lsp::Client;
use tower_lsp::gen_lsp_types::MessageType;
use tracing::error;

use super::capabilities::Abilities;
use super::features::diagnostics::Remarks;
use super::state::{Shared, Snapshot, Task};

/// How long a question to the client is waited for.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// A judgement that takes longer does not hold up what was found in other notes.
const LONG: Duration = Duration::from_millis(200);

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
            Some(Task::Judge(note)) => judge(&shared, &client, note).await,
        }
    }
}

/// Judges a note, and publishes what was found unless the client asks for it by itself.
async fn judge(shared: &Arc<Shared>, client: &Client, note: Box<Snapshot>) {
    let judged = shared.judged(&note);
    let Ok(analysis) = tokio::time::timeout(LONG, judged.clone()).await else {
        return shared.publish_late(&note, judged);
    };
    let shared = Arc::clone(shared);
    let news = tokio::task::spawn_blocking(move || {
        let remarks = analysis.map_or_else(Remarks::none, |analysis| note.remarks(&analysis));
        shared.may_publish(&note, &remarks).then(|| {
            let diagnostics = remarks.diagnostics(&note.uri, note.abilities);
            (note.uri, diagnostics, note.version)
        })
    });
    match news.await {
        Ok(Some((uri, diagnostics, version))) => {
            client
                .publish_diagnostics(uri, diagnostics, Some(version))
                .await;
        }
        Ok(None) => {}
        Err(_) => error!("the diagnostics of a note could not be made"),
    }
}

/// Has the client ask again for what it asks for at all.
fn refresh(client: &Client, abilities: Abilities) {
    let client = client.clone();
    tokio::spawn(tokio::time::timeout(PATIENCE, async move {
        let hints = async {
            if abilities.refreshes_hints {
                let _ = client.inlay_hint_refresh().await;
            }
        };
        let tokens = async {
            if abilities.refreshes_tokens {
                let _ = client.semantic_tokens_refresh().await;
            }
        };
        let lenses = async {
            if abilities.refreshes_lenses {
                let _ = client.code_lens_refresh().await;
            }
        };
        let diagnostics = async {
            if abilities.pulls && abilities.refreshes_diagnostics {
                let _ = client.workspace_diagnostic_refresh().await;
            }
        };
        tokio::join!(hints, tokens, lenses, diagnostics);
    }));
}
