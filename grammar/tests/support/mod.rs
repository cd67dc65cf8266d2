//! What the grammar's tests share.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, OnceLock, PoisonError};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};
use std::{fs, process};

use tree_sitter::{Node, Parser, Tree};

/// Far more than any parse here takes, far less than a person waits before killing a test.
const TOO_LONG: Duration = Duration::from_secs(10);

pub fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files below `folder` with this extension, in the order of their names.
pub fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else {
        return found;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.ends_with("node_modules") {
            // What others wrote is not ours to test.
        } else if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The sample notes of the workspace: their paths and texts.
pub fn samples() -> Vec<(PathBuf, String)> {
    let notes = here().join("../tests/notes");
    let samples: Vec<_> = files(&notes, "soap")
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            (path, text)
        })
        .collect();
    assert!(
        samples.len() > 20,
        "the samples are not in {}",
        notes.display()
    );
    samples
}

pub fn parser() -> Parser {
    let mut parser = Parser::new();
    parser
        .set_language(&tree_sitter_soapnote::LANGUAGE.into())
        .unwrap();
    parser
}

pub fn parse(text: &str) -> Tree {
    parse_again(&mut parser(), text, None)
}

/// Parses, and ends the process with the text in question if that goes on for too long.
///
/// A lexer in a loop cannot be stopped from within: tree-sitter calls the progress callback between
/// tokens, never inside one. So another thread looks at the clock.
pub fn parse_again(parser: &mut Parser, text: &str, old: Option<&Tree>) -> Tree {
    static UNDER_WAY: LazyLock<Mutex<HashMap<ThreadId, (Instant, String)>>> =
        LazyLock::new(Mutex::default);
    static WATCH: OnceLock<()> = OnceLock::new();
    let under_way = || UNDER_WAY.lock().unwrap_or_else(PoisonError::into_inner);

    WATCH.get_or_init(|| {
        thread::spawn(|| {
            loop {
                thread::sleep(Duration::from_millis(500));
                for (start, text) in UNDER_WAY
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .values()
                {
                    if start.elapsed() > TOO_LONG {
                        let shown: String = text.chars().take(2000).collect();
                        eprintln!("the parser hangs on {} bytes: {shown:?}", text.len());
                        process::exit(101);
                    }
                }
            }
        });
    });
    let me = thread::current().id();
    under_way().insert(me, (Instant::now(), text.to_owned()));
    let tree = parser.parse(text, old);
    under_way().remove(&me);
    tree.expect("no timeout is set, so there is always a tree")
}

/// All nodes below and with `node`, parents first.
pub fn nodes(tree: &Tree) -> Vec<(u32, Node<'_>, Option<&str>)> {
    let mut found = Vec::new();
    let mut cursor = tree.walk();
    loop {
        found.push((cursor.depth(), cursor.node(), cursor.field_name()));
        if cursor.goto_first_child() || cursor.goto_next_sibling() {
            continue;
        }
        loop {
            if !cursor.goto_parent() {
                return found;
            }
            if cursor.goto_next_sibling() {
                break;
            }
        }
    }
}

/// What is wrong with the tree of this text: an error, a missing node, ink that no leaf holds, blanks around a leaf, or a
/// colon in a key.
pub fn fault(text: &str, tree: &Tree) -> Option<String> {
    let root = tree.root_node();
    if root.has_error() {
        return Some(format!("an error in {}", root.to_sexp()));
    }
    let mut covered_to = 0;
    for (_, node, _) in nodes(tree) {
        if node.is_error() || node.is_missing() {
            return Some(format!("{node:?} in {}", root.to_sexp()));
        }
        // A chart without any ink is the only node that has no children and yet is no leaf.
        if node.child_count() > 0 || node == root {
            continue;
        }
        if node.start_byte() < covered_to {
            return Some(format!("{node:?} begins before {covered_to}"));
        }
        if let Some(ink) = ink(text, covered_to, node.start_byte()) {
            return Some(format!("{ink} in {}", root.to_sexp()));
        }
        let words = text.get(node.byte_range()).unwrap_or_default();
        let is_key = matches!(node.kind(), "key" | "section_name" | "visit_key");
        if words.trim_matches([' ', '\t']) != words || is_key && words.ends_with(':') {
            return Some(format!("{node:?} is {words:?}"));
        }
        covered_to = node.end_byte();
    }
    ink(text, covered_to, text.len()).map(|ink| format!("{ink} in {}", root.to_sexp()))
}

/// The first character between two leaves that shows.
fn ink(text: &str, start: usize, end: usize) -> Option<String> {
    let Some(gap) = text.get(start..end) else {
        return Some(format!("a leaf ends inside a character, near byte {start}"));
    };
    let at = gap.char_indices().find(|&(at, c)| {
        let byte_order_mark = c == '\u{FEFF}' && start + at == 0;
        !matches!(c, ' ' | '\t' | '\r' | '\n') && !byte_order_mark
    })?;
    Some(format!("{:?} at byte {} is in no leaf", at.1, start + at.0))
}

/// The first difference between two trees, node by node.
pub fn difference(one: &Tree, other: &Tree) -> Option<String> {
    let (one, other) = (nodes(one), nodes(other));
    for (a, b) in one.iter().zip(&other) {
        let same = a.0 == b.0
            && a.2 == b.2
            && a.1.kind() == b.1.kind()
            && a.1.is_named() == b.1.is_named()
            && a.1.range() == b.1.range();
        if !same {
            return Some(format!("{a:?} against {b:?}"));
        }
    }
    (one.len() != other.len()).then(|| format!("{} nodes against {}", one.len(), other.len()))
}
