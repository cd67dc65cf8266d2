//! Runs `test/corpus` as `tree-sitter test` would, without that program.

mod support;

use std::fs;

use support::{fault, files, here, parse};

struct Case {
    name: String,
    text: String,
    tree: String,
}

/// A line of nothing but this character, three or more; its length.
fn rule(line: &str, of: char) -> Option<usize> {
    (line.len() >= 3 && line.chars().all(|c| c == of)).then_some(line.len())
}

/// Name between two lines of `=`, text, a line of `-` (the longest counts), tree. The newline
/// before the line of `-` is not part of the text.
fn cases(file: &str) -> Vec<Case> {
    let lines: Vec<&str> = file.split('\n').collect();
    let heads: Vec<usize> = (0..lines.len().saturating_sub(2))
        .filter(|&at| rule(lines[at], '=').is_some() && rule(lines[at + 2], '=').is_some())
        .collect();
    let ends = heads.iter().skip(1).copied().chain([lines.len()]);
    heads
        .iter()
        .zip(ends)
        .map(|(&head, end)| {
            let body = &lines[head + 3..end];
            let (divider, _) = body
                .iter()
                .enumerate()
                .filter_map(|(at, line)| Some((at, rule(line, '-')?)))
                .max_by_key(|&(_, length)| length)
                .unwrap_or_else(|| panic!("{} has no line of -", lines[head + 1]));
            Case {
                name: lines[head + 1].to_owned(),
                text: body[..divider].join("\n"),
                tree: squeezed(&body[divider + 1..].join(" ")),
            }
        })
        .collect()
}

/// On one line, as the library prints it.
fn squeezed(tree: &str) -> String {
    let words: Vec<&str> = tree.split_whitespace().collect();
    words.join(" ").replace(" )", ")")
}

#[test]
fn corpus() {
    let mut count = 0;
    let mut failed = Vec::new();
    for path in files(&here().join("test/corpus"), "txt") {
        let group = path.file_stem().unwrap().to_string_lossy().into_owned();
        for case in cases(&fs::read_to_string(&path).unwrap()) {
            count += 1;
            let tree = parse(&case.text);
            let got = tree.root_node().to_sexp();
            if got != case.tree {
                let Case {
                    name, tree: want, ..
                } = case;
                failed.push(format!("{group}: {name}\n  want {want}\n  got  {got}"));
            } else if let Some(fault) = fault(&case.text, &tree) {
                failed.push(format!("{group}: {}\n  {fault}", case.name));
            }
        }
    }
    assert!(count >= 80, "only {count} cases were read");
    assert!(
        failed.is_empty(),
        "of {count} cases failed:\n{}",
        failed.join("\n")
    );
}

/// Everything in the corpus is also right with the other two line ends: a text file of this
/// repository cannot hold them and stay readable.
#[test]
fn corpus_with_other_line_ends() {
    for path in files(&here().join("test/corpus"), "txt") {
        for case in cases(&fs::read_to_string(&path).unwrap()) {
            for end in ["\r\n", "\r"] {
                let text = case.text.replace('\n', end);
                let tree = parse(&text);
                assert_eq!(
                    tree.root_node().to_sexp(),
                    case.tree,
                    "{} with {end:?}",
                    case.name
                );
                assert_eq!(fault(&text, &tree), None, "{} with {end:?}", case.name);
            }
        }
    }
}

#[test]
fn the_reader_reads_what_the_tool_reads() {
    let file = "===\nOne\n===\na\n---\nb\n\n-----\n\n(x\n  (y))\n\n====\nTwo\n====\n---\n(z)\n";
    let read: Vec<_> = cases(file)
        .into_iter()
        .map(|case| (case.name, case.text, case.tree))
        .collect();
    let owned = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
    assert_eq!(
        read,
        [
            owned("One", "a\n---\nb\n", "(x (y))"),
            owned("Two", "", "(z)")
        ]
    );
}
