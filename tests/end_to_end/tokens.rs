//! Semantic tokens, as an editor keeps them.

use serde_json::{Value, json};

use crate::client::{Client, Note, Setup, Units};

const URI: &str = "untitled:Untitled-1";
const NOTE: &str = "payer: medicare\nvisit: 2026-11-02\nS: \u{1F600} pain 6/10\n97140-59 R shoulder 10:00-10:15\n  technique: joint mobilization\n97001\n";

fn client(encodings: Value) -> Client {
    Client::with(Setup {
        encodings: Some(encodings),
        more: json!({"textDocument": {"semanticTokens": {
            "requests": {"range": true, "full": {"delta": true}},
            "tokenTypes": ["function"], "tokenModifiers": [], "formats": ["relative"],
        }}}),
        ..Setup::default()
    })
}

fn numbers(data: &Value) -> Vec<usize> {
    let number = |n: &Value| usize::try_from(n.as_u64().expect("a number")).unwrap();
    data.as_array()
        .expect("a list")
        .iter()
        .map(number)
        .collect()
}

/// The words of the tokens, each with its type and modifiers.
fn words(client: &Client, note: &Note, data: &[usize]) -> Vec<String> {
    let legend = &client.server["capabilities"]["semanticTokensProvider"]["legend"];
    let (mut line, mut character) = (0, 0);
    data.chunks(5)
        .map(|token| {
            let &[lines, ahead, length, kind, marks] = token else {
                panic!("{token:?} is no token")
            };
            character = if lines == 0 { character + ahead } else { ahead };
            line += lines;
            let at = |c: usize| note.offset(&json!({"line": line, "character": c}));
            // The client's own count sees a place between the two characters of a line break.
            let word = &note.text[at(character)..at(character + length)];
            let word = word.strip_prefix('\n').unwrap_or(word);
            assert!(!word.is_empty() && !word.contains(['\n', '\r']));
            let mut found = format!("{word}|{}", legend["tokenTypes"][kind].as_str().unwrap());
            for (bit, name) in legend["tokenModifiers"]
                .as_array()
                .unwrap()
                .iter()
                .enumerate()
            {
                if marks & (1 << bit) != 0 {
                    found = format!("{found} {}", name.as_str().unwrap());
                }
            }
            found
        })
        .collect()
}

fn ask(client: &mut Client, note: &Note, method: &str, more: Value) -> Value {
    let mut params = json!({"textDocument": note.id()});
    if let Value::Object(more) = more {
        params.as_object_mut().unwrap().extend(more);
    }
    client.request(&format!("textDocument/semanticTokens/{method}"), params)
}

const WORDS: [&str; 13] = [
    "payer|property",
    "visit|namespace",
    "2026-11-02|string",
    "S|keyword",
    "6/10|number",
    "97140|function timed",
    "59|decorator",
    "R|modifier",
    "shoulder|type",
    "10:00-10:15|number",
    "technique|property",
    "joint mobilization|method",
    "97001|function deprecated",
];

#[test]
fn the_words_of_a_note_in_every_encoding() {
    for (encoding, units) in [
        ("utf-8", Units::Utf8),
        ("utf-16", Units::Utf16),
        ("utf-32", Units::Utf32),
    ] {
        for (text, breaks) in [("\n", "LF"), ("\r\n", "CRLF"), ("\r", "CR")] {
            let mut client = client(json!([encoding]));
            let note = Note::open(&mut client, URI, &NOTE.replace('\n', text));
            assert_eq!(note.units, units);
            let full = ask(&mut client, &note, "full", json!({}));
            let found = words(&client, &note, &numbers(&full["data"]));
            assert_eq!(found, WORDS, "{encoding} {breaks}");
            note.diagnostics(&mut client);
        }
    }
}

#[test]
fn changes_and_ranges_agree_with_the_whole() {
    let mut client = client(json!(["utf-16"]));
    let mut note = Note::open(&mut client, URI, NOTE);
    let full = ask(&mut client, &note, "full", json!({}));
    let (mut data, mut id) = (numbers(&full["data"]), full["resultId"].clone());
    for text in [
        "\n",
        "dx: M54.50\u{1F600}",
        "\nvisit: 2026-11-03\n97110 20 min",
    ] {
        note.type_end(&mut client, text);
        let delta = ask(
            &mut client,
            &note,
            "full/delta",
            json!({"previousResultId": id}),
        );
        for edit in delta["edits"].as_array().expect("edits") {
            let at = |key: &str| usize::try_from(edit[key].as_u64().unwrap()).unwrap();
            let new = edit.get("data").map(numbers).unwrap_or_default();
            data.splice(at("start")..at("start") + at("deleteCount"), new);
        }
        id = delta["resultId"].clone();
        let whole = ask(&mut client, &note, "full", json!({}));
        assert_eq!(data, numbers(&whole["data"]));
    }
    let found = words(&client, &note, &data);
    assert!(found.contains(&"M54.50|enumMember".to_owned()), "{found:?}");

    let range = json!({"start": {"line": 3, "character": 0}, "end": {"line": 4, "character": 2}});
    let some = ask(&mut client, &note, "range", json!({"range": range}));
    assert_eq!(words(&client, &note, &numbers(&some["data"])), WORDS[5..12]);

    // A result that the server does not know gets the whole.
    let all = ask(
        &mut client,
        &note,
        "full/delta",
        json!({"previousResultId": "other"}),
    );
    assert_eq!(numbers(&all["data"]), data);
    note.diagnostics(&mut client);
}

#[test]
fn only_a_client_that_shows_tokens_is_offered_them() {
    let mut plain = Client::new();
    let offered = |c: &Client| {
        c.server["capabilities"]
            .get("semanticTokensProvider")
            .is_some()
    };
    assert!(!offered(&plain));
    let nowhere = json!({"textDocument": {"uri": "untitled:nowhere"}});
    assert_eq!(
        plain.request("textDocument/semanticTokens/full", nowhere),
        Value::Null
    );
    let mut colours = client(json!([]));
    assert!(offered(&colours));
    let note = Note::open(&mut colours, URI, "");
    assert_eq!(
        ask(&mut colours, &note, "full", json!({}))["data"],
        json!([])
    );
    note.diagnostics(&mut colours);
}
