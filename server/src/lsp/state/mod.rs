//! The open notes and the settings, behind one lock that is held for moments only: what takes time
//! works on a [`Snapshot`], and what it finds is stored if the note is still the same.

pub mod workspace;

use std::collections::{HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared as SharedFuture, WeakShared};
use parking_lot::Mutex;
use serde_json::Value;
use tokio::sync::{Notify, watch};
use tower_lsp::gen_lsp_types::{TextDocumentContentChangeEvent, Uri};
use tracing::{debug, error, warn};

use super::capabilities::Abilities;
use super::features::diagnostics::{Remarks, Unknown};
use super::features::documents;
use super::features::tokens::Memory;
use super::settings::{EditorSettings, Loaded, describe, load, section};
use crate::analysis::Analysis;
use crate::files;
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
    /// The text; an empty one if it is not known.
    document: Document,
    unknown: Option<Unknown>,
    /// When the text or the settings last changed.
    revision: u64,
    /// The policy, unless it has to be read.
    policy: Option<Arc<Policy>>,
    judged: CurrentAnalysis,
    /// Held by whoever judges it: whoever else wants to know waits for that.
    judging: Arc<Mutex<()>>,
    /// The judgement that somebody waits for, and of which revision it is.
    awaited: Option<(u64, WeakShared<Judged>)>,
    /// Whether its findings are published as soon as a judgement ends that takes long.
    late: bool,
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

/// An analysis to come; nothing if it failed.
type Judged = BoxFuture<'static, Option<Arc<Analysis>>>;

/// A note as it stood at one moment.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub uri: Uri,
    pub version: i32,
    pub document: Document,
    pub abilities: Abilities,
    /// The semantic tokens that were sent of it.
    pub tokens: Arc<Mutex<Memory>>,
    unknown: Option<Unknown>,
    revision: u64,
    policy: Option<Arc<Policy>>,
    judged: CurrentAnalysis,
    judging: Arc<Mutex<()>>,
    editor: Arc<EditorSettings>,
}

impl Snapshot {
    /// What is shown of the note.
    pub fn remarks(&self, analysis: &Analysis) -> Arc<Remarks> {
        match self.unknown {
            Some(unknown) => Remarks::unknown(unknown),
            None => Remarks::of(&self.document, self.abilities, analysis),
        }
    }
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
        let (document, unknown) = kept(files::document(text));
        let mut state = self.state.lock();
        let revision = state.tick();
        let path = uri.to_file_path().ok();
        state.chart_opened(path.as_deref(), &uri);
        let note = Note {
            path,
            version,
            document,
            unknown,
            revision,
            policy: None,
            judged: CurrentAnalysis::default(),
            judging: Arc::default(),
            awaited: None,
            late: false,
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

    /// A note was changed. All of the changes are made, or none; then the text is not known any more.
    pub fn change(&self, uri: Uri, version: i32, changes: &[TextDocumentContentChangeEvent]) {
        let mut state = self.state.lock();
        let (revision, abilities) = (state.tick(), state.abilities);
        let Some(note) = state.notes.get_mut(&uri) else {
            return warn!("a change to a note that is not open was ignored");
        };
        // Of a text that is not known, only a new one can be made.
        let changes = match note.unknown {
            Some(_) => documents::from_the_last_text(changes),
            None => changes,
        };
        if changes.is_empty() {
            note.version = note.version.max(version);
            return;
        }
        let fresh = documents::changed(&note.document, changes, abilities);
        let Some(document) = fresh.filter(|_| version >= note.version) else {
            warn!("a change that does not fit its note was not made");
            state.lose(&uri);
            drop(state);
            return self.news();
        };
        (note.document, note.unknown) =
            kept(Some(document).filter(|document| !files::is_too_long(document)));
        note.version = version;
        note.revision = revision;
        state.publish_soon(uri);
        drop(state);
        self.wake.notify_one();
        self.changes.send_modify(|count| *count += 1);
    }

    /// Something was said about the text of a note that could not be understood: it is not known any more. If not even the
    /// note is known, it may have been any of them.
    pub fn lose(&self, uri: Option<&str>) {
        let mut state = self.state.lock();
        let uris = state
            .notes
            .keys()
            .filter(|known| uri.is_none_or(|uri| known.as_str() == uri));
        for uri in uris.cloned().collect::<Vec<_>>() {
            state.lose(&uri);
        }
        drop(state);
        self.news();
    }

    /// A note was saved, perhaps together with its settings.
    pub fn save(&self, uri: &Uri, text: Option<&str>) {
        let mut state = self.state.lock();
        let now = state.tick();
        let Some(note) = state.notes.get_mut(uri) else {
            return warn!("a note was saved that is not open");
        };
        if let Some(text) = text.filter(|_| note.unknown.is_some()) {
            (note.document, note.unknown) = kept(files::document(text));
        }
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
        let snapshot = snapshot.filter(|note| note.unknown.is_none());
        if snapshot.is_none() {
            warn!("a question about a note that is not known was not answered");
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
            .filter(|note| note.unknown.is_none())
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
            if state.notes.get(&uri).is_some_and(|note| note.late) {
                continue;
            }
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

    /// The analysis of a note as soon as it is there: one for all who ask, and no thread for those who wait. A note that is
    /// judged already is judged again when that is done, from what was found there.
    pub fn judged(self: &Arc<Self>, note: &Snapshot) -> SharedFuture<Judged> {
        let mut state = self.state.lock();
        let open = state.notes.get_mut(&note.uri);
        let awaited = open.as_ref().and_then(|open| open.awaited.as_ref());
        let earlier = awaited.and_then(|(revision, judged)| Some((*revision, judged.upgrade()?)));
        if let Some((_, judged)) = earlier
            .as_ref()
            .filter(|(revision, _)| *revision == note.revision)
        {
            return judged.clone();
        }
        let (shared, snapshot) = (Arc::clone(self), note.clone());
        let judged = async move {
            if let Some((_, earlier)) = earlier {
                earlier.await;
            }
            let judged = tokio::task::spawn_blocking(move || shared.analysis(&snapshot));
            judged.await.ok().flatten()
        };
        let judged = judged.boxed().shared();
        if let Some(open) = open {
            open.awaited = judged.downgrade().map(|judged| (note.revision, judged));
        }
        judged
    }

    /// A judgement takes long: what is found is published when it is there, and others come first.
    pub fn publish_late(self: &Arc<Self>, note: &Snapshot, judged: SharedFuture<Judged>) {
        if let Some(open) = self.state.lock().notes.get_mut(&note.uri) {
            open.late = true;
        }
        let (shared, uri) = (Arc::clone(self), note.uri.clone());
        tokio::spawn(async move {
            judged.await;
            let mut state = shared.state.lock();
            if let Some(open) = state.notes.get_mut(&uri) {
                open.late = false;
                state.judge_soon(uri);
            }
            drop(state);
            shared.wake.notify_one();
        });
    }

    /// The analysis of a note, made now unless it was made before. Nothing if it failed.
    pub fn analysis(&self, note: &Snapshot) -> Option<Arc<Analysis>> {
        if note.judged.revision == note.revision {
            return note.judged.analysis.clone();
        }
        let _judging = note.judging.lock();
        // What somebody else found in the meantime is the answer, or nearer to it.
        let open = self.state.lock().snapshot(&note.uri);
        let known = open.map_or_else(|| note.judged.clone(), |open| open.judged);
        if known.revision == note.revision {
            return known.analysis;
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
            let before = known.analysis.unwrap_or_default();
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
    pub async fn remarks(self: &Arc<Self>, uri: &Uri) -> Pulled {
        // Each round is a question of milliseconds; a note that changes all the while is a machine's.
        const ROUNDS: usize = 8;
        for _ in 0..ROUNDS {
            let note = self.state.lock().snapshot(uri);
            let Some(note) = note else {
                return self.closed_remarks(uri);
            };
            let analysis = self.judged(&note).await;
            if self.stands(&note) {
                let remarks = analysis
                    .map(|analysis| tokio::task::spawn_blocking(move || note.remarks(&analysis)));
                return match remarks {
                    Some(remarks) => remarks.await.map_or(Pulled::Failed, Pulled::Remarks),
                    None => Pulled::Failed,
                };
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

    /// The text of a note is not known any more, until the client sends all of it: nothing may be said of it meanwhile.
    fn lose(&mut self, uri: &Uri) {
        let revision = self.tick();
        let Some(note) = self.notes.get_mut(uri) else {
            return;
        };
        if note.unknown.is_some() {
            return;
        }
        note.unknown = Some(Unknown::Lost);
        note.document = Document::new("");
        note.revision = revision;
        self.messages.push_back(Unknown::Lost.sentence());
        self.judge_soon(uri.clone());
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
            unknown: note.unknown,
            revision: note.revision,
            policy: note.policy.clone(),
            judged: note.judged.clone(),
            judging: Arc::clone(&note.judging),
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

/// A document as it is kept: one that is too long is not.
fn kept(document: Option<Document>) -> (Document, Option<Unknown>) {
    match document {
        Some(document) => (document, None),
        None => (Document::new(""), Some(Unknown::TooLong)),
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
    if text.contains("hook: stuck") {
        std::thread::sleep(std::time::Duration::from_secs(15));
    }
    if text.contains("hook: escape") {
        super::sandbox::try_to_escape();
    }
}
