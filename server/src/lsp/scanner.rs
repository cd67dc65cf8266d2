//! The one task that looks at the files of the workspace's folders: which charts there are, which
//! of them changed or are judged by other settings, and what is found in those. It sleeps unless
//! something is to be done, and leaves a core to the one who types.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rayon::prelude::*;
use tokio::task::JoinHandle;
use tower_lsp::Client;
use tower_lsp::gen_lsp_types as lsp;
use tracing::{error, warn};

use super::features::diagnostics::{Remarks, Unknown};
use super::position::range;
use super::publisher::PATIENCE;
use super::settings::Policies;
use super::state::Shared;
use super::state::workspace::{ChartSymbol, Next, Scan, ScannedChart, Stamp};
use crate::analysis::Analysis;
use crate::editor::symbols;
use crate::files;
use crate::policy::Policy;

/// More charts than this are not kept.
const MOST: usize = 50_000;
/// From how many charts, or after how long, the user is shown how far it is.
const MANY: usize = 200;
const LONG: Duration = Duration::from_secs(1);

#[derive(Debug)]
struct UnreadChart {
    path: PathBuf,
    stamp: Stamp,
    policy: Arc<Policy>,
}

/// Does what is due, for ever.
pub async fn run(shared: Arc<Shared>, client: Client) {
    let mut count = 0_u32;
    loop {
        match shared.next_scan() {
            Next::Wait => shared.scan.notified().await,
            Next::WaitUntil(moment) => {
                let moment = tokio::time::Instant::from_std(moment);
                // Whether it is woken or the moment comes, it looks again.
                let _ = tokio::time::timeout_at(moment, shared.scan.notified()).await;
            }
            Next::Scan(scan) => {
                count += 1;
                look(&shared, &client, Arc::new(scan), count).await;
                shared.scanned();
            }
        }
    }
}

async fn look(shared: &Arc<Shared>, client: &Client, scan: Arc<Scan>, count: u32) {
    let listing = {
        let (shared, scan) = (Arc::clone(shared), Arc::clone(&scan));
        tokio::task::spawn_blocking(move || list(&shared, &scan))
    };
    let Ok(unread) = listing.await else {
        return error!("the charts of a folder could not be listed");
    };
    if unread.is_empty() {
        return;
    }
    let (total, done) = (unread.len(), Arc::new(AtomicUsize::new(0)));
    let mut work = {
        let (shared, scan, done) = (Arc::clone(shared), Arc::clone(&scan), Arc::clone(&done));
        tokio::task::spawn_blocking(move || judge_all(&shared, &scan, unread, &done))
    };
    if total <= MANY && tokio::time::timeout(LONG, &mut work).await.is_ok() {
        return;
    }
    if scan.abilities.shows_progress {
        show_progress(shared, client, &mut work, count, total, &done).await;
    } else {
        let _ = work.await;
    }
}

async fn show_progress(
    shared: &Shared,
    client: &Client,
    work: &mut JoinHandle<()>,
    count: u32,
    total: usize,
    done: &AtomicUsize,
) {
    let token = lsp::ProgressToken::from(format!("soapstone/charts/{count}"));
    let made = client.create_work_done_progress(token.clone());
    if !matches!(tokio::time::timeout(PATIENCE, made).await, Ok(Ok(()))) {
        let _ = work.await;
        return;
    }
    shared.shows_progress(Some(token.clone()));
    let progress = client
        .progress(token, "Soapstone")
        .with_message(so_far(0, total))
        .with_percentage(0)
        .with_cancel_button();
    let progress = progress.begin().await;
    while tokio::time::timeout(Duration::from_millis(300), &mut *work)
        .await
        .is_err()
    {
        let done = done.load(Ordering::Relaxed);
        let percent = u32::try_from(done * 100 / total).unwrap_or(100);
        progress
            .report_with_message(so_far(done, total), percent, Some(true))
            .await;
    }
    shared.shows_progress(None);
    progress.finish().await;
}

fn so_far(done: usize, total: usize) -> String {
    format!("checking charts: {done} of {total}")
}

/// The charts that have to be read; those that are gone are forgotten.
fn list(shared: &Shared, scan: &Scan) -> Vec<UnreadChart> {
    let mut policies = Policies::new(&scan.editor);
    let mut unread = Vec::new();
    let mut skipped = 0;
    for place in &scan.places {
        let mut there = HashSet::new();
        for path in charts_at(scan, place) {
            if scan.stop.load(Ordering::Relaxed) {
                return Vec::new();
            }
            let Some(stamp) = stamp(&path).filter(|_| there.len() < MOST) else {
                skipped += 1;
                continue;
            };
            let policy = policies.of(&path);
            if shared.has_to_be_read(&path, stamp, &policy) {
                let path = path.clone();
                unread.push(UnreadChart {
                    path,
                    stamp,
                    policy,
                });
            }
            there.insert(path);
        }
        shared.only_there(place, &there);
    }
    if skipped > 0 {
        warn!("{skipped} charts were skipped: too large, or too many");
    }
    for loaded in policies.loaded() {
        shared.show_problems(loaded);
    }
    unread
}

/// The charts at a place of the workspace or below it, in the manner of the command line.
fn charts_at(scan: &Scan, place: &Path) -> Vec<PathBuf> {
    let folders = || scan.folders.iter().filter(|f| place.starts_with(f));
    // The root of a file system is open by mistake.
    let Some(folder) = folders().find(|f| f.parent().is_some() && is_reached(f, place)) else {
        return Vec::new();
    };
    if place.is_dir() {
        let notes = files::notes_in(place).filter_map(Result::ok);
        notes.filter(|path| stays_inside(folder, path)).collect()
    } else if place.is_file() && files::is_note(place) && stays_inside(folder, place) {
        vec![place.to_owned()]
    } else {
        Vec::new()
    }
}

/// Whether a walk through a folder comes to a place: nothing between is hidden or a link.
fn is_reached(folder: &Path, place: &Path) -> bool {
    super::state::workspace::shows(folder, place)
        && place
            .ancestors()
            .skip(usize::from(!place.is_dir()))
            .take_while(|p| *p != folder && p.starts_with(folder))
            .all(|p| !p.is_symlink())
}

/// Whether a file is in a folder in truth, and not a link to elsewhere.
fn stays_inside(folder: &Path, path: &Path) -> bool {
    if !path.is_symlink() {
        return true;
    }
    match (folder.canonicalize(), path.canonicalize()) {
        (Ok(folder), Ok(path)) => path.starts_with(folder),
        _ => false,
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    let meta = std::fs::metadata(path).ok()?;
    Some(Stamp {
        size: meta.len(),
        written: meta.modified().ok(),
    })
}

fn judge_all(shared: &Shared, scan: &Scan, unread: Vec<UnreadChart>, done: &AtomicUsize) {
    let each = |chart: UnreadChart| {
        if !scan.stop.load(Ordering::Relaxed) {
            judge(shared, scan, chart);
            done.fetch_add(1, Ordering::Relaxed);
        }
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = cores.saturating_sub(1).max(1);
    if threads == 1 || unread.len() < 4 {
        return unread.into_iter().for_each(each);
    }
    match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
        Ok(pool) => pool.install(|| unread.into_par_iter().for_each(each)),
        Err(_) => unread.into_iter().for_each(each),
    }
}

fn judge(shared: &Shared, scan: &Scan, chart: UnreadChart) {
    let document = match files::read(&chart.path) {
        Ok(None) => None,
        read => {
            let Some(text) = read.ok().flatten().and_then(files::text_of) else {
                warn!("a chart that is not UTF-8 text was skipped");
                shared.only_there(&chart.path, &HashSet::new());
                return;
            };
            files::document(&text)
        }
    };
    let Some(document) = document else {
        let found = ScannedChart {
            stamp: chart.stamp,
            policy: chart.policy,
            remarks: Some(Remarks::unknown(Unknown::TooLong)),
            symbols: Box::default(),
        };
        return shared.store_chart(chart.path, found);
    };
    let judged = catch_unwind(AssertUnwindSafe(|| {
        let analysis = Analysis::of(&document, &chart.policy);
        let remarks = Remarks::of(&document, scan.abilities, &analysis);
        let entries = symbols::of_chart(&analysis).into_iter();
        let symbols = entries.map(|entry| ChartSymbol {
            kind: entry.kind,
            range: range(&document, entry.span, scan.abilities),
            name: entry.name.into(),
            words: entry.words.into(),
        });
        (remarks, symbols.collect())
    }));
    if judged.is_err() {
        error!("checking a chart failed");
    }
    let (remarks, symbols) = judged.map_or_else(|_| (None, Box::default()), |(r, s)| (Some(r), s));
    let found = ScannedChart {
        stamp: chart.stamp,
        policy: chart.policy,
        remarks,
        symbols,
    };
    shared.store_chart(chart.path, found);
}

/// Reads and judges one chart now, unless that was done.
pub fn read_now(shared: &Shared, path: PathBuf) {
    let scan = shared.scan_of(path);
    for chart in list(shared, &scan) {
        judge(shared, &scan, chart);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn charts(folders: &[&Path], place: &Path) -> Vec<PathBuf> {
        let shared = Shared::default();
        let mut scan = shared.scan_of(place.to_owned());
        scan.folders = folders.iter().map(|f| f.to_path_buf()).collect();
        let mut charts = charts_at(&scan, place);
        charts.sort();
        charts
    }

    #[cfg(unix)]
    #[test]
    fn nothing_outside_of_the_folders_is_read_and_no_chart_twice() {
        use std::os::unix::fs::symlink;
        let outer = tempfile::tempdir().unwrap();
        let folder = outer.path().join("charts");
        let at = |name: &str| folder.join(name);
        std::fs::create_dir_all(at("a/.b")).unwrap();
        for name in ["a/1.soap", "a/.b/2.soap"] {
            std::fs::write(at(name), "").unwrap();
        }
        let elsewhere = outer.path().join("other.soap");
        std::fs::write(&elsewhere, "").unwrap();
        symlink(&elsewhere, at("link.soap")).unwrap();
        symlink(at("a/1.soap"), at("inside.soap")).unwrap();
        symlink(&folder, at("a/loop")).unwrap();
        symlink(outer.path(), at("up")).unwrap();
        let all = [at("a/1.soap"), at("inside.soap")];
        assert_eq!(charts(&[&folder], &folder), all);
        // Nor if a place is named.
        assert_eq!(charts(&[&folder], &at("a")), [at("a/1.soap")]);
        assert_eq!(charts(&[&folder], &at("a/1.soap")), [at("a/1.soap")]);
        for place in [
            at("link.soap"),
            at("a/.b/2.soap"),
            at("a/loop/a/1.soap"),
            at("up/other.soap"),
            at("up"),
            at("gone.soap"),
            elsewhere,
            PathBuf::from("/"),
        ] {
            assert_eq!(charts(&[&folder], &place), Vec::<PathBuf>::new());
        }
        assert_eq!(charts(&[Path::new("/")], &folder), Vec::<PathBuf>::new());
    }
}
