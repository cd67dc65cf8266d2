//! From a finding's light bulb it can be silenced: here, in this chart, in all notes beside it.

use serde_json::{Value, json};

use crate::client::{Client, Note, Setup, of_rule};

const NOTE: &str = "dx: M54.50\n\nvisit: 2026-11-02\nS: x\nO: x\n97124 lumbar 10:00-10:30\n  technique: petrissage\nA: x\nP: x\n";
const RULE: &str = "missing-goal";

fn action<'a>(actions: &'a [Value], words: &str) -> &'a Value {
    let fits = |a: &&Value| {
        let title = a["title"].as_str().unwrap();
        title.contains(words) && title.ends_with(RULE)
    };
    actions
        .iter()
        .find(fits)
        .unwrap_or_else(|| panic!("{words}: {actions:#?}"))
}

#[test]
fn here_and_in_this_chart() {
    for words in ["Do not show this here", "Do not show this in this chart"] {
        let mut client = Client::new();
        let mut note = Note::open(&mut client, "untitled:Untitled-1", NOTE);
        let found = note.diagnostics(&mut client);
        let range = of_rule(&found, RULE)["range"].clone();
        let actions = note.actions(&mut client, &range, json!({"diagnostics": []}));
        note.apply(&mut client, action(&actions, words));
        let rules = note.rules(&mut client);
        assert!(!rules.iter().any(|r| r == RULE), "{words}: {rules:?}");
        // The reason is a placeholder to fill.
        assert!(
            note.text.contains("waive: missing-goal because ___"),
            "{}",
            note.text
        );
        assert!(rules.iter().any(|r| r == "unfilled-placeholder"));
    }
}

#[test]
fn in_all_notes_of_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let uri = format!("file://{}", folder.path().join("note.soap").display());
    let settings = format!("file://{}", folder.path().join("soapstone.toml").display());
    let asked = |creates: bool| {
        let operations = if creates {
            json!(["create"])
        } else {
            json!([])
        };
        let mut client = Client::with(Setup {
            more: json!({"workspace": {"workspaceEdit": {"resourceOperations": operations}}}),
            ..Setup::default()
        });
        let note = Note::open(&mut client, &uri, NOTE);
        let found = note.diagnostics(&mut client);
        let range = of_rule(&found, RULE)["range"].clone();
        note.actions(&mut client, &range, json!({"diagnostics": []}))
    };
    // There is no file yet: it is made, by an editor that can.
    let actions = asked(true);
    let changes = &action(&actions, "soapstone.toml")["edit"]["documentChanges"];
    assert_eq!(changes[0], json!({"kind": "create", "uri": settings}));
    assert_eq!(
        changes[1]["edits"][0]["newText"],
        "[rules]\nmissing-goal = \"off\"\n"
    );
    let titles = |actions: &[Value]| {
        actions
            .iter()
            .any(|a| a["title"].as_str().unwrap().contains("toml"))
    };
    assert!(!titles(&asked(false)));
    // There is one: everything in it stays.
    let kept = "payer = \"auto\" # ours\n";
    std::fs::write(folder.path().join("soapstone.toml"), kept).unwrap();
    let actions = asked(false);
    let changes = &action(&actions, "soapstone.toml")["edit"]["documentChanges"];
    assert_eq!(changes[0]["textDocument"]["uri"], settings.as_str());
    let text = changes[0]["edits"][0]["newText"].as_str().unwrap();
    assert!(
        text.starts_with(kept) && text.contains("missing-goal = \"off\""),
        "{text}"
    );
    assert!(
        !folder.path().join("note.soap").exists(),
        "nothing is written"
    );
    assert_eq!(
        std::fs::read_to_string(folder.path().join("soapstone.toml")).unwrap(),
        kept
    );
}
