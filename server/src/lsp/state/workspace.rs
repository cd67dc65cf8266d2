//! The charts of the workspace's folders that are not open: what was found in them, and what has to
//! be looked at. The looking itself is the [`scanner`](crate::lsp::scanner)'s.
//!
//! An open note always wins over its file. Whoever closes it has the file looked at again, and
//! until that is done nothing that the client shows is taken back.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::gen_lsp_types::Uri;

use super::{Pulled, Shared, State};
use crate::editor::index::Query;
use crate::editor::symbols::SymbolKind;
use crate::files;
use crate::lsp::capabilities::Abilities;
use crate::lsp::features::diagnostics::Remarks;
use crate::lsp::settings::EditorSettings;
use crate::policy::Policy;

/// How often the files are looked at, at most, for a client that cannot watch them.
const PAUSE: Duration = Duration::from_secs(3);

/// The folders and what is known of the charts in them.
#[derive(Debug, Default)]
pub struct Workspace {
    pub(super) folders: Vec<PathBuf>,
    /// Whether the client's settings are known, or it has none: before, nothing is looked at.
    ready: bool,
    charts: HashMap<PathBuf, Chart>,
    /// Files and folders to look at.
    dirty: BTreeSet<PathBuf>,
    /// Files to read even if they look as before.
    forced: HashSet<PathBuf>,
    /// When to look whether the files that are known still look as before.
    recheck: Option<Instant>,
    checked: Option<Instant>,
    /// A scan is under way, and ends early if this is set.
    scan: Option<Arc<AtomicBool>>,
    /// Under what name the client shows how far it is.
    token: Option<lsp::ProgressToken>,
    /// Charts of which the client has to be informed.
    due: VecDeque<PathBuf>,
    /// The number of the newest question about all documents; older ones are given up.
    newest_poll: u64,
    /// Whether one of them was answered.
    answered: bool,
    ending: bool,
}

/// A chart that is not open, or was not when it was last looked at.
#[derive(Debug)]
struct Chart {
    uri: Uri,
    /// How the file looked when it was read; nothing if it has to be read.
    stamp: Option<Stamp>,
    policy: Option<Arc<Policy>>,
    remarks: Arc<Remarks>,
    symbols: Box<[ChartSymbol]>,
    /// The findings that the client was sent last; nothing if they were those of the open note.
    last_sent: Option<u64>,
}

/// What shows whether a file changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    pub size: u64,
    pub written: Option<SystemTime>,
}

/// Something that a chart can be found by.
#[derive(Clone, Debug)]
pub struct ChartSymbol {
    pub kind: SymbolKind,
    pub name: Box<str>,
    /// What it is found by, in lower case.
    pub words: Box<str>,
    /// Where it stands, as the client counts.
    pub range: lsp::Range,
}

#[derive(Debug)]
pub struct ScannedChart {
    pub stamp: Stamp,
    pub policy: Arc<Policy>,
    /// The findings; nothing if it could not be judged.
    pub remarks: Option<Arc<Remarks>>,
    pub symbols: Box<[ChartSymbol]>,
}

/// What the scanner has to do.
#[derive(Debug)]
pub struct Scan {
    pub folders: Vec<PathBuf>,
    /// The files and folders to look at, each with what is below it.
    pub places: Vec<PathBuf>,
    pub editor: Arc<EditorSettings>,
    pub abilities: Abilities,
    /// Set when the scan is to end early.
    pub stop: Arc<AtomicBool>,
}

/// What the scanner does next.
#[derive(Debug)]
pub enum Next {
    Scan(Scan),
    /// Nothing before this moment.
    WaitUntil(Instant),
    /// Nothing before it is woken.
    Wait,
}

/// How a question about all documents stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Poll {
    /// It can be answered if there is news.
    Ready,
    /// The charts are being looked at.
    Busy,
    /// A newer one was asked, or the server ends.
    GivenUp,
}

/// What is known of a document: its address, its version if it is open, its findings.
type KnownDocument = (Uri, Option<i32>, Arc<Remarks>);

impl Chart {
    /// A chart that has to be read.
    fn unread(uri: Uri, last_sent: Option<u64>) -> Self {
        Self {
            uri,
            stamp: None,
            policy: None,
            remarks: Remarks::none(),
            symbols: Box::default(),
            last_sent,
        }
    }

    /// Whether the client may show a finding of it.
    fn is_shown(&self) -> bool {
        self.last_sent != Some(Remarks::none().number())
    }
}

impl Workspace {
    /// Whether a file is a chart of the workspace, as far as its path says.
    fn has(&self, path: &Path) -> bool {
        files::is_note(path) && self.folders.iter().any(|f| shows(f, path))
    }
}

/// Whether a path lies in a folder with nothing hidden between.
pub fn shows(folder: &Path, path: &Path) -> bool {
    path.strip_prefix(folder).is_ok_and(|rest| {
        rest.components().all(|part| match part {
            Component::Normal(name) => !name.to_string_lossy().starts_with('.'),
            _ => false,
        })
    })
}

impl State {
    fn looks(&self) -> bool {
        self.workspace.ready && self.editor.workspace && !self.workspace.ending
    }

    fn scan_of(&self, places: Vec<PathBuf>, stop: Arc<AtomicBool>) -> Scan {
        Scan {
            folders: self.workspace.folders.clone(),
            places,
            editor: Arc::clone(&self.editor),
            abilities: self.abilities,
            stop,
        }
    }

    fn is_open(&self, path: &Path) -> bool {
        let paths = self.notes.values().map(|note| note.path.as_deref());
        paths.flatten().any(|open| open == path)
    }

    /// Has files and folders looked at, if that is wanted at all.
    fn look_at(&mut self, places: impl IntoIterator<Item = PathBuf>) {
        if self.looks() {
            self.workspace.dirty.extend(places);
        }
    }

    /// Has everything looked at again, for other settings or other folders.
    pub(super) fn look_at_all(&mut self) {
        if let Some(stop) = &self.workspace.scan {
            stop.store(true, Ordering::Relaxed);
        }
        if self.editor.workspace {
            let folders = self.workspace.folders.clone();
            self.look_at(folders);
        } else {
            self.workspace.dirty.clear();
            self.drop_charts(|_| false);
        }
    }

    /// Keeps only some charts; what was reported of the others is taken back.
    fn drop_charts(&mut self, keep: impl Fn(&Path) -> bool) {
        let gone: Vec<PathBuf> = self
            .workspace
            .charts
            .keys()
            .filter(|path| !keep(path))
            .cloned()
            .collect();
        for path in gone {
            let open = self.is_open(&path);
            let Some(chart) = self.workspace.charts.remove(&path) else {
                continue;
            };
            if !self.abilities.pulls && !open && chart.is_shown() {
                self.judge_soon(chart.uri);
            }
        }
    }

    /// Has the charts looked at for which the settings of a folder hold.
    pub(super) fn look_at_folder(&mut self, folder: &Path) {
        let folders = self.workspace.folders.iter();
        let places = folders.filter_map(|of_workspace| {
            if folder.starts_with(of_workspace) {
                return Some(folder.to_owned());
            }
            of_workspace
                .starts_with(folder)
                .then(|| of_workspace.clone())
        });
        let places: Vec<PathBuf> = places.collect();
        self.look_at(places);
    }

    /// A note was opened: its file does not matter any more.
    pub(super) fn chart_opened(&mut self, path: Option<&Path>, uri: &Uri) {
        let Some(chart) = path.and_then(|p| self.workspace.charts.get_mut(p)) else {
            return;
        };
        let other = std::mem::replace(&mut chart.uri, uri.clone());
        let shown = chart.is_shown();
        chart.last_sent = None;
        chart.stamp = None;
        if other != *uri && shown && !self.abilities.pulls {
            // The client's spelling of the address is another one: it would show both.
            self.judge_soon(other);
        }
    }

    /// A note was closed. Whether its file is a chart of the workspace, and its findings stay.
    pub(super) fn chart_closed(&mut self, path: Option<PathBuf>, uri: &Uri) -> bool {
        let Some(path) = path.filter(|p| self.looks() && self.workspace.has(p)) else {
            return false;
        };
        let chart = self.workspace.charts.entry(path.clone());
        chart
            .or_insert_with(|| Chart::unread(uri.clone(), None))
            .last_sent = None;
        self.look_at([path]);
        true
    }

    /// The findings of a chart, if the client is to be informed of one.
    pub(super) fn next_chart(&mut self) -> Option<(Uri, Arc<Remarks>)> {
        while let Some(path) = self.workspace.due.pop_front() {
            let open = self.is_open(&path);
            let Some(chart) = self.workspace.charts.get_mut(&path) else {
                continue;
            };
            if !open && chart.last_sent != Some(chart.remarks.number()) {
                chart.last_sent = Some(chart.remarks.number());
                return Some((chart.uri.clone(), Arc::clone(&chart.remarks)));
            }
        }
        None
    }

    /// The files have to be looked at soon, for the client cannot watch them.
    pub(super) fn look_soon(&mut self) {
        if self.abilities.registers_watchers || !self.looks() || self.workspace.recheck.is_some() {
            return;
        }
        let now = Instant::now();
        let earliest = self.workspace.checked.map_or(now, |last| last + PAUSE);
        self.workspace.recheck = Some(earliest.max(now));
    }
}

impl Shared {
    /// The settings are known as far as they ever will be: the charts can be looked at.
    pub fn ready(&self) {
        let mut state = self.state.lock();
        if !state.workspace.ready {
            state.workspace.ready = true;
            state.look_at_all();
        }
        drop(state);
        self.news();
    }

    pub fn folders_changed(&self, added: Vec<PathBuf>, removed: &[PathBuf]) {
        let mut state = self.state.lock();
        let workspace = &mut state.workspace;
        workspace.folders.retain(|f| !removed.contains(f));
        for folder in &added {
            if !workspace.folders.contains(folder) {
                workspace.folders.push(folder.clone());
            }
        }
        let folders = workspace.folders.clone();
        state.drop_charts(|path| folders.iter().any(|f| shows(f, path)));
        state.look_at(added);
        drop(state);
        self.news();
    }

    /// Files or folders were made, written, renamed or taken away.
    pub fn files_changed(&self, mut paths: Vec<PathBuf>) {
        let mut state = self.state.lock();
        let folders = &state.workspace.folders;
        paths.retain(|path| folders.iter().any(|f| path.starts_with(f)));
        if state.looks() {
            state.workspace.forced.extend(paths.iter().cloned());
        }
        state.look_at(paths);
        drop(state);
        self.news();
    }

    /// The user does not want to wait for the scan that is shown.
    pub fn cancel_progress(&self, token: &lsp::ProgressToken) {
        let shown = self.state.lock().workspace.token.as_ref() == Some(token);
        if shown {
            self.stop_scan();
        }
    }

    fn stop_scan(&self) {
        let mut state = self.state.lock();
        if let Some(stop) = &state.workspace.scan {
            stop.store(true, Ordering::Relaxed);
        }
        state.workspace.dirty.clear();
    }

    /// The server ends: what is held is answered, what runs is stopped.
    pub fn end(&self) {
        self.state.lock().workspace.ending = true;
        self.stop_scan();
        self.news();
    }

    /// Wakes whoever waits for something to change.
    pub(super) fn news(&self) {
        self.wake.notify_one();
        self.scan.notify_one();
        self.changes.send_modify(|count| *count += 1);
    }

    pub fn next_scan(&self) -> Next {
        let mut state = self.state.lock();
        let now = Instant::now();
        let workspace = &mut state.workspace;
        let mut places: Vec<PathBuf> = std::mem::take(&mut workspace.dirty).into_iter().collect();
        match workspace.recheck {
            Some(due) if due <= now => {
                workspace.recheck = None;
                workspace.checked = Some(now);
                places.extend(workspace.charts.keys().cloned());
                places.sort_unstable();
                places.dedup();
            }
            Some(due) if places.is_empty() => return Next::WaitUntil(due),
            _ => {}
        }
        if places.is_empty() {
            return Next::Wait;
        }
        let stop = Arc::<AtomicBool>::default();
        workspace.scan = Some(Arc::clone(&stop));
        Next::Scan(state.scan_of(places, stop))
    }

    pub fn scanned(&self) {
        self.state.lock().workspace.scan = None;
        self.news();
    }

    /// Whether a chart has to be read: not if it is open, nor if it is as it was.
    pub fn has_to_be_read(&self, path: &Path, stamp: Stamp, policy: &Arc<Policy>) -> bool {
        let mut state = self.state.lock();
        let forced = state.workspace.forced.remove(path);
        if state.is_open(path) {
            return false;
        }
        let known = state.workspace.charts.get(path);
        forced
            || known.is_none_or(|chart| {
                let same = |p: &Arc<Policy>| Arc::ptr_eq(p, policy) || **p == **policy;
                chart.stamp != Some(stamp) || !chart.policy.as_ref().is_some_and(same)
            })
    }

    /// Of the charts at a place or below it, only these are there.
    pub fn only_there(&self, place: &Path, there: &HashSet<PathBuf>) {
        let mut state = self.state.lock();
        state.workspace.forced.remove(place);
        state.drop_charts(|path| !path.starts_with(place) || there.contains(path));
        drop(state);
        self.wake.notify_one();
    }

    /// Keeps what was found in a chart.
    pub fn store_chart(&self, path: PathBuf, found: ScannedChart) {
        let mut state = self.state.lock();
        if !state.looks() || !state.workspace.has(&path) || state.is_open(&path) {
            return;
        }
        let chart = match state.workspace.charts.entry(path.clone()) {
            std::collections::hash_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::hash_map::Entry::Vacant(entry) => {
                let Ok(uri) = Uri::from_file_path(&path) else {
                    return;
                };
                entry.insert(Chart::unread(uri, Some(Remarks::none().number())))
            }
        };
        chart.stamp = Some(found.stamp);
        chart.policy = Some(found.policy);
        chart.symbols = found.symbols;
        if let Some(remarks) = found.remarks {
            chart.remarks = remarks;
        }
        let is_news = chart.last_sent != Some(chart.remarks.number());
        if is_news && !state.abilities.pulls {
            state.workspace.due.push_back(path);
        }
        drop(state);
        self.wake.notify_one();
    }

    /// What is known of a note that is not open; nothing if it has to be read first.
    pub(super) fn closed_remarks(&self, uri: &Uri) -> Pulled {
        let state = self.state.lock();
        let path = uri.to_file_path().ok();
        let Some(path) = path.filter(|p| state.looks() && state.workspace.has(p)) else {
            return Pulled::Remarks(Remarks::none());
        };
        match state.workspace.charts.get(&path) {
            Some(chart) if chart.stamp.is_some() => Pulled::Remarks(Arc::clone(&chart.remarks)),
            _ => Pulled::Unread,
        }
    }

    /// A look at one place, besides the scanner's.
    pub fn scan_of(&self, place: PathBuf) -> Scan {
        self.state.lock().scan_of(vec![place], Arc::default())
    }

    /// The user sees how far the scan is, or does not any more.
    pub fn shows_progress(&self, token: Option<lsp::ProgressToken>) {
        self.state.lock().workspace.token = token;
    }

    /// The number of a question about all documents that was just asked.
    pub fn begin_poll(&self) -> u64 {
        let mut state = self.state.lock();
        state.workspace.newest_poll += 1;
        let number = state.workspace.newest_poll;
        drop(state);
        self.news();
        number
    }

    /// How a question about all documents stands.
    pub fn poll(&self, number: u64) -> Poll {
        let state = self.state.lock();
        let workspace = &state.workspace;
        if workspace.ending || workspace.newest_poll != number {
            Poll::GivenUp
        } else if !workspace.ready || workspace.scan.is_some() || !workspace.dirty.is_empty() {
            Poll::Busy
        } else {
            Poll::Ready
        }
    }

    /// The answer about all documents of the workspace for a client that has seen some results, if
    /// there is news. The first question is answered even if there is none.
    pub fn report(
        &self,
        seen: &HashMap<Uri, String>,
    ) -> Option<Vec<lsp::WorkspaceDocumentDiagnosticReport>> {
        let open: Vec<Uri> = self.state.lock().notes.keys().cloned().collect();
        let mut known: Vec<KnownDocument> = Vec::new();
        let mut kept: HashSet<Uri> = HashSet::new();
        for uri in open {
            let Some(note) = self.state.lock().snapshot(&uri) else {
                continue;
            };
            match self.analysis(&note) {
                Some(analysis) => {
                    known.push((uri, Some(note.version), note.remarks(&analysis)));
                }
                // Nothing is known of it, so that what the client shows of it stays.
                None => _ = kept.insert(uri),
            }
        }
        let state = self.state.lock();
        let abilities = state.abilities;
        for (path, chart) in &state.workspace.charts {
            if state.is_open(path) {
                continue;
            }
            if chart.stamp.is_some() {
                known.push((chart.uri.clone(), None, Arc::clone(&chart.remarks)));
            } else {
                kept.insert(chart.uri.clone());
            }
        }
        drop(state);
        known.retain(|(uri, _, remarks)| seen.contains_key(uri) || !remarks.is_empty());
        let is_news = |(uri, _, remarks): &KnownDocument| {
            seen.get(uri).is_none_or(|id| *id != remarks.result_id())
        };
        let mut news = known.iter().any(is_news);
        let there: HashSet<&Uri> = known.iter().map(|(uri, ..)| uri).chain(&kept).collect();
        let none = Remarks::none();
        let gone: Vec<KnownDocument> = seen
            .iter()
            .filter(|(uri, id)| !there.contains(uri) && **id != none.result_id())
            .map(|(uri, _)| (uri.clone(), None, Arc::clone(&none)))
            .collect();
        news |= !gone.is_empty();
        let first = !std::mem::replace(&mut self.state.lock().workspace.answered, true);
        if !news && (!first || !seen.is_empty()) {
            return None;
        }
        known.extend(gone);
        known.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let items = known.iter().map(|(uri, version, remarks)| {
            remarks.item(uri, *version, abilities, seen.get(uri).map(String::as_str))
        });
        Some(items.collect())
    }

    /// The visits and diagnoses of the charts that are not open, by the words of a query, and where
    /// they are; at most so many.
    pub fn chart_symbols(&self, query: &Query, most: usize) -> Vec<(Uri, ChartSymbol)> {
        let state = self.state.lock();
        let mut charts: Vec<(&PathBuf, &Chart)> = state
            .workspace
            .charts
            .iter()
            .filter(|(path, _)| !state.is_open(path))
            .collect();
        charts.sort_unstable_by_key(|(path, _)| *path);
        let all = charts.into_iter().flat_map(|(_, chart)| {
            let symbols = chart.symbols.iter().filter(|s| query.fits(&s.words));
            symbols.map(|s| (chart.uri.clone(), s.clone()))
        });
        all.take(most).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lsp::scanner::read_now;

    const NOTE: &str = "dx: M54.50\nvisit: 2026-11-02\n97124 lumbar 10:00-10:07\n";

    fn shared(folder: &Path) -> Shared {
        let shared = Shared::default();
        shared.begin(Abilities::default(), vec![folder.to_owned()], None);
        shared.ready();
        shared
    }

    #[test]
    fn charts_are_found_by_date_and_diagnosis_unless_they_are_open() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.soap");
        std::fs::write(&path, NOTE).unwrap();
        let shared = shared(folder.path());
        read_now(&shared, path.clone());
        let names = |query: &str| -> Vec<String> {
            let symbols = shared.chart_symbols(&Query::of(query), 10).into_iter();
            symbols.map(|(_, symbol)| symbol.name.into()).collect()
        };
        assert_eq!(names("2026-11"), ["2026-11-02: 97124"]);
        assert!(names("back m54")[0].starts_with("M54.50"));
        assert_eq!(names("").len(), 2);
        assert_eq!(shared.chart_symbols(&Query::of(""), 1).len(), 1);
        let (uri, visit) = shared.chart_symbols(&Query::of("2026"), 1).remove(0);
        assert_eq!(uri, Uri::from_file_path(&path).unwrap());
        assert_eq!((visit.kind, visit.range.start.line), (SymbolKind::Visit, 1));
        shared.open(uri, 1, "");
        assert_eq!(names(""), Vec::<String>::new());
    }

    #[test]
    fn a_chart_that_is_as_it_was_is_not_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.soap");
        std::fs::write(&path, NOTE).unwrap();
        let shared = shared(folder.path());
        read_now(&shared, path.clone());
        let (stamp, policy) = {
            let state = shared.state.lock();
            let chart = &state.workspace.charts[&path];
            (chart.stamp.unwrap(), chart.policy.clone().unwrap())
        };
        let reads =
            |stamp, policy: &Policy| shared.has_to_be_read(&path, stamp, &Arc::new(policy.clone()));
        assert!(!reads(stamp, &policy));
        let grown = Stamp {
            size: stamp.size + 1,
            ..stamp
        };
        assert!(reads(grown, &policy));
        let other = Policy {
            payer: Some("medicare".to_owned()),
            ..(*policy).clone()
        };
        assert!(reads(stamp, &other));
        shared.files_changed(vec![path.clone()]);
        assert!(reads(stamp, &policy));
        assert!(!reads(stamp, &policy));
    }

    #[test]
    fn what_is_hidden_is_no_chart() {
        let folder = Path::new("/charts/.all");
        let workspace = Workspace {
            folders: vec![folder.to_owned()],
            ..Workspace::default()
        };
        assert!(workspace.has(&folder.join("a/b.soap")));
        for name in [
            "a/b.txt",
            ".b.soap",
            ".a/b.soap",
            "../b.soap",
            "../x/b.soap",
        ] {
            assert!(!workspace.has(&folder.join(name)), "{name}");
        }
    }
}
