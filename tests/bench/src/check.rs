//! `soapstone check` over a folder of notes, against reading them and parsing them with tree-sitter
//! alone, both on all cores; and whether it takes more memory for more notes.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::charts::{Care, PREAMBLE, visit};
use crate::figures::{Short, Table, Times, Verdict, megabytes};
use crate::memory::Usage;
use crate::{Extent, Failure, TODAY, program};

/// How many kibibytes a note has, about.
const SIZE: usize = 4 << 10;

/// What share of the throughput of reading and parsing alone is promised.
const SHARE: f64 = 0.3;

/// How much more memory ten times as many notes may take: what the allocator happens to keep.
const FLAT: f64 = 1.25;

/// Measures both in turn; returns how many rows are over their limits.
pub fn run(extent: Extent) -> Result<usize, Failure> {
    let wrong = |error: io::Error| format!("the notes: {error}");
    let folder = Folder::new().map_err(wrong)?;
    let tenth = folder.0.join("tenth");
    fs::create_dir_all(&tenth).map_err(wrong)?;
    let mut paths = Vec::new();
    let mut bytes = 0;
    for number in 0..extent.pick(10, 2_000, 20_000) {
        let folder = if number % 10 == 0 { &tenth } else { &folder.0 };
        let path = folder.join(format!("note-{number:05}.soap"));
        let text = note(number);
        bytes += text.len();
        fs::write(&path, text).map_err(wrong)?;
        paths.push(path);
    }
    let mut times = [Times::default(), Times::default()];
    for run in 0..extent.pick(1, 3, 5) {
        for turn in 0..2 {
            let index = (run + turn) % 2;
            times[index].push(if index == 0 {
                check(&folder.0)?
            } else {
                parse(&paths)?
            });
        }
    }
    let [checks, parses] = times;
    let mut table = Table::new(
        &format!("`check` on {} notes of 4 KiB", paths.len()),
        &["what", "time", "MB/s", "throughput", "limit", "verdict"],
    );
    let cells = |name: &str, times: &Times, share: f64| {
        let time = times.middle();
        let speed = megabytes_per_second(bytes, time);
        [
            name.to_owned(),
            Short(time).to_string(),
            format!("{speed:.1}"),
            format!("{share:.2}"),
        ]
    };
    let share = parses.ratio_in_pairs(&checks);
    table.judged(
        &cells("soapstone check", &checks, share),
        &Verdict::new(share >= SHARE, &format!("at least {SHARE}")),
    );
    table.judged(
        &cells("reading and parsing alone", &parses, 1.0),
        &Verdict::none(),
    );
    let over = table.print(extent);
    let mut table = Table::new(
        "Memory of `check`",
        &["notes", "at most", "limit", "verdict"],
    );
    let few = peak(&tenth)?;
    let all = peak(&folder.0)?;
    let shown = |peak: Option<u64>| peak.map_or_else(|| "not known here".to_owned(), megabytes);
    table.judged(
        &[(paths.len() / 10).to_string(), shown(few)],
        &Verdict::none(),
    );
    let verdict = match (few, all) {
        (Some(few), Some(all)) => {
            let promise = format!("{FLAT} times that of a tenth");
            Verdict::new(to_f64(all) <= FLAT * to_f64(few), &promise)
        }
        _ => Verdict::none(),
    };
    table.judged(&[paths.len().to_string(), shown(all)], &verdict);
    Ok(over + table.print(extent))
}

/// `soapstone check` of a folder, ready to run.
fn command(folder: &Path) -> Result<Command, Failure> {
    let mut command = Command::new(program("soapstone")?);
    command
        .args(["check", "--output-format", "concise", "--fail-on", "never"])
        .arg(folder)
        .env("SOAPSTONE_TODAY", TODAY)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    Ok(command)
}

/// Checks all notes.
fn check(folder: &Path) -> Result<Duration, Failure> {
    let mut command = command(folder)?;
    let started = Instant::now();
    let status = command.status();
    let took = started.elapsed();
    match status {
        Ok(status) if status.success() => Ok(took),
        Ok(status) => Err(format!("soapstone check ended with {status}")),
        Err(error) => Err(format!("soapstone check: {error}")),
    }
}

/// The most memory that checking a folder takes: asked for again and again until the program ends.
fn peak(folder: &Path) -> Result<Option<u64>, Failure> {
    let wrong = |error: io::Error| format!("soapstone check: {error}");
    let mut child = command(folder)?.spawn().map_err(wrong)?;
    let mut peak = None;
    while child.try_wait().map_err(wrong)?.is_none() {
        peak = Usage::of(child.id()).map(|usage| usage.peak).max(peak);
        std::thread::sleep(Duration::from_millis(1));
    }
    Ok(peak)
}

/// A folder for the notes, which goes away with the value.
struct Folder(PathBuf);

impl Folder {
    fn new() -> io::Result<Self> {
        let name = format!("soapstone-bench-{}", std::process::id());
        let folder = Self(std::env::temp_dir().join(name));
        fs::create_dir_all(&folder.0)?;
        Ok(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left behind is in the system's folder for such things.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A note of its own. Something is found in one of sixteen.
fn note(number: usize) -> String {
    let care = if number % 16 == 11 {
        Care::Careless
    } else {
        Care::Careful
    };
    let mut text = PREAMBLE.to_owned();
    let mut next = number % 900;
    while text.len() < SIZE {
        text += &visit(next, care);
        next += 1;
    }
    text
}

/// Reads and parses all notes.
fn parse(paths: &[PathBuf]) -> Result<Duration, Failure> {
    let started = Instant::now();
    let nodes: Result<usize, Failure> = paths
        .par_iter()
        .map_init(parser, |parser, path| {
            let text = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
            let parser = parser.as_mut().map_err(|error| error.clone())?;
            let tree = parser.parse(&text, None).ok_or("no tree")?;
            Ok(tree.root_node().descendant_count())
        })
        .sum();
    std::hint::black_box(nodes?);
    Ok(started.elapsed())
}

fn parser() -> Result<tree_sitter::Parser, Failure> {
    let mut parser = tree_sitter::Parser::new();
    parser
        .set_language(&tree_sitter_soapnote::LANGUAGE.into())
        .map_err(|error| error.to_string())?;
    Ok(parser)
}

fn megabytes_per_second(bytes: usize, time: Duration) -> f64 {
    to_f64(bytes as u64) / 1e6 / time.as_secs_f64()
}

#[expect(clippy::cast_precision_loss, reason = "a figure to read")]
fn to_f64(bytes: u64) -> f64 {
    bytes as f64
}
