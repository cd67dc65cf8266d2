//! The sample notes give exactly the findings that `tests/notes/expected.tsv` lists.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use soapstone::analysis::Analysis;
use soapstone::policy::{Level, Policy};
use soapstone::text::{Document, Encoding};

/// Path, line, rule, level.
type Row = (String, usize, String, String);

/// The folder of the sample notes.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/notes")
}

/// The notes of a folder below it, by name.
pub fn notes_of(name: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder().join(name)).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|e| e.unwrap().path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "soap"));
    paths.sort();
    assert!(!paths.is_empty());
    paths
}

fn found(path: &Path) -> Vec<(Row, Level)> {
    let text = std::fs::read_to_string(path).unwrap();
    let document = Document::new(&text);
    let analysis = Analysis::of(&document, &Arc::new(Policy::default()));
    let shown = path.strip_prefix(folder()).unwrap();
    let shown = shown.to_string_lossy().replace('\\', "/");
    let row = |f: soapstone::rules::Finding| {
        let line = document.position(f.span.start, Encoding::Utf32).line + 1;
        let rule = f.rule.name.to_owned();
        let level = f.level.word().to_owned();
        ((shown.clone(), line, rule, level), f.level)
    };
    analysis.findings().into_iter().map(row).collect()
}

fn expected() -> BTreeSet<Row> {
    let table = std::fs::read_to_string(folder().join("expected.tsv")).unwrap();
    let rows = table.lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        let [path, line_number, rule, level] = cells[..] else {
            panic!("a row of four cells: {line}");
        };
        let level = Level::of_word(level).unwrap().word().to_owned();
        let line_number = line_number.parse().unwrap();
        (path.to_owned(), line_number, rule.to_owned(), level)
    });
    rows.collect()
}

fn printed<'a>(mark: &str, rows: impl IntoIterator<Item = &'a Row>) -> String {
    let lines = rows
        .into_iter()
        .map(|(path, line, rule, level)| format!("  {mark} {path}\t{line}\t{rule}\t{level}\n"));
    lines.collect()
}

#[test]
fn clean_notes_give_nothing_to_worry_about() {
    let mut wrong = Vec::new();
    for path in notes_of("clean") {
        let loud = found(&path)
            .into_iter()
            .filter(|(_, l)| *l >= Level::Warning);
        wrong.extend(loud.map(|(row, _)| row));
    }
    assert!(wrong.is_empty(), "clean notes:\n{}", printed("+", &wrong));
}

#[test]
fn mistakes_are_found_exactly_where_they_are() {
    let mut paths = notes_of("findings");
    paths.push(folder().join("format-sample.soap"));
    let all: Vec<(Row, Level)> = paths.iter().flat_map(|path| found(path)).collect();
    let expected = expected();
    let rows: BTreeSet<&Row> = all.iter().map(|(row, _)| row).collect();
    let missing = expected.iter().filter(|row| !rows.contains(row));
    let loud = all.iter().filter(|(_, level)| *level >= Level::Warning);
    let surplus = loud
        .map(|(row, _)| row)
        .filter(|row| !expected.contains(*row));
    let difference = printed("-", missing) + &printed("+", surplus);
    assert!(
        difference.is_empty(),
        "- is listed and not found, + is found and not listed:\n{difference}"
    );
}

#[test]
fn every_listed_note_and_rule_exists() {
    for (path, _, rule, _) in expected() {
        assert!(folder().join(&path).is_file(), "{path}");
        assert!(soapstone::rules::find(&rule).is_some(), "{rule}");
    }
}
