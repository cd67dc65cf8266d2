//! `cargo xtask highlights NOTES...`: what the tree-sitter grammar highlights, in JSON, for the tests
//! that compare other editors' grammars with it.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
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
        let shown = &text[capture.node.byte_range()];
        // A node may begin with its line's indentation, which has no colour that could be seen.
        let start = capture.node.start_byte() + (shown.len() - shown.trim_start().len());
        let line_start = text[..start].rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let column = |end: usize| text[line_start..end].encode_utf16().count();
        let before = &text[..line_start];
        let breaks = before.matches(['\n', '\r']).count() - before.matches("\r\n").count();
        spans.push(json!([
            breaks,
            column(start),
            column(start + shown.trim().len()),
            name,
        ]));
    }
    Ok(spans)
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_are_those_of_utf_16_without_the_indentation() {
        let spans =
            super::spans("97140 \u{1f600} 25 min\r\n  technique: petrissage\rS:\n").unwrap();
        let found = serde_json::to_string(&spans).unwrap();
        let wanted = r#"[[0,0,5,"function"],[0,9,15,"number"],[1,2,12,"property"],[2,0,2,"markup.heading.2"]]"#;
        assert_eq!(found, wanted);
    }
}
