//! The one task that speaks to the client unasked. It always takes the newest text of a note: a
//! burst of edits is judged once, and a result that is older than its note is never sent.

use std::sync::Arc;
use std::time::Duration;

use tower_lsp::Client;
use tower_lsp::gen_lsp_types::MessageType;

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
            Some(Task::RefreshHints) => {
                let client = client.clone();
                let refresh = async move { client.inlay_hint_refresh().await };
                tokio::spawn(tokio::time::timeout(PATIENCE, refresh));
            }
            Some(Task::Forget(uri)) => client.publish_diagnostics(uri, Vec::new(), None).await,
            Some(Task::Judge(note)) => publish(&shared, &client, note).await,
        }
    }
}

async fn publish(shared: &Arc<Shared>, client: &Client, note: Box<Snapshot>) {
    let uri = note.uri.clone();
    let version = note.version;
    let judging = Arc::clone(shared);
    let work = tokio::task::spawn_blocking(move || {
        let analysis = judging.analysis(&note);
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
