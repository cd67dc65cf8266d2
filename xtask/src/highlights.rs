//! `cargo xtask highlights NOTES...`: what the tree-sitter grammar highlights, in JSON, for the tests
//! that compare other editors' grammars with it. Names of sections that stand further on in a line are not in the tree,
//! which knows lines by their beginnings: they come from the library, as the server's colors do.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};
use soapstone::analysis::Analysis;
use soapstone::text::Document;
use tree_sitter::{Parser, Query, QueryCursor, StreamingIterator as _};

use crate::{Failure, workspace};

/// Prints the spans of notes, and of the notes in folders.
pub fn run(arguments: &[&str]) -> Result<(), Failure> {
    if arguments.is_empty() {
        return Err("highlights takes notes or folders of notes".to_owned());
    }
    let paths: Vec<&Path> = arguments.iter().map(Path::new).collect();
    println!("{}", of_paths(&paths)?);
    Ok(())
}

/// Writes the spans of the sample notes, and of a note of every shape, into a file for the tests of editors.
pub fn of_samples() -> Result<PathBuf, Failure> {
    let root = workspace();
    let shapes = root.join("editors/vscode/test/unit");
    let spans = of_paths(&[&root.join("tests/notes"), &shapes])?;
    let file = root.join("target/highlights.json");
    fs::write(&file, spans.to_string()).map_err(|e| format!("{}: {e}", file.display()))?;
    Ok(file)
}

/// The notes at the paths, each with its `name`, `text` and `spans`: the line from 0, the first and
/// the last column in UTF-16, the capture.
fn of_paths(paths: &[&Path]) -> Result<Value, Failure> {
    let mut notes = Vec::new();
    for path in paths {
        collect(path, &mut notes)?;
    }
    notes.sort();
    let spans = notes.iter().map(|path| {
        let text = fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
        let spans = spans(&text)?;
        Ok(json!({"name": path.display().to_string(), "text": text, "spans": spans}))
    });
    spans.collect()
}

fn collect(path: &Path, notes: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let wrong = |error: std::io::Error| format!("{}: {error}", path.display());
    if !path.is_dir() {
        notes.push(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(path).map_err(wrong)? {
        let inner = entry.map_err(wrong)?.path();
        if inner.is_dir() || inner.extension().is_some_and(|e| e == "soap") {
            collect(&inner, notes)?;
        }
    }
    Ok(())
}

fn spans(text: &str) -> Result<Vec<Value>, Failure> {
    let language = tree_sitter_soapnote::LANGUAGE.into();
    let mut parser = Parser::new();
    parser.set_language(&language).map_err(|e| e.to_string())?;
    let tree = parser.parse(text, None).ok_or("the parser stopped")?;
    let query = Query::new(&language, tree_sitter_soapnote::HIGHLIGHTS_QUERY)
        .map_err(|e| format!("highlights.scm: {e}"))?;
    let mut cursor = QueryCursor::new();
    let mut captures = cursor.captures(&query, tree.root_node(), text.as_bytes());
    let mut spans = Vec::new();
    while let Some((found, index)) = captures.next() {
        let capture = found.captures()[*index];
        let name = query.capture_names()[capture.index as usize];
        // Spelling is no colour.
        if name == "spell" {
            continue;
        }
        let (start, end) = (capture.node.start_byte(), capture.node.end_byte());
        spans.push(span(text, start, end, name));
    }
    for (start, end) in later_sections(text) {
        spans.push(span(text, start, end - 1, "markup.heading.2"));
        spans.push(span(text, end - 1, end, "punctuation.delimiter"));
    }
    Ok(spans)
}

/// A span as the tests of editors read it.
fn span(text: &str, start: usize, end: usize, name: &str) -> Value {
    let line_start = text[..start].rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let column = |end: usize| text[line_start..end].encode_utf16().count();
    let before = &text[..line_start];
    let breaks = before.matches(['\n', '\r']).count() - before.matches("\r\n").count();
    json!([breaks, column(start), column(end), name])
}

/// The names of sections on the line of another, with their colons: `S: sore. O: tight.`
fn later_sections(text: &str) -> Vec<(usize, usize)> {
    let analysis = Analysis::of(&Document::new(text), &Arc::default());
    let names = analysis.pieces().flat_map(|piece| {
        let sections = piece.visit.sections.iter();
        sections.map(|section| {
            (
                piece.start + section.name.start,
                piece.start + section.name.end,
            )
        })
    });
    let begins_line = |start: usize| {
        let before = &text[..start];
        before.trim_end_matches([' ', '\t']).ends_with(['\n', '\r']) || before.trim().is_empty()
    };
    names.filter(|(start, _)| !begins_line(*start)).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_section_on_the_line_of_another_has_its_color() {
        let spans = super::spans("S: sore. O: tight, A: x. P: 72\n").unwrap();
        let found = serde_json::to_string(&spans).unwrap();
        assert_eq!(
            found,
            r#"[[0,0,1,"markup.heading.2"],[0,1,2,"punctuation.delimiter"],[0,9,10,"markup.heading.2"],[0,10,11,"punctuation.delimiter"]]"#
        );
    }

    #[test]
    fn columns_are_those_of_utf_16_without_the_indentation() {
        let spans =
            super::spans("97140 \u{1f600} 25 min\r\n  technique: petrissage\rS:\n").unwrap();
        let found = serde_json::to_string(&spans).unwrap();
        let wanted = r#"[[0,0,5,"function"],[0,9,15,"number"],[1,2,11,"property"],[1,11,12,"punctuation.delimiter"],[2,0,1,"markup.heading.2"],[2,1,2,"punctuation.delimiter"]]"#;
        assert_eq!(found, wanted);
    }
}
