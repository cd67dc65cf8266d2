//! The open notes and the settings, behind one lock that is held for moments only: what takes time
//! works on a [`Snapshot`], and what it finds is stored if the note is still the same.

pub mod workspace;

use std::collections::{HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use parking_lot::Mutex;
use serde_json::Value;
use tokio::sync::{Notify, watch};
use tower_lsp::gen_lsp_types::{TextDocumentContentChangeEvent, Uri};
use tracing::{debug, error, warn};

use super::capabilities::Abilities;
use super::features::diagnostics::Remarks;
use super::features::documents;
use super::features::tokens::Memory;
use super::settings::{EditorSettings, Loaded, describe, load, section};
use crate::analysis::Analysis;
use crate::policy::{Policy, Problem};
use crate::text::Document;
use workspace::Workspace;

/// What the handlers and the publisher share.
#[derive(Debug, Default)]
pub struct Shared {
    state: Mutex<State>,
    pub wake: Notify,
    pub scan: Notify,
    /// Counts what may change the findings of any chart.
    pub changes: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct State {
    abilities: Abilities,
    /// What came with `initialize`; it holds until the client is asked and answers.
    initial: Option<Value>,
    editor: Arc<EditorSettings>,
    /// Counts the questions for settings, so that only the last one's answer counts.
    asked: u64,
    notes: HashMap<Uri, Note>,
    clock: u64,
    due: VecDeque<Uri>,
    messages: VecDeque<String>,
    /// The problems last shown of each file and of the editor's settings.
    shown: HashMap<Option<PathBuf>, Vec<Problem>>,
    /// What the client has to ask for again, because the settings changed.
    stale: bool,
    workspace: Workspace,
}

#[derive(Debug)]
struct Note {
    path: Option<PathBuf>,
    version: i32,
    document: Document,
    /// When the text or the settings last changed.
    revision: u64,
    /// The policy, unless it has to be read.
    policy: Option<Arc<Policy>>,
    judged: CurrentAnalysis,
    /// Whether the user was informed that it fails.
    failing: bool,
    /// The policy that it was judged by last.
    judged_by: Option<Arc<Policy>>,
    /// The findings that were published last, and the version they are of.
    published: Option<(i32, Arc<Remarks>)>,
    /// The semantic tokens that were sent.
    tokens: Arc<Mutex<Memory>>,
}

/// The newest revision of a note that was judged: the note's own, or one to go on from.
#[derive(Clone, Debug, Default)]
struct CurrentAnalysis {
    revision: u64,
    /// Nothing if it failed.
    analysis: Option<Arc<Analysis>>,
}

/// A note as it stood at one moment.
#[derive(Debug)]
pub struct Snapshot {
    pub uri: Uri,
    pub version: i32,
    pub document: Document,
    pub abilities: Abilities,
    /// The semantic tokens that were sent of it.
    pub tokens: Arc<Mutex<Memory>>,
    revision: u64,
    policy: Option<Arc<Policy>>,
    judged: CurrentAnalysis,
    editor: Arc<EditorSettings>,
}

/// What a client that asks for diagnostics is answered.
#[derive(Debug)]
pub enum Pulled {
    Remarks(Arc<Remarks>),
    /// Nothing, for the note cannot be judged.
    Failed,
    /// To ask again, for the note changes faster than it can be judged.
    Moving,
    /// What its file says, which has to be read first.
    Unread,
}

/// What the publisher has to do next.
#[derive(Debug)]
pub enum Task {
    Message(String),
    /// Have the client ask again for what it asked for under other settings.
    Refresh(Abilities),
    /// Take back the diagnostics of a note that was closed.
    Forget(Uri),
    /// Publish what was found in a chart that is not open.
    Chart(Uri, Arc<Remarks>, Abilities),
    /// Judge a note and publish its diagnostics.
    Judge(Box<Snapshot>),
}

impl Shared {
    /// Notes what the client can do, and the settings that it starts with.
    pub fn begin(&self, abilities: Abilities, folders: Vec<PathBuf>, options: Option<&Value>) {
        let mut state = self.state.lock();
        state.abilities = abilities;
        state.workspace.folders = folders;
        state.initial = options.and_then(section).cloned();
        state.use_settings(None);
    }

    pub fn abilities(&self) -> Abilities {
        self.state.lock().abilities
    }

    pub fn editor_settings(&self) -> Arc<EditorSettings> {
        Arc::clone(&self.state.lock().editor)
    }

    pub fn open(&self, uri: Uri, version: i32, text: &str) {
        let document = Document::new(text);
        let mut state = self.state.lock();
        let revision = state.tick();
        let path = uri.to_file_path().ok();
        state.chart_opened(path.as_deref(), &uri);
        let note = Note {
            path,
            version,
            document,
            revision,
            policy: None,
            judged: CurrentAnalysis::default(),
            failing: false,
            judged_by: None,
            published: None,
            tokens: Arc::default(),
        };
        if state.notes.insert(uri.clone(), note).is_some() {
            warn!("a note was opened that was open already");
        }
        state.publish_soon(uri);
        state.look_soon();
        drop(state);
        self.news();
    }

    /// A note was changed. All of the changes are made, or none.
    pub fn change(&self, uri: Uri, version: i32, changes: &[TextDocumentContentChangeEvent]) {
        let mut state = self.state.lock();
        let (revision, abilities) = (state.tick(), state.abilities);
        let Some(note) = state.notes.get_mut(&uri) else {
            return warn!("a change to a note that is not open was ignored");
        };
        if version < note.version {
            return warn!("a change that is older than its note was ignored");
        }
        let Some(document) = documents::changed(&note.document, changes, abilities) else {
            return warn!("a change whose range ends before it starts was ignored");
        };
        note.document = document;
        note.version = version;
        note.revision = revision;
        state.publish_soon(uri);
        drop(state);
        self.wake.notify_one();
        self.changes.send_modify(|count| *count += 1);
    }

    /// A note was saved, perhaps together with its settings.
    pub fn save(&self, uri: &Uri) {
        let mut state = self.state.lock();
        let now = state.tick();
        let Some(note) = state.notes.get_mut(uri) else {
            return warn!("a note was saved that is not open");
        };
        note.reread(now);
        state.judge_soon(uri.clone());
        state.look_soon();
        drop(state);
        self.news();
    }

    pub fn close(&self, uri: Uri) {
        let mut state = self.state.lock();
        let Some(note) = state.notes.remove(&uri) else {
            return warn!("a note was closed that is not open");
        };
        state.due.retain(|due| *due != uri);
        if !state.chart_closed(note.path, &uri) {
            state.publish_soon(uri);
        }
        drop(state);
        self.news();
    }

    /// The settings file of a folder may have changed: it holds for the notes in it and below.
    pub fn settings_changed(&self, folder: &Path) {
        let mut state = self.state.lock();
        state.reread(|path| path.is_some_and(|p| p.starts_with(folder)));
        state.look_at_folder(folder);
        drop(state);
        self.news();
    }

    /// The number of a question for settings that is about to be asked.
    pub fn ask(&self) -> u64 {
        let mut state = self.state.lock();
        state.asked += 1;
        state.asked
    }

    /// The answer to a question, unless another one was asked since.
    pub fn answer(&self, asked: u64, settings: &Value) {
        let mut state = self.state.lock();
        if state.asked == asked {
            state.use_settings(Some(settings));
            state.look_at_all();
        }
        drop(state);
        self.news();
    }

    /// Settings that the client sent without being asked.
    pub fn receive_settings(&self, settings: &Value) {
        let asked = self.ask();
        self.answer(asked, settings);
    }

    /// Shows the problems of settings that were read for charts that are not open.
    pub fn show_problems(&self, loaded: Loaded) {
        self.state.lock().show(loaded);
        self.wake.notify_one();
    }

    pub fn snapshot(&self, uri: &Uri) -> Option<Snapshot> {
        let snapshot = self.state.lock().snapshot(uri);
        if snapshot.is_none() {
            warn!("a question about a note that is not open was not answered");
        }
        snapshot
    }

    /// All notes that can be searched, by their addresses: those that are open.
    pub fn known_notes(&self) -> Vec<Snapshot> {
        let state = self.state.lock();
        let mut uris: Vec<&Uri> = state.notes.keys().collect();
        uris.sort_by(|a, b| a.as_str().cmp(b.as_str()));
        uris.into_iter()
            .filter_map(|uri| state.snapshot(uri))
            .collect()
    }

    pub fn next(&self) -> Option<Task> {
        let mut state = self.state.lock();
        if let Some(message) = state.messages.pop_front() {
            return Some(Task::Message(message));
        }
        if std::mem::take(&mut state.stale) {
            return Some(Task::Refresh(state.abilities));
        }
        while let Some(uri) = state.due.pop_front() {
            match state.snapshot(&uri) {
                Some(snapshot) => return Some(Task::Judge(Box::new(snapshot))),
                None if state.abilities.pulls => {}
                None => return Some(Task::Forget(uri)),
            }
        }
        let abilities = state.abilities;
        let (uri, remarks) = state.next_chart()?;
        Some(Task::Chart(uri, remarks, abilities))
    }

    /// The analysis of a note, made now unless it was made before. Nothing if it failed.
    pub fn analysis(&self, note: &Snapshot) -> Option<Arc<Analysis>> {
        if note.judged.revision == note.revision {
            return note.judged.analysis.clone();
        }
        let (policy, loaded) = if let Some(policy) = &note.policy {
            (Arc::clone(policy), None)
        } else {
            let path = note.uri.to_file_path().ok();
            let loaded = load(path.as_deref(), &note.editor);
            (Arc::clone(&loaded.policy), Some(loaded))
        };
        let started = Instant::now();
        let judged = catch_unwind(AssertUnwindSafe(|| {
            #[cfg(debug_assertions)]
            test_hooks(&note.document);
            let before = note.judged.analysis.clone().unwrap_or_default();
            Arc::new(before.updated(&note.document, &policy))
        }));
        let analysis = judged.ok();
        if analysis.is_some() {
            let took = started.elapsed();
            debug!("judged version {} in {took:?}", note.version);
        } else {
            error!("checking a note failed");
        }
        let mut state = self.state.lock();
        state.store(note, policy, analysis.clone());
        if let Some(loaded) = loaded {
            state.show(loaded);
        }
        drop(state);
        self.wake.notify_one();
        analysis
    }

    /// What a client that asks is answered about a note as it stands when the answer is made.
    pub fn remarks(&self, uri: &Uri) -> Pulled {
        // Each round is a question of milliseconds; a note that changes all the while is a machine's.
        const ROUNDS: usize = 8;
        for _ in 0..ROUNDS {
            let note = self.state.lock().snapshot(uri);
            let Some(note) = note else {
                return self.closed_remarks(uri);
            };
            let analysis = self.analysis(&note);
            let remarks = analysis.map(|a| Remarks::of(&note.document, note.abilities, &a));
            if self.stands(&note) {
                return remarks.map_or(Pulled::Failed, Pulled::Remarks);
            }
        }
        Pulled::Moving
    }

    /// Whether a note is still as the snapshot has it.
    fn stands(&self, snapshot: &Snapshot) -> bool {
        let state = self.state.lock();
        let note = state.notes.get(&snapshot.uri);
        note.is_some_and(|note| note.revision == snapshot.revision)
    }

    /// Whether findings of a snapshot are still those of the note, and are news; if so, they count as
    /// published. Never for a client that asks for them.
    pub fn may_publish(&self, snapshot: &Snapshot, remarks: &Arc<Remarks>) -> bool {
        let mut state = self.state.lock();
        if state.abilities.pulls {
            return false;
        }
        let Some(note) = state.notes.get_mut(&snapshot.uri) else {
            return false;
        };
        if note.revision != snapshot.revision {
            return false;
        }
        let are_known = note.published.as_ref().is_some_and(|(version, known)| {
            *version == note.version && known.number() == remarks.number()
        });
        note.published = Some((note.version, Arc::clone(remarks)));
        !are_known
    }
}

impl State {
    fn tick(&mut self) -> u64 {
        self.clock += 1;
        self.clock
    }

    /// Publishes a note's findings soon, unless the client asks by itself.
    fn publish_soon(&mut self, uri: Uri) {
        if !self.abilities.pulls {
            self.judge_soon(uri);
        }
    }

    /// Judges a note soon: to publish it, or to find out whether other settings change anything.
    fn judge_soon(&mut self, uri: Uri) {
        if !self.due.contains(&uri) {
            self.due.push_back(uri);
        }
    }

    /// Reads the policies of some notes again.
    fn reread(&mut self, which: impl Fn(Option<&Path>) -> bool) {
        let now = self.tick();
        let mut uris = Vec::new();
        for (uri, note) in &mut self.notes {
            if which(note.path.as_deref()) {
                note.reread(now);
                uris.push(uri.clone());
            }
        }
        for uri in uris {
            self.judge_soon(uri);
        }
    }

    /// Goes by these settings, or by those of the start if the client has none to send.
    fn use_settings(&mut self, settings: Option<&Value>) {
        let sent = settings.and_then(section);
        let section = sent.or(self.initial.as_ref());
        self.editor = Arc::new(section.map(EditorSettings::of).unwrap_or_default());
        self.reread(|_| true);
    }

    fn snapshot(&self, uri: &Uri) -> Option<Snapshot> {
        let note = self.notes.get(uri)?;
        Some(Snapshot {
            uri: uri.clone(),
            version: note.version,
            document: note.document.clone(),
            abilities: self.abilities,
            tokens: Arc::clone(&note.tokens),
            revision: note.revision,
            policy: note.policy.clone(),
            judged: note.judged.clone(),
            editor: Arc::clone(&self.editor),
        })
    }

    fn store(&mut self, seen: &Snapshot, policy: Arc<Policy>, analysis: Option<Arc<Analysis>>) {
        let Some(note) = self.notes.get_mut(&seen.uri) else {
            return;
        };
        if note.judged.revision > seen.revision {
            return;
        }
        let failed = analysis.is_none();
        // What a failure left behind is nothing to go on from.
        note.judged = CurrentAnalysis {
            revision: seen.revision,
            analysis,
        };
        if note.revision != seen.revision {
            return;
        }
        let other = note.judged_by.as_ref().is_some_and(|p| *p != policy);
        self.stale |= other;
        note.judged_by = Some(Arc::clone(&policy));
        note.policy = Some(policy);
        let before = std::mem::replace(&mut note.failing, failed);
        if failed && !before {
            self.messages.push_back(
                "Soapstone failed on this note and cannot say what is wrong in it; other notes are not affected. Please report it.".to_owned(),
            );
        }
    }

    /// Shows the problems of settings, unless they are those that were shown last.
    fn show(&mut self, loaded: Loaded) {
        let shown = self.shown.entry(loaded.file.clone()).or_default();
        if *shown == loaded.problems {
            return;
        }
        if !loaded.problems.is_empty() {
            let message = describe(loaded.file.as_deref(), &loaded.problems);
            self.messages.push_back(message);
        }
        *shown = loaded.problems;
    }
}

impl Note {
    fn reread(&mut self, now: u64) {
        self.revision = now;
        self.policy = None;
    }
}

/// For the end-to-end tests, in debug builds and only if the variable is set: a note that fails and
/// a note that takes long.
#[cfg(debug_assertions)]
fn test_hooks(document: &Document) {
    if std::env::var_os("SOAPSTONE_TEST_HOOKS").is_none() {
        return;
    }
    let text = document.text();
    assert!(!text.contains("hook: fail"), "{text}");
    if text.contains("hook: slow") {
        std::thread::sleep(std::time::Duration::from_millis(1200));
    }
}
