//! `soapstone check` over a folder of notes, against reading them and parsing them with tree-sitter
//! alone, both on all cores.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::charts::{Care, PREAMBLE, visit};
use crate::figures::{Short, Table, Times, Verdict};
use crate::{Extent, Failure, program};

/// How many kibibytes a note has, about.
const SIZE: usize = 4 << 10;

/// Measures both in turn; returns how many rows are over their limits.
pub fn run(extent: Extent) -> Result<usize, Failure> {
    let wrong = |error: io::Error| format!("the notes: {error}");
    let folder = Folder::new().map_err(wrong)?;
    let mut paths = Vec::new();
    let mut bytes = 0;
    for number in 0..extent.pick(3, 500, 2_000) {
        let path = folder.0.join(format!("note-{number:05}.soap"));
        let text = note(number);
        bytes += text.len();
        fs::write(&path, text).map_err(wrong)?;
        paths.push(path);
    }
    let soapstone = program("soapstone")?;
    let check = || {
        let started = Instant::now();
        let status = Command::new(&soapstone)
            .args(["check", "--output-format", "concise"])
            .arg(&folder.0)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .map_err(|error| format!("soapstone check: {error}"))?;
        let took = started.elapsed();
        match status.code() {
            Some(0 | 1) => Ok(took),
            _ => Err(format!("soapstone check ended with {status}")),
        }
    };
    let mut times = [Times::default(), Times::default()];
    for run in 0..extent.pick(1, 3, 25) {
        for turn in 0..2 {
            let index = (run + turn) % 2;
            times[index].push(if index == 0 { check()? } else { parse(&paths)? });
        }
    }
    let [check, parse] = times;
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
    let share = parse.ratio_in_pairs(&check);
    table.judged(
        &cells("soapstone check", &check, share),
        // A share must not be below its limit, so its inverse must not be above.
        &Verdict::at_most(1.0 / share, 2.0, "at least 0.5"),
    );
    table.judged(
        &cells("reading and parsing alone", &parse, 1.0),
        &Verdict::none(),
    );
    Ok(table.print(extent))
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

/// A note of its own.
fn note(number: usize) -> String {
    let mut text = PREAMBLE.to_owned();
    let mut next = number % 900;
    while text.len() < SIZE {
        text += &visit(next, Care::Careful);
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

#[expect(clippy::cast_precision_loss, reason = "megabytes")]
fn megabytes_per_second(bytes: usize, time: Duration) -> f64 {
    bytes as f64 / 1e6 / time.as_secs_f64()
}
