//! Clients that ask for the findings of a note, and are never sent them.

use serde_json::{Value, json};

use crate::client::{Client, Note, Setup, names, of_rule, uri_of};

const URI: &str = "untitled:Untitled-1";
const NOTE: &str = "visit: 2026-11-02\n97124 lumbar 10:00-10:07\n97140 cervical 10:07-10:30\n";

fn pulling() -> Client {
    Client::with(Setup {
        pulls: true,
        ..Setup::default()
    })
}

fn question(note: &Note, seen: Option<&Value>) -> Value {
    let mut params = json!({"textDocument": note.id()});
    if let Some(seen) = seen {
        params["previousResultId"] = seen.clone();
    }
    params
}

#[test]
fn it_is_offered_to_those_who_ask() {
    let client = pulling();
    let offered = &client.server["capabilities"]["diagnosticProvider"];
    assert_eq!(offered["identifier"], "soapstone");
    assert_eq!(offered["interFileDependencies"], false);
    let other = Client::new();
    assert!(
        other.server["capabilities"]
            .get("diagnosticProvider")
            .is_none()
    );
}

#[test]
fn what_is_asked_for_equals_what_others_are_sent() {
    let mut asks = pulling();
    let mut is_sent = Client::new();
    let mut one = Note::open(&mut asks, URI, NOTE);
    let mut other = Note::open(&mut is_sent, URI, NOTE);
    for text in [
        "S: 97124 é\n",
        "P: \u{1f600}\n",
        "\nvisit: 2026-11-03\n97110",
    ] {
        one.type_end(&mut asks, text);
        other.type_end(&mut is_sent, text);
        let found = one.diagnostics(&mut asks);
        assert_eq!(found, other.diagnostics(&mut is_sent));
        assert!(!found.is_empty());
    }
    // The client would have failed had anything been published.
    one.close(&mut asks);
    asks.fence();
    assert_eq!(asks.pull(URI), Vec::<Value>::new());
}

#[test]
fn the_same_findings_are_reported_once() {
    let mut client = pulling();
    let mut note = Note::open(&mut client, URI, &format!("{NOTE}comments: a"));
    let report = client.request("textDocument/diagnostic", question(&note, None));
    assert_eq!(report["kind"], "full");
    let seen = report["resultId"].clone();
    // Words that change no finding and no place.
    note.type_end(&mut client, "b");
    let report = client.request("textDocument/diagnostic", question(&note, Some(&seen)));
    assert_eq!(report, json!({"kind": "unchanged", "resultId": seen}));
    let start = note.text.find("97124").unwrap();
    note.replace(&mut client, start, start, " ");
    let report = client.request("textDocument/diagnostic", question(&note, Some(&seen)));
    assert_eq!(report["kind"], "full");
    assert_ne!(report["resultId"], seen);
}

#[test]
fn an_answer_is_about_the_newest_text() {
    let mut client = Client::with(Setup {
        pulls: true,
        hooks: true,
        ..Setup::default()
    });
    let mut note = Note::open(&mut client, URI, &format!("{NOTE}S: hook: slow\n"));
    let id = client.ask("textDocument/diagnostic", question(&note, None));
    client.fence();
    let at = note.text.find("S: ").unwrap();
    let end = note.text.len();
    note.replace(&mut client, at, end, "");
    note.replace(&mut client, 0, 0, "patient: 1\n");
    let report = client.reply(id).unwrap();
    let found = report["items"].as_array().unwrap();
    let range = &of_rule(found, "under-eight-minutes")["range"];
    assert_eq!(note.at(range), "10:00-10:07");
}

#[test]
fn a_note_that_fails_is_no_note_without_findings() {
    if !cfg!(debug_assertions) {
        return;
    }
    let mut client = Client::with(Setup {
        pulls: true,
        hooks: true,
        ..Setup::default()
    });
    let mut note = Note::open(&mut client, URI, &format!("{NOTE}S: hook: fail\n"));
    let id = client.ask("textDocument/diagnostic", question(&note, None));
    let error = client.reply(id).unwrap_err();
    assert_eq!(error["code"], -32802);
    assert_eq!(error["data"], json!({"retriggerRequest": false}));
    assert!(client.message().contains("failed on this note"));
    let at = note.text.find("hook").unwrap();
    note.replace(&mut client, at, at + 4, "");
    assert!(!note.diagnostics(&mut client).is_empty());
}

#[test]
fn other_settings_make_the_client_ask_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("soapstone.toml");
    let more = json!({"workspace": {
        "inlayHint": {"refreshSupport": true},
        "didChangeWatchedFiles": {"dynamicRegistration": true},
    }});
    let mut client = Client::with(Setup {
        pulls: true,
        more,
        ..Setup::default()
    });
    let uri = uri_of(&folder.path().join("note.soap"));
    let note = Note::open(&mut client, &uri, NOTE);
    let found = names(&note.diagnostics(&mut client));
    assert!(found.contains(&"missing-goal".to_owned()));
    client.asked.clear();
    std::fs::write(&file, "[rules]\nmissing-goal = \"off\"\n").unwrap();
    let change = json!({"changes": [{"uri": uri_of(&file), "type": 1}]});
    client.notify("workspace/didChangeWatchedFiles", change.clone());
    client.until_asked("workspace/diagnostic/refresh");
    client.until_asked("workspace/inlayHint/refresh");
    let found = names(&note.diagnostics(&mut client));
    assert!(!found.contains(&"missing-goal".to_owned()));
    // The same settings are no reason to ask.
    client.asked.clear();
    client.notify("workspace/didChangeWatchedFiles", change);
    note.diagnostics(&mut client);
    client.fence();
    assert_eq!(client.asked, Vec::<String>::new());
}
