//! Hints and hovers, as an editor asks for them.

use serde_json::{Value, json};

use crate::client::{Client, Note, Settings, Setup};

const URI: &str = "untitled:Untitled-1";
const CHART: &str = "payer: commercial\r\ndx: M54.2\r\nreferral: 2026-10-01, 12 visits\r\n\r\nvisit: 2026-11-02\r\nS: pt c/o LBP, 😀 R > L\r\n97124 lumbar 10:00-10:25\r\n  technique: effleurage\r\n97140 neck 10:25-10:40\r\n";

fn opened(client: &mut Client) -> Note {
    let note = Note::open(client, URI, CHART);
    note.diagnostics(client);
    note
}

/// The labels with the line that each stands on.
fn hints(client: &mut Client, note: &Note) -> Vec<(String, String)> {
    let range = note.range(0, note.text.len());
    let answer = client.request(
        "textDocument/inlayHint",
        json!({"textDocument": note.id(), "range": range}),
    );
    let all = answer.as_array().unwrap().iter();
    all.map(|hint| {
        let before = &note.text[..note.offset(&hint["position"])];
        let line = before.rsplit('\n').next().unwrap().to_owned();
        (line, hint["label"].as_str().unwrap().to_owned())
    })
    .collect()
}

fn hover(client: &mut Client, note: &Note, word: &str) -> Value {
    let at = note.position(note.text.find(word).unwrap() + 1);
    client.request(
        "textDocument/hover",
        json!({"textDocument": note.id(), "position": at}),
    )
}

#[test]
fn hints_stand_where_they_belong_and_can_be_switched_off() {
    let mut client = Client::new();
    let note = opened(&mut client);
    let found = hints(&mut client, &note);
    for (line, label) in [
        ("dx: M54.2", "= Cervicalgia"),
        ("visit: 2026-11-02", "= visit 1 of 12"),
        ("visit: 2026-11-02", "= 40 timed min, 3 units"),
        ("97124 lumbar 10:00-10:25", "= 25 min, 2 units"),
    ] {
        let here = (line.to_owned(), label.to_owned());
        assert!(found.contains(&here), "{label}: {found:?}");
    }
    drop(client);
    let mut client = Client::with(Setup {
        settings: Settings::Are(json!({"hints": {"units": false, "visits": false}})),
        more: json!({"workspace": {"inlayHint": {"refreshSupport": true}}}),
        ..Setup::default()
    });
    client.settled();
    let note = opened(&mut client);
    let labels: Vec<String> = hints(&mut client, &note).into_iter().map(|h| h.1).collect();
    assert!(labels.contains(&"= Cervicalgia".to_owned()), "{labels:?}");
    assert!(
        !labels
            .iter()
            .any(|l| l.contains("unit") || l.starts_with("= visit")),
        "{labels:?}"
    );
    // Other hints are asked for again; the findings are the same, and are not reported twice.
    client.settings = Settings::Are(json!({"phrases": {"lbp": "Low back pain"}}));
    client.notify(
        "workspace/didChangeConfiguration",
        json!({"settings": null}),
    );
    client.until_asked("workspace/inlayHint/refresh");
    let found = hints(&mut client, &note);
    assert!(found.iter().any(|hint| hint.1 == "= visit 1 of 12"));
    client.fence();
}

#[test]
fn everything_with_a_meaning_is_explained() {
    let mut client = Client::new();
    let note = opened(&mut client);
    for (word, range, said) in [
        ("M54.2", "M54.2", "Cervicalgia"),
        ("commercial", "commercial", "Payer profile"),
        ("2026-10-01", "2026-10-01, 12 visits", "1 used, 11 left"),
        ("c/o", "c/o", "complains of"),
        ("R > L", "R > L", "right more than left"),
        ("lumbar", "lumbar", "spinal regions"),
        ("effleurage", "effleurage", "97124"),
        ("visit: 2026", "visit: 2026-11-02", "Visit 1 of 12"),
        ("S: pt", "S:", "Subjective"),
    ] {
        let hover = hover(&mut client, &note, word);
        let text = hover["contents"]["value"].as_str().unwrap_or_default();
        assert!(text.contains(said), "{word}: {hover}");
        let start = note.text.find(range).unwrap();
        assert_eq!(hover["range"], note.range(start, start + range.len()));
    }
}

#[test]
fn plain_hovers_have_no_marks() {
    let mut client = Client::with(Setup {
        more: json!({"textDocument": {"hover": {"contentFormat": ["plaintext"]}}}),
        ..Setup::default()
    });
    let note = opened(&mut client);
    for word in ["M54.2", "commercial", "97124", "R > L", "visit: 2026"] {
        let hover = hover(&mut client, &note, word);
        assert_eq!(hover["contents"]["kind"], "plaintext");
        let text = hover["contents"]["value"].as_str().unwrap();
        assert!(!text.contains(['*', '\\', '`']), "{text}");
    }
}

#[test]
fn a_kind_of_hint_that_there_is_not_is_named() {
    let mut client = Client::with(Setup {
        settings: Settings::Are(json!({"hints": {"unit": false}})),
        ..Setup::default()
    });
    opened(&mut client);
    let message = client.message();
    assert!(
        message.contains("no setting \"unit\". Did you mean \"units\"?"),
        "{message}"
    );
}
