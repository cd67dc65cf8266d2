//! What `editors/` holds for Helix, Zed and Emacs: configuration that can be read, queries that
//! compile, in the words of each editor, and that find what they are for.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use regex::Regex;
use streaming_iterator::StreamingIterator;
use toml_edit::Document;
use tree_sitter::{Language, Query, QueryCursor};

use support::{files, here, parse};

const NOTE: &str = "\
patient: 10234
  also known as 4711
provider: A. Rivera, LMT
payer: medicare
member id: XY 12
dx: M54.50
goal 1: sit 60 minutes
referral: 2026-10-01, 12 visits, Dr. Okafor

visit: 2026-11-20
S: Patient's neck is sore.
   Patient goal: sleep.
patient reports: less pain

97140-GP lumbar 10:00-10:25 (x2)
  technique: joint mobilization
  gr III
DOS: yesterday
// A remark
97010 8 min
visit:
Plan: weekly
/s/: A. Rivera, LMT
";

fn language() -> Language {
    tree_sitter_soapnote::LANGUAGE.into()
}

fn editors() -> PathBuf {
    here().join("../editors")
}

fn read(path: &str) -> String {
    let path = editors().join(path);
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn helix(name: &str) -> String {
    read(&format!("helix/queries/soapnote/{name}.scm"))
}

fn zed(name: &str) -> String {
    read(&format!("zed/languages/soapnote/{name}.scm"))
}

/// The query in `soapstone.el`.
fn emacs() -> String {
    let file = read("emacs/soapstone.el");
    let query = file
        .split_once("(defconst soapstone--tree-query \"")
        .and_then(|(_, rest)| rest.split_once("\"\n"))
        .expect("soapstone.el has a query for tree-sitter");
    query.0.to_owned()
}

/// What a query finds in a note: the names of the captures and the words.
fn found(query: &str, note: &str) -> Vec<(String, String)> {
    let query = Query::new(&language(), query).unwrap_or_else(|e| panic!("{e} in {query}"));
    let tree = parse(note);
    let mut cursor = QueryCursor::new();
    let mut found = Vec::new();
    let mut captures = cursor.captures(&query, tree.root_node(), note.as_bytes());
    while let Some((each, index)) = captures.next() {
        let capture = each.captures()[*index];
        let name = query.capture_names()[capture.index as usize];
        found.push((name.to_owned(), note[capture.node.byte_range()].to_owned()));
    }
    found
}

/// The words that a query captures under one name.
fn words(query: &str, name: &str) -> Vec<String> {
    let found = found(query, NOTE).into_iter();
    found.filter(|(n, _)| n == name).map(|(_, w)| w).collect()
}

fn names(query: &str) -> BTreeSet<String> {
    let query = Query::new(&language(), query).unwrap_or_else(|e| panic!("{e} in {query}"));
    let names = query.capture_names().iter().map(ToString::to_string);
    names.filter(|name| !name.starts_with('_')).collect()
}

/// The kinds of nodes, and the marks, that a query colours.
fn coloured(query: &str) -> BTreeSet<String> {
    let code: String = query.lines().filter(|l| !l.starts_with(';')).collect();
    let spelling = code.split("[(text)").next().unwrap_or_default().to_owned();
    let rest = code.split("@spell").nth(1).unwrap_or_default();
    let code = spelling + rest;
    let kinds = code.split('(').skip(1).filter_map(|part| {
        let kind = part.split(')').next()?;
        let word = !kind.is_empty() && kind.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        word.then(|| kind.to_owned())
    });
    kinds.collect()
}

/// The quoted marks that a query colours, such as `":"`.
fn coloured_marks(query: &str) -> BTreeSet<String> {
    let lines = query.lines().filter(|line| line.starts_with("[\""));
    let marks = lines.flat_map(|line| line.split('"').skip(1).step_by(2));
    marks.map(ToOwned::to_owned).collect()
}

/// A theme of the editor knows each of these; another word would be a colour that nobody sees.
#[test]
fn each_editor_is_spoken_to_in_its_own_words() {
    let dialects: &[(&str, String, &[&str])] = &[
        (
            "Helix",
            helix("highlights"),
            &[
                "attribute",
                "comment.line",
                "constant.numeric",
                "function",
                "label",
                "markup.heading.1",
                "markup.heading.2",
                "punctuation.bracket",
                "punctuation.delimiter",
                "string.special",
                "variable.other.member",
            ],
        ),
        (
            "Zed",
            zed("highlights"),
            &[
                "attribute",
                "comment",
                "function",
                "label",
                "number",
                "property",
                "punctuation.bracket",
                "punctuation.delimiter",
                "string.special",
                "title",
            ],
        ),
        (
            "Emacs",
            emacs(),
            &[
                "font-lock-builtin-face",
                "font-lock-comment-face",
                "font-lock-constant-face",
                "font-lock-function-name-face",
                "font-lock-keyword-face",
                "font-lock-string-face",
                "font-lock-type-face",
                "font-lock-variable-name-face",
            ],
        ),
        ("Helix", helix("indents"), &["indent"]),
        ("Helix", helix("injections"), &["injection.content"]),
        (
            "Helix",
            helix("tags"),
            &["definition.class", "definition.function", "name"],
        ),
        (
            "Helix",
            helix("textobjects"),
            &[
                "class.around",
                "class.inside",
                "comment.around",
                "comment.inside",
                "entry.around",
                "entry.inside",
                "function.around",
                "function.inside",
            ],
        ),
        ("Zed", zed("brackets"), &["close", "open"]),
        ("Zed", zed("outline"), &["context", "item", "name"]),
        ("Zed", zed("redactions"), &["redact"]),
        (
            "Zed",
            zed("textobjects"),
            &[
                "class.around",
                "class.inside",
                "comment.around",
                "function.around",
                "function.inside",
            ],
        ),
    ];
    for (editor, query, known) in dialects {
        for name in names(query) {
            assert!(
                known.contains(&name.as_str()),
                "{editor} does not know @{name}"
            );
        }
    }
}

/// What has a colour in one editor has one in each.
#[test]
fn each_editor_colours_the_same() {
    let ours = coloured(tree_sitter_soapnote::HIGHLIGHTS_QUERY);
    assert!(
        ours.contains("procedure_code") && !ours.contains("text"),
        "{ours:?}"
    );
    assert_eq!(coloured(&helix("highlights")), ours);
    assert_eq!(coloured(&zed("highlights")), ours);
    assert_eq!(coloured(&emacs()), ours);
    // Emacs leaves marks as they are.
    let marks = coloured_marks(tree_sitter_soapnote::HIGHLIGHTS_QUERY);
    assert!(marks.contains(":") && marks.contains("("), "{marks:?}");
    assert_eq!(coloured_marks(&helix("highlights")), marks);
    assert_eq!(coloured_marks(&zed("highlights")), marks);
    assert_eq!(
        read("nvim/queries/soapnote/highlights.scm"),
        tree_sitter_soapnote::HIGHLIGHTS_QUERY
    );
    let folds = fs::read_to_string(here().join("queries/folds.scm")).unwrap();
    assert_eq!(read("nvim/queries/soapnote/folds.scm"), folds);
}

/// The server's fields with all of their labels.
fn all_labels() -> Vec<(String, Vec<String>)> {
    let file = fs::read_to_string(here().join("../server/data/labels.tsv")).unwrap();
    let rows = file.lines().filter(|line| !line.starts_with('#')).skip(1);
    let rows = rows.filter_map(|row| row.split_once('\t'));
    rows.map(|(key, labels)| {
        let labels = labels.split("; ").map(|label| label.replace('N', "1"));
        (key.to_owned(), labels.collect())
    })
    .collect()
}

fn labels(key: &str) -> Vec<String> {
    let all = all_labels().into_iter();
    let found = all.filter(|(k, _)| k == key);
    found.flat_map(|(_, labels)| labels).collect()
}

/// The notes in a file of the grammar's corpus.
fn corpus(name: &str) -> Vec<String> {
    let file = fs::read_to_string(here().join("test/corpus").join(name)).unwrap();
    let parts = file.split("\n---\n");
    let notes = parts.filter_map(|part| part.rsplit_once("=\n"));
    notes.map(|(_, note)| note.to_owned()).collect()
}

/// The tests of VS Code's and Emacs's own grammars compare the colours of that note with ours.
#[test]
fn the_note_of_shapes_holds_every_line_that_people_write() {
    let shapes = read("vscode/test/unit/shapes.soap");
    let notes = corpus("as-people-write.txt");
    assert!(notes.len() > 4, "{notes:?}");
    for note in notes {
        assert!(shapes.contains(&format!("\n{note}\n")), "{note}");
    }
}

/// Zed's patterns for what goes to the right below a line, and what leaves the block above.
fn indentation() -> (String, String) {
    let config = read("zed/languages/soapnote/config.toml");
    let config = Document::parse(config).unwrap();
    let pattern = |key: &str| config[key].as_str().unwrap().to_owned();
    (
        pattern("increase_indent_pattern"),
        pattern("decrease_indent_pattern"),
    )
}

/// Typed below a block, which goes on as long as lines are indented.
#[test]
#[expect(clippy::too_many_lines, reason = "they are a list")]
fn headings_and_fields_of_the_visit_leave_a_block_and_its_details_stay() {
    let (increase, decrease) = indentation();
    let vscode = read("vscode/language-configuration.json");
    for pattern in [&increase, &decrease] {
        let body = pattern.strip_prefix("(?i)").unwrap().replace('\\', "\\\\");
        assert!(
            vscode.contains(&format!("\"pattern\": \"{body}\"")),
            "VS Code has another pattern than Zed: {body}"
        );
    }
    let (increase, decrease) = (
        Regex::new(&increase).unwrap(),
        Regex::new(&decrease).unwrap(),
    );
    // Either pattern sees each beginning of the line while it is typed.
    let leaves = |line: &str| {
        let mut ends = line.char_indices().map(|(at, c)| at + c.len_utf8());
        ends.any(|end| decrease.is_match(&line[..end]))
    };
    for line in [
        "A: better",
        "Subjective (S): sore",
        "OBJECTIVE FINDINGS: soft",
        "## Plan: weekly",
        "**Assessment:** better",
        "I. Objective: soft",
        "treatment plan: weekly",
        "Treatment today: heat",
        "visit: 2026-11-21",
        "- visit: 2026-11-21",
        "Date: 11/21/2026",
        "Date: Friday, Nov 20, 2026",
        "Encounter date: 11/21/2026",
        "D.O.S.: 11/21/2026",
        "Service Date(s): 11/21/2026",
        "Date/Time: 11/21/2026 10:00",
        "DAILY NOTE - 11/21/2026",
        "Progress note: Nov 21, 2026",
        "- 97110 GP 25 min",
        "CPT Code: 97140 Minutes: 15",
        "97110: 25 min",
        "97110-59 neck",
        "G0283-GP 10 min",
        "secondary insurance: x",
    ] {
        assert!(leaves(&format!("  {line}")), "{line} stays in the block");
    }
    for line in [
        "treatment: heat",
        "Tx: heat",
        "- treatment heat",
        "note: S: is said",
        "a) hip hinge",
        "Plan for the week",
        "Subjective relief",
        "98% of motion",
        "97 of 100 days",
        "98101-4423 is no code",
        "1. bridges",
        "Date: soon",
        "visit went well",
        "visit 11/20/26 went well",
        "visit 3: sore",
        "seen on Monday",
        "daily note: sore",
        "progress note 11/21/26 was sent",
        "position: prone",
        "time: 10:00-10:25",
        "dxs: none",
    ] {
        assert!(!leaves(&format!("  {line}")), "{line} leaves the block");
    }
    let mut count = 0;
    for (key, labels) in all_labels() {
        let detail = [
            "dx",
            "technique",
            "response",
            "region",
            "time",
            "note",
            "waive",
        ]
        .contains(&&*key);
        // Which of its labels stand alone and which need a date, the lines above say.
        for label in labels.iter().filter(|_| key != "day") {
            let line = format!("  {label}:");
            assert_eq!(leaves(&line), !detail, "{line}");
            count += 1;
        }
    }
    assert!(count > 100, "{count}");
    let notes = corpus("as-people-write.txt").concat();
    let more = [
        "97140",
        "  CPT 97140 neck",
        "97140\u{2013}59",
        "97110(neck)",
    ];
    for line in notes.lines().chain(more) {
        let tree = parse(line);
        let first = tree.root_node().named_child(0);
        let block = first.is_some_and(|node| node.kind() == "modality");
        assert_eq!(increase.is_match(line), block, "the line below {line:?}");
    }
}

#[test]
fn zed_hides_who_somebody_is_and_nothing_else() {
    assert_eq!(
        words(&zed("redactions"), "redact"),
        [
            "10234",
            "also known as 4711",
            "A. Rivera, LMT",
            "XY 12",
            "2026-10-01, 12 visits, Dr. Okafor",
            "A. Rivera, LMT",
        ]
    );
    let hidden = |line: &str| {
        let query = zed("redactions");
        found(&query, line).iter().any(|(name, _)| name == "redact")
    };
    // Every spelling of the fields that name somebody, as docs/format.md and the server have them.
    for key in [
        "patient",
        "client",
        "pt",
        "mrn",
        "MRN",
        "provider",
        "therapist",
        "clinician",
        "treated by",
        "referral",
        "rx",
        "prescription",
        "order",
        "script",
        "plan of care",
        "poc",
        "certification",
        "cert",
        "signed",
        "signature",
        "/s/",
        "Signed by",
        "Name",
        "Patient name",
        "patient  id",
        "DOB",
        "date of birth",
        "birthdate",
        "phone",
        "home phone",
        "e-mail",
        "email",
        "address",
        "SSN",
        "social security",
        "claim #2",
        "claim number",
        "policy",
        "member id",
        "account",
        "emergency contact",
        "referring physician",
        "adjuster",
        "NPI",
        "- patient",
        "1. Patient name",
    ] {
        assert!(hidden(&format!("{key}: 4711")), "{key} is not hidden");
        assert!(hidden(&format!("{key} : 4711")), "{key} : is not hidden");
    }
    for key in ["patient", "provider", "signed", "referral", "plan of care"] {
        for label in labels(key) {
            assert!(hidden(&format!("{label}: 4711")), "{label} is not hidden");
        }
    }
    for key in [
        "patient reports",
        "patient goal",
        "goal 1",
        "dx",
        "payer",
        "session",
        "technique",
        "response",
        "region",
        "limitation",
        "order of exercises",
        "contact time",
        "note",
        "waive",
        "timed minutes",
        "identity",
    ] {
        assert!(!hidden(&format!("{key}: 4711")), "{key} is hidden");
    }
}

#[test]
fn zed_lists_visits_sections_and_blocks() {
    assert_eq!(
        words(&zed("outline"), "name"),
        [
            "2026-11-20",
            "S",
            "97140",
            "yesterday",
            "97010",
            "visit",
            "Plan"
        ]
    );
    assert_eq!(words(&zed("outline"), "item").len(), 7);
    assert_eq!(words(&zed("brackets"), "open"), ["("]);
}

#[test]
fn text_objects_are_visits_blocks_and_fields() {
    for query in [helix("textobjects"), zed("textobjects")] {
        let visits = words(&query, "class.around");
        assert_eq!(visits.len(), 3, "{visits:?}");
        assert!(visits[0].starts_with("visit: 2026-11-20\n") && visits[0].ends_with("gr III\n"));
        let blocks = words(&query, "function.around");
        assert_eq!(
            blocks,
            [
                "97140-GP lumbar 10:00-10:25 (x2)\n  technique: joint mobilization\n  gr III\n",
                "97010 8 min\n"
            ]
        );
        assert_eq!(
            words(&query, "function.inside").concat(),
            "technique: joint mobilization\ngr III"
        );
    }
    assert!(words(&helix("textobjects"), "entry.inside").contains(&"medicare".to_owned()));
    assert_eq!(
        words(&helix("tags"), "name"),
        ["2026-11-20", "97140", "97010"]
    );
    let found = found(&helix("tags"), "Visit 3 - 11/20/2026\nS: x\nvisit: soon\n");
    assert!(found.contains(&("name".to_owned(), "Visit 3 - 11/20/2026".to_owned())));
    assert!(!found.iter().any(|(_, words)| words == "visit"));
    assert_eq!(words(&helix("indents"), "indent").len(), 2);
}

/// Helix refuses to start with a key that it does not know.
#[test]
fn helix_reads_its_configuration() {
    let file = read("helix/languages.toml");
    let file = Document::parse(file).unwrap();
    let known = [
        "name",
        "language-id",
        "scope",
        "file-types",
        "shebangs",
        "roots",
        "comment-tokens",
        "block-comment-tokens",
        "text-width",
        "soft-wrap",
        "auto-format",
        "formatter",
        "path-completion",
        "word-completion",
        "diagnostic-severity",
        "grammar",
        "injection-regex",
        "language-servers",
        "indent",
        "debugger",
        "auto-pairs",
        "rulers",
        "workspace-lsp-roots",
        "persistent-diagnostic-sources",
    ];
    let languages = file["language"].as_array_of_tables().unwrap();
    let language = languages.get(0).unwrap();
    assert_eq!(languages.len(), 1);
    for (key, _) in language {
        assert!(known.contains(&key), "Helix has no {key}");
    }
    assert_eq!(language["name"].as_str(), Some("soapnote"));
    let server = &file["language-server"]["soapstone"];
    assert_eq!(server["command"].as_str(), Some("soapstone"));
    let grammar = file["grammar"]
        .as_array_of_tables()
        .unwrap()
        .get(0)
        .unwrap();
    assert_eq!(grammar["name"].as_str(), Some("soapnote"));
    let path = grammar["source"]["path"].as_str().unwrap();
    let folder = path.strip_prefix("SOAPSTONE/").unwrap();
    assert!(
        here()
            .join("..")
            .join(folder)
            .join("src/parser.c")
            .is_file()
    );
}

#[test]
fn zed_reads_its_configuration() {
    let manifest = read("zed/extension.toml");
    let manifest = Document::parse(manifest).unwrap();
    let config = read("zed/languages/soapnote/config.toml");
    let config = Document::parse(config).unwrap();
    assert_eq!(manifest["schema_version"].as_integer(), Some(1));
    let name = config["name"].as_str().unwrap();
    let server = &manifest["language_servers"]["soapstone"];
    assert_eq!(server["languages"][0].as_str(), Some(name));
    // By this name the server knows its notes.
    assert_eq!(server["language_ids"][name].as_str(), Some("soapnote"));
    let grammar = config["grammar"].as_str().unwrap();
    let grammar = &manifest["grammars"][grammar];
    let folder = grammar["path"].as_str().unwrap();
    assert!(
        here()
            .join("..")
            .join(folder)
            .join("src/parser.c")
            .is_file()
    );
    let version = manifest["version"].as_str();
    assert_eq!(
        version,
        Some(env!("CARGO_PKG_VERSION")),
        "the extension's version"
    );
    let crate_ = read("zed/Cargo.toml");
    let crate_ = Document::parse(crate_).unwrap();
    assert_eq!(crate_["package"]["version"].as_str(), version);
    // Zed's packager refuses any other file in a language's folder.
    let allowed = [
        "brackets",
        "highlights",
        "indents",
        "injections",
        "outline",
        "overrides",
        "redactions",
        "runnables",
        "textobjects",
    ];
    for file in files(&editors().join("zed/languages"), "scm") {
        let stem = file.file_stem().unwrap().to_str().unwrap();
        assert!(allowed.contains(&stem), "{}", file.display());
    }
}
