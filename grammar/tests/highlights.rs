//! The queries compile, and colour what `test/highlight` says they colour.

#![expect(
    clippy::disallowed_methods,
    reason = "the assertions of the queries speak of rows and columns"
)]

mod support;

use std::fs;

use streaming_iterator::StreamingIterator;
use tree_sitter::{Language, Node, Query, QueryCursor, Tree};

use support::{files, here, parse};

fn language() -> Language {
    tree_sitter_soapnote::LANGUAGE.into()
}

/// What a comment below a line says of it.
#[derive(Debug, PartialEq)]
struct Claim {
    row: usize,
    columns: std::ops::Range<usize>,
    name: String,
    negated: bool,
}

/// `// <- name` speaks of the column where the comment begins, `//   ^^ name` of the columns above
/// the arrows, and both of the nearest line above that makes no claim; `!name` negates.
fn claims(text: &str) -> Vec<Claim> {
    let mut claims = Vec::new();
    let mut row = 0;
    for (at, line) in text.lines().enumerate() {
        let claim = line.starts_with("//").then(|| claim(line)).flatten();
        if let Some((columns, name, negated)) = claim {
            claims.push(Claim {
                row,
                columns,
                name,
                negated,
            });
        } else {
            row = at;
        }
    }
    claims
}

fn claim(line: &str) -> Option<(std::ops::Range<usize>, String, bool)> {
    let (columns, rest) = if let Some(start) = line.find('^') {
        let rest = line[start..].trim_start_matches('^');
        (start..line.len() - rest.len(), rest)
    } else {
        (0..1, line.split_once("<-")?.1)
    };
    let rest = rest.trim();
    let name = rest.trim_start_matches('!');
    Some((columns, name.to_owned(), name != rest))
}

/// The captures of a query with their names, in the order in which they count.
fn captures<'tree>(query: &Query, tree: &'tree Tree, text: &str) -> Vec<(Node<'tree>, String)> {
    let mut found = Vec::new();
    let mut cursor = QueryCursor::new();
    let mut matches = cursor.matches(query, tree.root_node(), text.as_bytes());
    while let Some(each) = matches.next() {
        for capture in each.captures() {
            let name = query.capture_names()[capture.index as usize];
            found.push((each.pattern_index, capture.node, name.to_owned()));
        }
    }
    // The innermost node counts, and of one node's patterns the last.
    found.sort_by_key(|(pattern, node, _)| (std::cmp::Reverse(node.byte_range().len()), *pattern));
    found
        .into_iter()
        .map(|(_, node, name)| (node, name))
        .collect()
}

fn colour<'a>(captures: &'a [(Node, String)], row: usize, column: usize) -> &'a str {
    let here = tree_sitter::Point::new(row, column);
    captures
        .iter()
        .rev()
        .filter(|(_, name)| !matches!(name.as_str(), "spell" | "nospell"))
        .find(|(node, _)| node.start_position() <= here && here < node.end_position())
        .map_or("nothing", |(_, name)| name)
}

#[test]
fn highlights() {
    let query = Query::new(&language(), tree_sitter_soapnote::HIGHLIGHTS_QUERY).unwrap();
    let mut count = 0;
    for path in files(&here().join("test/highlight"), "soap") {
        let text = fs::read_to_string(&path).unwrap();
        let tree = parse(&text);
        let captures = captures(&query, &tree, &text);
        for claim in claims(&text) {
            count += 1;
            for column in claim.columns.clone() {
                let got = colour(&captures, claim.row, column);
                assert_eq!(
                    got == claim.name,
                    !claim.negated,
                    "{}:{}:{} is {got}, and the note says {}{}",
                    path.display(),
                    claim.row + 1,
                    column + 1,
                    if claim.negated { "!" } else { "" },
                    claim.name,
                );
            }
        }
    }
    assert!(count > 20, "only {count} claims were read");
}

#[test]
fn claims_are_read() {
    let claim = |row, columns, name: &str, negated| Claim {
        row,
        columns,
        name: name.to_owned(),
        negated,
    };
    assert_eq!(
        claims("// no arrow\nS: x\n// <- heading\n// ^^ !heading.2\nx\n//^ y"),
        [
            claim(1, 0..1, "heading", false),
            claim(1, 3..5, "heading.2", true),
            claim(4, 2..3, "y", false),
        ]
    );
}

/// A query that names a node which is gone switches an editor's highlighting off as a whole.
#[test]
fn every_query_compiles() {
    let own = files(&here().join("queries"), "scm");
    assert!(!own.is_empty());
    let editors = files(&here().join("../editors"), "scm");
    for path in own.into_iter().chain(editors) {
        let text = fs::read_to_string(&path).unwrap();
        if let Err(error) = Query::new(&language(), &text) {
            panic!("{}: {error}", path.display());
        }
    }
}

/// Every named node that is not mere structure has a colour or a spelling mark.
#[test]
fn no_node_is_forgotten() {
    let query = tree_sitter_soapnote::HIGHLIGHTS_QUERY;
    let language = language();
    for id in 0..u16::try_from(language.node_kind_count()).unwrap() {
        let kind = language.node_kind_for_id(id).unwrap();
        let visible = language.node_kind_is_named(id) && language.node_kind_is_visible(id);
        let structure = [
            "chart",
            "visit",
            "visit_heading",
            "section",
            "section_heading",
            "field",
            "modality",
        ];
        if visible && kind != "ERROR" && !structure.contains(&kind) {
            assert!(
                query.contains(&format!("({kind})")),
                "{kind} is not in highlights.scm"
            );
        }
    }
}

#[test]
fn folds() {
    let query = Query::new(&language(), tree_sitter_soapnote::FOLDS_QUERY).unwrap();
    let text =
        "visit: 2026-11-20\nS: sore\n97124 neck\n  note: x\n\nvisit: 2026-11-27\ngoal: a\n  b\n";
    let tree = parse(text);
    let mut rows: Vec<_> = captures(&query, &tree, text)
        .into_iter()
        // A node that ends at the start of a line ends with the line before.
        .map(|(node, _)| (node.start_position().row, node.end_position().row - 1))
        .filter(|(first, last)| first < last)
        .collect();
    rows.sort_unstable();
    assert_eq!(rows, [(0, 4), (1, 4), (2, 3), (5, 7), (6, 7)]);
}
