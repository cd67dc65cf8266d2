//! Completion: what the server offers, in the form that each client can take.

use serde_json::{Value, json};

use crate::client::{Client, Note, Setup};

const URI: &str = "untitled:Untitled-1";

fn rich() -> Value {
    json!({"textDocument": {"completion": {"completionItem": {
        "snippetSupport": true, "labelDetailsSupport": true, "documentationFormat": ["markdown", "plaintext"],
    }}}})
}

fn with(more: Value) -> Client {
    Client::with(Setup {
        more,
        options: json!({"phrases": {"lbp": "Low back pain $1/10"}}),
        ..Setup::default()
    })
}

/// Asks at the note's end.
fn at_end(client: &mut Client, note: &Note, context: &Value) -> Vec<Value> {
    let list = client.request(
        "textDocument/completion",
        json!({"textDocument": note.id(), "position": note.position(note.text.len()), "context": context}),
    );
    let items = list["items"].as_array().expect("items").clone();
    for item in &items {
        let edit = &item["textEdit"];
        assert!(item.get("insertText").is_none(), "{item}");
        let (start, end) = (&edit["range"]["start"], &edit["range"]["end"]);
        assert_eq!(start["line"], end["line"], "{item}");
        assert_eq!(*end, note.position(note.text.len()), "{item}");
        let typed = note.at(&edit["range"]).to_lowercase();
        let filter = item["filterText"].as_str().expect("a text").to_lowercase();
        assert!(filter.starts_with(&typed), "{item}");
    }
    let sorted: Vec<&str> = items
        .iter()
        .map(|i| i["sortText"].as_str().unwrap())
        .collect();
    assert!(sorted.is_sorted(), "{sorted:?}");
    items
}

fn open(client: &mut Client, text: &str) -> Note {
    let note = Note::open(client, URI, text);
    note.diagnostics(client);
    note
}

fn invoked() -> Value {
    json!({"triggerKind": 1})
}

fn item<'a>(items: &'a [Value], label: &str) -> &'a Value {
    let found = items.iter().find(|i| i["label"] == label);
    found.unwrap_or_else(|| panic!("{label} is not among {items:#?}"))
}

#[test]
fn a_client_gets_tab_stops_if_it_takes_them() {
    for (more, text, format) in [
        (
            rich(),
            "97124 ${1:___} ${2:___}-${3:___}\n  technique: ${4:___}\n  response: ${5:___}$0",
            2,
        ),
        (
            json!({}),
            "97124 ___ ___-___\n  technique: ___\n  response: ___",
            1,
        ),
    ] {
        let mut client = with(more);
        let note = open(&mut client, "visit: 2026-11-22\nO: 🙂\nmassa");
        let items = at_end(&mut client, &note, &invoked());
        let item = item(&items, "97124");
        assert_eq!(item["textEdit"]["newText"], text);
        assert_eq!(item["insertTextFormat"], format);
        assert_eq!(item["detail"], "massage");
        assert_eq!(item.get("labelDetails").is_some(), format == 2);
    }
}

#[test]
fn explanations_come_late() {
    for (more, kind) in [(rich(), "markdown"), (json!({}), "plaintext")] {
        let mut client = with(more);
        let note = open(&mut client, "97140-");
        let items = at_end(&mut client, &note, &invoked());
        let item = item(&items, "59").clone();
        assert!(item.get("documentation").is_none());
        assert_eq!(item["data"], "modifier:59");
        let resolved = client.request("completionItem/resolve", item.clone());
        assert_eq!(resolved["documentation"]["kind"], kind);
        assert_eq!(resolved["textEdit"], item["textEdit"]);
        let text = resolved["documentation"]["value"].as_str().unwrap();
        assert!(
            text.contains("Careful") && text.contains("**") == (kind == "markdown"),
            "{text}"
        );
        for data in [json!("code:1"), json!(7), json!({"x": 1})] {
            let other = client.request(
                "completionItem/resolve",
                json!({"label": "x", "data": data}),
            );
            assert!(other.get("documentation").is_none());
        }
    }
}

#[test]
fn lists_open_by_themselves_where_nothing_is_signed() {
    let mut client = with(json!({}));
    let triggers = &client.server["capabilities"]["completionProvider"];
    assert_eq!(triggers["triggerCharacters"], json!(["-", ":", "."]));
    assert_eq!(triggers["resolveProvider"], true);
    for (text, typed, some) in [
        ("payer:", ":", true),
        ("provider: A. Rivera, LMT\nsigned:", ":", false),
        ("97140 neck\n  technique:", ":", false),
        ("97140-", "-", true),
        ("S: low back -", "-", false),
        ("S: .", ".", true),
        ("S: better.", ".", false),
    ] {
        let note = open(&mut client, text);
        let context = json!({"triggerKind": 2, "triggerCharacter": typed});
        assert_eq!(
            !at_end(&mut client, &note, &context).is_empty(),
            some,
            "{text}"
        );
        note.close(&mut client);
        client.published(URI);
    }
}

#[test]
fn typing_and_taking() {
    let mut client = with(rich());
    let mut note = open(&mut client, "dx: M54.2\n\nvisit: 2026-11-22\r\nS: ");
    for (typed, label, after) in [
        (".lb", ".lbp", "S: Low back pain ${1:___}/10$0"),
        ("\ndx: low ba", "M54.50", "dx: M54.50"),
        (
            "\n97140-59 neck 10:30-",
            "10:30-10:47",
            "97140-59 neck 10:30-10:47",
        ),
        (
            "\nsigned: x\nvis",
            "visit, carried forward",
            "97140-59 neck ${4:___}",
        ),
    ] {
        note.type_end(&mut client, typed);
        let items = at_end(&mut client, &note, &invoked());
        let edit = &item(&items, label)["textEdit"];
        let (start, end) = (note.offset(&edit["range"]["start"]), note.text.len());
        let new = edit["newText"].as_str().unwrap().to_owned();
        note.replace(&mut client, start, end, &new);
        assert!(note.text.contains(after), "{}", note.text);
    }
    note.diagnostics(&mut client);
}

#[test]
fn a_note_that_is_not_open_has_no_completions() {
    let mut client = Client::new();
    let place = json!({"textDocument": {"uri": URI}, "position": {"line": 0, "character": 0}});
    assert_eq!(
        client.request("textDocument/completion", place),
        Value::Null
    );
}
