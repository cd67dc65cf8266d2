//! The one task that speaks to the client unasked. It always takes the newest text of a note: a
//! burst of edits is judged once, and a result that is older than its note is never sent.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use tower_lsp::Client;
use tower_lsp::gen_lsp_types::MessageType;

use super::capabilities::Abilities;
use super::convert::publication::{self, Message, Subject};
use super::log;
use super::state::{Shared, Snapshot, Task};
use super::wire::Outgoing;

/// How long a question to the client is waited for.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// The publisher.
#[derive(Debug)]
pub struct Publisher {
    /// The notes.
    pub shared: Arc<Shared>,
    /// The client, for what is said to it by way of the framework.
    pub client: Client,
    /// Where diagnostics go. The framework would make a tree of each message before its text, which
    /// takes longer than everything else about a long list.
    pub outgoing: Arc<Outgoing>,
}

impl Publisher {
    /// Does what is due, for ever.
    pub async fn run(self) {
        loop {
            // A client that does not read is not written to.
            self.outgoing.room().await;
            match self.shared.next() {
                None => self.shared.wake.notified().await,
                Some(Task::Message(text)) => {
                    self.client.show_message(MessageType::Warning, text).await;
                }
                Some(Task::Refresh(abilities)) => refresh(&self.client, abilities),
                Some(Task::Chart(uri, remarks, abilities)) => {
                    let diagnostics = remarks.diagnostics(&uri, abilities);
                    self.send(&publication::message(&uri, &diagnostics));
                }
                Some(Task::Forget(uri)) => self.send(&publication::message(&uri, &[])),
                Some(Task::Judge(note)) => self.judge(note).await,
            }
        }
    }

    /// Judges a note, at once if that takes no longer than having it done by another thread.
    async fn judge(&self, note: Box<Snapshot>) {
        if note.is_quick() {
            let found = catch_unwind(AssertUnwindSafe(|| found(&self.shared, &note)));
            self.tell(found.map_err(|_| ()));
            // What the note was before is cleared away behind the answer, which is written meanwhile.
            tokio::task::yield_now().await;
            drop(note);
        } else {
            let shared = Arc::clone(&self.shared);
            let found = tokio::task::spawn_blocking(move || found(&shared, &note));
            self.tell(found.await.map_err(|_| ()));
        }
    }

    fn tell(&self, found: Result<Option<Message>, ()>) {
        match found {
            Ok(Some(message)) => self.send(&message),
            Ok(None) => {}
            Err(()) => log("the diagnostics of a note could not be made"),
        }
    }

    fn send(&self, message: &Message) {
        self.outgoing.send(&[&message.head, &message.diagnostics]);
    }
}

/// The notification about a note as it stands, if the client is to have one.
fn found(shared: &Shared, note: &Snapshot) -> Option<Message> {
    let analysis = shared.analysis(note);
    if note.abilities.pulls {
        return None;
    }
    let subject = Subject {
        uri: &note.uri,
        version: note.version,
        document: &note.document,
        abilities: note.abilities,
    };
    let analysis = analysis.unwrap_or_default();
    let message = note.told.lock().message(&subject, &analysis);
    shared.may_publish(note).then_some(message)
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
