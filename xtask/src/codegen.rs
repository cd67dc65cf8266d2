//! `cargo xtask codegen`: the parser in `grammar/src` from `grammar/grammar.js`.
//!
//! Writing it takes Node, which reads `grammar.js`. The check does without: it makes the parser again
//! from `grammar.json`, and a stamp says whether `grammar.js` changed since that was written.

use std::path::{Path, PathBuf};
use std::{env, fs, io, process};

use tree_sitter_generate::{ABI_VERSION_MAX, OptLevel, generate_parser_in_directory};

use crate::{Failure, workspace};

/// The mark of the `grammar.js` that `grammar/src` was written from.
const STAMP: &str = "grammar.js.stamp";

/// Everything the generator writes, below `grammar/src`.
const FILES: [&str; 6] = [
    "grammar.json",
    "node-types.json",
    "parser.c",
    "tree_sitter/alloc.h",
    "tree_sitter/array.h",
    "tree_sitter/parser.h",
];

pub fn run(arguments: &[&str]) -> Result<(), Failure> {
    let grammar = workspace().join("grammar");
    match arguments {
        [] => {
            let out = grammar.join("src");
            generate(&grammar, &grammar.join("grammar.js"), &out)?;
            let stamp = stamp(&grammar)?;
            fs::write(out.join(STAMP), stamp).map_err(|e| format!("{STAMP}: {e}"))
        }
        ["--check"] => {
            let stale = stale(&grammar)?;
            if stale.is_empty() {
                Ok(())
            } else {
                Err(complaint(&stale))
            }
        }
        other => Err(format!(
            "codegen takes --check or nothing, not: {}",
            other.join(" ")
        )),
    }
}

fn complaint(stale: &[&str]) -> String {
    use std::fmt::Write;
    let mut text = String::from("These files are not what grammar/grammar.js makes:\n");
    for file in stale {
        let _ = writeln!(text, "  grammar/src/{file}");
    }
    text + "Run `cargo xtask codegen`."
}

/// The files in `grammar/src` that differ from what the generator would write now, or are missing.
fn stale(grammar: &Path) -> Result<Vec<&'static str>, Failure> {
    let fresh = Scratch::new().map_err(|e| format!("no room for a fresh parser: {e}"))?;
    let kept = grammar.join("src");
    generate(grammar, &kept.join("grammar.json"), &fresh.0)?;
    // The generator copies no grammar.json from one that it was given.
    fs::copy(kept.join("grammar.json"), fresh.0.join("grammar.json"))
        .map_err(|e| format!("grammar.json: {e}"))?;
    let mut stale = differing(&kept, &fresh.0);
    if fs::read_to_string(kept.join(STAMP)).ok() != Some(stamp(grammar)?) {
        stale.insert(0, STAMP);
    }
    Ok(stale)
}

/// A mark of `grammar.js` as it is now: its 64-bit FNV-1a hash, line breaks as `\n`.
fn stamp(grammar: &Path) -> Result<String, Failure> {
    let source = fs::read(grammar.join("grammar.js")).map_err(|e| format!("grammar.js: {e}"))?;
    let hash = source
        .iter()
        .filter(|byte| **byte != b'\r')
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
    Ok(format!("{hash:016x}\n"))
}

fn differing(kept: &Path, fresh: &Path) -> Vec<&'static str> {
    let same = |file: &&str| match (fs::read(kept.join(file)), fs::read(fresh.join(file))) {
        (Ok(kept), Ok(fresh)) => kept == fresh,
        _ => false,
    };
    FILES.into_iter().filter(|file| !same(file)).collect()
}

/// Writes the parser into `out`. Conflicts in the grammar stop it; doubts about it are printed.
fn generate(grammar: &Path, source: &Path, out: &Path) -> Result<(), Failure> {
    let mut doubts = Vec::new();
    let result = generate_parser_in_directory(
        grammar,
        Some(out),
        Some(source.to_owned()),
        ABI_VERSION_MAX,
        None,
        None,
        true,
        OptLevel::default(),
        &mut doubts,
    );
    for doubt in doubts {
        eprintln!("grammar.js: {doubt}");
    }
    result.map_err(|e| format!("grammar.js: {e}"))
}

/// A folder that goes away with the value.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> io::Result<Self> {
        // Tests run side by side in one process, so its id alone does not distinguish them.
        static COUNT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let count = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let path = env::temp_dir().join(format!("soapnote-codegen-{}-{count}", process::id()));
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What is left behind is in the system's folder for such things.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parser_is_current() {
        let stale = stale(&workspace().join("grammar")).unwrap();
        assert!(stale.is_empty(), "{}", complaint(&stale));
    }

    #[test]
    fn a_changed_and_a_missing_file_are_named() {
        let (kept, fresh) = (Scratch::new().unwrap(), Scratch::new().unwrap());
        for folder in [&kept, &fresh] {
            fs::create_dir(folder.0.join("tree_sitter")).unwrap();
            for file in FILES {
                fs::write(folder.0.join(file), file).unwrap();
            }
        }
        assert_eq!(differing(&kept.0, &fresh.0), [""; 0]);

        fs::write(kept.0.join("parser.c"), "edited by hand").unwrap();
        fs::remove_file(kept.0.join("tree_sitter/array.h")).unwrap();
        let stale = differing(&kept.0, &fresh.0);
        assert_eq!(stale, ["parser.c", "tree_sitter/array.h"]);
        let text = complaint(&stale);
        assert!(text.contains("grammar/src/parser.c"), "{text}");
        assert!(text.ends_with("Run `cargo xtask codegen`."), "{text}");
    }

    #[test]
    fn other_arguments_are_refused() {
        assert!(run(&["--chekc"]).unwrap_err().contains("--chekc"));
    }
}
