//! The engine without a server, to be counted by Valgrind or looked at by a profiler:
//! `engine STEP PASSES FOLDER-OR-CHART`. A number instead of a folder is a chart of so many bytes.

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use soapstone::analysis::Analysis;
use soapstone::chart::lower;
use soapstone::policy::Policy;
use soapstone::syntax::Syntax;
use soapstone::text::{Document, Encoding, Span};
use soapstone_bench::charts::{Care, chart, visit};

/// How many keystrokes each note gets.
const KEYS: usize = 8;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [step, passes, notes] = &arguments[..] else {
        eprintln!(
            "engine STEP PASSES FOLDER-OR-BYTES; STEP is read, text, positions, parse, lower, judge, edit or times"
        );
        return ExitCode::from(2);
    };
    match run(step, passes, notes) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(step: &str, passes: &str, notes: &str) -> Result<(), String> {
    let passes: usize = passes.parse().map_err(|_| format!("{passes} passes?"))?;
    let notes = match notes.parse() {
        Ok(bytes) => vec![chart(bytes, Care::Careful)],
        Err(_) => read(Path::new(notes))?,
    };
    // The same day each time, so that the same is found.
    let policy = Arc::new(Policy::default().on(jiff::civil::date(2026, 11, 22)));
    for _ in 0..passes {
        for (index, note) in notes.iter().enumerate() {
            match step {
                "read" => {
                    black_box(note);
                }
                "text" => text(note),
                "positions" => positions(note),
                "parse" => {
                    for segment in Document::new(note).segments().iter() {
                        black_box(Syntax::of(segment.text));
                    }
                }
                "lower" => {
                    for segment in Document::new(note).segments().iter() {
                        black_box(lower(segment.text, &Syntax::of(segment.text)));
                    }
                }
                "judge" => {
                    black_box(Analysis::of(&Document::new(note), &policy).findings());
                }
                "times" => times(note, &policy),
                "edit" if index % 4 == 0 => edit(note, &policy),
                "edit" => {}
                other => return Err(format!("there is no step {other}")),
            }
        }
    }
    Ok(())
}

/// What the server does with its copy of a text at a thousand keystrokes, without judging it.
fn text(note: &str) {
    let mut open = Document::new(note);
    let lines: Vec<usize> = note.match_indices('\n').map(|(at, _)| at).collect();
    let middle = lines.get(lines.len() / 2).copied().unwrap_or(0);
    for index in 0..1000 {
        let mut document = open.clone();
        if index % 2 == 0 {
            document.replace(Span::at(middle), "x");
        } else {
            document.replace(Span::new(middle, middle + 1), "");
        }
        open = document;
        let snapshot = open.clone();
        black_box(snapshot.segments());
    }
}

/// The positions of ten thousand places, as diagnostics need them.
fn positions(note: &str) {
    let document = Document::new(note);
    for index in 0..10_000 {
        let offset = index * 7919 % note.len().max(1);
        black_box(document.position(offset, Encoding::Utf16));
    }
}

/// Opens a note, types the beginning of a sentence into its middle and takes out each key again.
fn edit(note: &str, policy: &Arc<Policy>) {
    const SENTENCE: &str = " No pain on the stairs. ";
    let mut document = Document::new(note);
    let mut analysis = Analysis::of(&document, policy);
    let lines: Vec<usize> = note.match_indices('\n').map(|(at, _)| at).collect();
    let start = lines.get(lines.len() / 2).copied().unwrap_or(0);
    for index in 0..KEYS {
        let forth = index < KEYS / 2;
        let at = start + if forth { index } else { KEYS - 1 - index };
        if forth {
            let key = index % SENTENCE.len();
            document.replace(Span::at(at), &SENTENCE[key..=key]);
        } else {
            document.replace(Span::new(at, at + 1), "");
        }
        analysis = analysis.updated(&document, policy);
        black_box(analysis.findings());
    }
}

/// Prints how long the steps of a keystroke take, which a count of instructions does not show: in a
/// large chart it is the memory that is waited for. A letter is typed into the middle visit, and
/// taken out again; then a visit is pasted before it, and taken out again.
fn times(note: &str, policy: &Arc<Policy>) {
    const ROUNDS: usize = 200;
    let mut document = Document::new(note);
    let mut analysis = Arc::new(Analysis::of(&document, policy));
    let lines: Vec<usize> = note.match_indices('\n').map(|(at, _)| at).collect();
    let typed_at = lines.get(lines.len() / 2).copied().unwrap_or(0);
    let pasted_at = note[..typed_at].rfind("\nvisit:").map_or(0, |at| at + 1);
    let pasted = visit(1_000_000, Care::Careful);
    for (what, at, text) in [("typing", typed_at, "x"), ("pasting", pasted_at, &pasted)] {
        let mut taken: [Vec<Duration>; 5] = Default::default();
        for round in 0..ROUNDS {
            let mut clock = Instant::now();
            let mut step = |index: usize| {
                taken[index].push(clock.elapsed());
                clock = Instant::now();
            };
            let mut changed = document.clone();
            if round % 2 == 0 {
                changed.replace(Span::at(at), text);
            } else {
                changed.replace(Span::new(at, at + text.len()), "");
            }
            step(0);
            document = changed;
            let snapshot = document.clone();
            step(1);
            let updated = Arc::new(analysis.updated(&snapshot, policy));
            step(2);
            let findings = updated.findings();
            step(3);
            analysis = updated;
            drop((snapshot, findings));
            step(4);
        }
        let mut line = format!("{what:>8}");
        let steps = ["replace", "snapshot", "updated", "findings", "drop"];
        for (name, mut taken) in steps.iter().zip(taken) {
            taken.sort_unstable();
            let _ = write!(line, "  {name} {:>9.1?}", taken[ROUNDS / 2]);
        }
        println!("{line}");
    }
}

/// The notes of a folder and those below it, in the order of their paths.
fn read(folder: &Path) -> Result<Vec<String>, String> {
    let wrong = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    let mut folders = vec![folder.to_owned()];
    let mut paths: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).map_err(|e| wrong(&folder, e))? {
            let path = entry.map_err(|e| wrong(&folder, e))?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "soap") {
                paths.push(path);
            }
        }
    }
    paths.sort();
    let text = |path: &PathBuf| std::fs::read_to_string(path).map_err(|e| wrong(path, e));
    paths.iter().map(text).collect()
}
