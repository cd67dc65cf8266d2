//! What an editor offers for a whole note and for a sentence, and does on saving.

use serde_json::{Value, json};

use crate::client::{Client, Note};

const URI: &str = "untitled:Untitled-1";
const NOTE: &str = "payer: medicare\nprovder: A. Rivera, LMT\n\nvisit: 2026-11-09\nO: \u{1F600} 15 min effleurage to lumbar.\n  tecnique: x\n\nvisit: 2026-11-02\nO: b\n\nvisit: 2026/11/16\nO: c\n";

fn of_kind(client: &mut Client, note: &Note, kinds: &Value) -> Vec<Value> {
    let context = json!({"diagnostics": [], "only": kinds, "triggerKind": 2});
    note.actions(client, &note.range(0, 0), context)
}

fn kinds(actions: &[Value]) -> Vec<&str> {
    actions
        .iter()
        .map(|a| a["kind"].as_str().unwrap())
        .collect()
}

#[test]
fn on_saving_the_chosen_kinds_are_done_and_once_is_enough() {
    let mut client = Client::new();
    let mut note = Note::open(&mut client, URI, NOTE);
    for kind in ["source.fixAll", "source.organizeVisits"] {
        let actions = of_kind(&mut client, &note, &json!([kind]));
        assert_eq!(kinds(&actions), [format!("{kind}.soapstone")]);
        note.apply(&mut client, &actions[0]);
        assert_eq!(
            of_kind(&mut client, &note, &json!([kind])),
            [Value::Null; 0]
        );
    }
    assert_eq!(
        note.text,
        "payer: medicare\nprovider: A. Rivera, LMT\n\nvisit: 2026-11-02\nO: b\n\nvisit: 2026-11-09\nO: \u{1F600} 15 min effleurage to lumbar.\n  technique: x\n\nvisit: 2026-11-16\nO: c\n"
    );
    note.diagnostics(&mut client);
}

#[test]
fn a_kind_means_those_below_it_and_no_other() {
    let mut client = Client::new();
    let note = Note::open(&mut client, URI, NOTE);
    for (only, expected) in [
        (
            json!(["source"]),
            vec!["source.organizeVisits.soapstone", "source.fixAll.soapstone"],
        ),
        (
            json!(["source.fixAll.soapstone"]),
            vec!["source.fixAll.soapstone"],
        ),
        (json!(["source.fixAll.other"]), vec![]),
        (json!(["source.fix"]), vec![]),
        (json!(["source.organizeImports"]), vec![]),
    ] {
        let actions = of_kind(&mut client, &note, &only);
        assert_eq!(kinds(&actions), expected, "{only}");
    }
    let titles = |client: &mut Client, trigger: u8| -> Vec<String> {
        let context = json!({"diagnostics": [], "triggerKind": trigger});
        let actions = note.actions(client, &note.range(0, 0), context);
        let title = |a: &Value| a["title"].as_str().unwrap().to_owned();
        actions
            .iter()
            .map(title)
            .filter(|t| t.starts_with("Put the visits"))
            .collect()
    };
    // A person who asks is offered it once; an editor that asks as the cursor moves, not at all.
    assert_eq!(titles(&mut client, 1), ["Put the visits in order by date"]);
    assert_eq!(titles(&mut client, 2), [""; 0]);
    note.diagnostics(&mut client);
}

#[test]
fn a_sentence_becomes_a_block_where_it_stands() {
    let mut client = Client::new();
    let mut note = Note::open(&mut client, URI, &NOTE.replace("  tecnique: x\n", ""));
    let at = note.text.find("effleurage").unwrap();
    let context = json!({"diagnostics": [], "only": ["refactor.rewrite"]});
    let actions = note.actions(&mut client, &note.range(at, at), context);
    let block = actions
        .iter()
        .find(|a| {
            a["title"]
                .as_str()
                .unwrap()
                .starts_with("Make this a timed block of 97124")
        })
        .expect("an offer");
    note.apply(&mut client, block);
    assert!(
        note.text.contains(
            "O:\n97124 lumbar 15 min\n  technique: \u{1F600} 15 min effleurage to lumbar.\n\nvisit"
        ),
        "{}",
        note.text
    );
    note.diagnostics(&mut client);
}
