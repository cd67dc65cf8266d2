//! What the server and its client agree on.

use serde_json::{Value, json};

use crate::client::{Client, Note, Settings, Setup, names, of_rule};

const URI: &str = "untitled:Untitled-1";
const NOTE: &str = "visit: 2026-11-02\n97124 lumbar 10:00-10:07\n97140 cervical 10:07-10:30\n";

fn with_options(options: Value) -> Client {
    Client::with(Setup {
        options,
        ..Setup::default()
    })
}

fn with_settings(settings: Value) -> Client {
    Client::with(Setup {
        settings: Settings::Are(settings),
        ..Setup::default()
    })
}

fn off(rule: &str) -> Value {
    json!({"rules": {rule: "off"}})
}

fn has(rules: &[String], rule: &str) -> bool {
    rules.iter().any(|r| r == rule)
}

#[test]
fn it_says_what_it_can_do() {
    let client = Client::new();
    let capabilities = &client.server["capabilities"];
    assert_eq!(capabilities["positionEncoding"], "utf-16");
    let sync = &capabilities["textDocumentSync"];
    assert_eq!(
        (&sync["openClose"], &sync["change"]),
        (&json!(true), &json!(2))
    );
    assert_eq!(
        capabilities["codeActionProvider"]["codeActionKinds"],
        json!([
            "quickfix",
            "refactor",
            "refactor.rewrite",
            "source.fixAll.soapstone",
            "source.organizeVisits.soapstone"
        ])
    );
    assert_eq!(capabilities["hoverProvider"], true);
    assert_eq!(capabilities["inlayHintProvider"], true);
    assert_eq!(client.server["serverInfo"]["name"], "soapstone");
}

#[test]
fn the_encoding_is_negotiated() {
    for (offered, chosen) in [
        (json!(["utf-16", "utf-8"]), "utf-8"),
        (json!(["utf-32", "utf-16"]), "utf-16"),
        (json!(["utf-32"]), "utf-32"),
        (json!([]), "utf-16"),
        (json!(["utf-7"]), "utf-16"),
    ] {
        let client = Client::with(Setup {
            encodings: Some(offered),
            ..Setup::default()
        });
        assert_eq!(client.server["capabilities"]["positionEncoding"], chosen);
    }
}

#[test]
fn only_what_is_asked_for() {
    let mut client = Client::new();
    let note = Note::open(&mut client, URI, NOTE);
    let found = note.diagnostics(&mut client);
    let range = &of_rule(&found, "massage-with-manual-therapy")["range"];
    for (only, some) in [
        (json!(["quickfix"]), true),
        (json!([""]), true),
        (json!(["source", "quickfix"]), true),
        (json!(["quickfix.other"]), false),
        (json!(["refactor.extract", "source.organizeImports"]), false),
    ] {
        let context = json!({"diagnostics": [], "only": only});
        let actions = note.actions(&mut client, range, context);
        assert_eq!(!actions.is_empty(), some, "{only}");
    }
    // Beside the finding there is nothing to fix.
    let actions = note.actions(&mut client, &note.range(0, 0), json!({"diagnostics": []}));
    let titles = actions
        .iter()
        .map(|a| a["title"].to_string())
        .collect::<String>();
    assert!(!titles.contains("59"), "{titles}");
}

#[test]
fn edits_name_the_version_if_the_client_can_read_it() {
    for versioned in [true, false] {
        let mut client = Client::with(Setup {
            more: json!({"workspace": {"workspaceEdit": {"documentChanges": versioned}}}),
            ..Setup::default()
        });
        let mut note = Note::open(&mut client, URI, NOTE);
        note.type_end(&mut client, "P: x");
        let found = note.diagnostics(&mut client);
        let range = &of_rule(&found, "massage-with-manual-therapy")["range"];
        let actions = note.actions(&mut client, range, json!({"diagnostics": []}));
        let action = actions
            .iter()
            .find(|a| a["title"].as_str().unwrap().starts_with("Add modifier 59"))
            .expect("a fix");
        let edit = &action["edit"];
        assert_eq!(action["kind"], "quickfix");
        if versioned {
            let document = &edit["documentChanges"][0]["textDocument"];
            assert_eq!(*document, json!({"uri": URI, "version": note.version}));
            assert!(edit.get("changes").is_none());
        } else {
            assert!(edit["changes"][URI].is_array() && edit.get("documentChanges").is_none());
        }
        note.apply(&mut client, action);
        assert!(note.text.contains("97124-59"), "{}", note.text);
        note.diagnostics(&mut client);
    }
}

#[test]
fn a_client_gets_only_what_it_can_show() {
    let mut client = Client::with(Setup {
        more: json!({"textDocument": {
            "publishDiagnostics": {"relatedInformation": false, "dataSupport": false},
            "hover": {"contentFormat": ["plaintext", "markdown"]},
        }}),
        ..Setup::default()
    });
    let note = Note::open(&mut client, URI, NOTE);
    let found = note.diagnostics(&mut client);
    for diagnostic in &found {
        assert!(diagnostic.get("relatedInformation").is_none());
        assert!(diagnostic.get("data").is_none());
    }
    let at = note.position(note.text.find("97124").unwrap() + 2);
    let hover = json!({"textDocument": note.id(), "position": at});
    let hover = client.request("textDocument/hover", hover);
    assert_eq!(hover["contents"]["kind"], "plaintext");
    let text = hover["contents"]["value"].as_str().unwrap();
    assert!(text.contains("97124") && !text.contains("**"), "{text}");
    assert!(note.at(&hover["range"]).starts_with("97124"));
}

#[test]
fn closing_takes_the_findings_back_once() {
    let mut client = Client::new();
    let note = Note::open(&mut client, URI, NOTE);
    assert!(!note.diagnostics(&mut client).is_empty());
    note.close(&mut client);
    let last = client.published(URI);
    assert_eq!(last["diagnostics"], json!([]));
    client.fence();
    let again = Note::open(&mut client, URI, NOTE);
    assert!(!again.diagnostics(&mut client).is_empty());
}

#[test]
fn changes_of_a_batch_follow_each_other() {
    let mut client = Client::new();
    let mut note = Note::open(&mut client, URI, "visit: 2026-11-02\n");
    let end = note.position(note.text.len());
    let next = json!({"line": 2, "character": 0});
    note.text.push_str("97124 lumbar 10:00-10:07\nP: x\n");
    note.change(
        &mut client,
        json!([
            {"range": {"start": end, "end": end}, "text": "97124 lumbar 10:00-10:0\n"},
            {"range": {"start": next, "end": next}, "text": "P: x\n"},
            {"range": note.range(41, 41), "text": "7"},
        ]),
    );
    let found = note.diagnostics(&mut client);
    let under = of_rule(&found, "under-eight-minutes");
    assert_eq!(note.at(&under["range"]), "10:00-10:07");
    note.text = NOTE.to_owned();
    note.change(&mut client, json!([{"text": "nothing"}, {"text": NOTE}]));
    assert!(has(&note.rules(&mut client), "massage-with-manual-therapy"));
}

#[test]
fn bad_changes_do_no_harm() {
    let mut client = Client::new();
    let mut note = Note::open(&mut client, URI, &format!("{NOTE}A: x\nP: x\n"));
    let before = note.diagnostics(&mut client);
    let change = |client: &mut Client, version: i64, uri: &str, changes: Value| {
        let document = json!({"uri": uri, "version": version});
        let params = json!({"textDocument": document, "contentChanges": changes});
        client.notify("textDocument/didChange", params);
    };
    let range = |a: i64, b: i64, c: i64, d: i64| json!({"start": {"line": a, "character": b}, "end": {"line": c, "character": d}});
    let secret = "secretword";
    // A note that no one opened; what happens to a change that does not fit an open one is in `astray.rs`.
    change(&mut client, 2, "untitled:other", json!([{"text": secret}]));
    client.notify(
        "textDocument/didClose",
        json!({"textDocument": {"uri": "untitled:other"}}),
    );
    client.notify(
        "textDocument/didSave",
        json!({"textDocument": {"uri": "untitled:other"}}),
    );
    client.notify(
        "textDocument/didOpen",
        json!({"textDocument": {"uri": "no address"}}),
    );
    client.notify("$/unheardOf", json!({}));
    client.fence();
    // Ranges past the end are cut off: this adds a line at the very end.
    note.text.push_str("x\n");
    let far = i64::from(u32::MAX);
    note.change(
        &mut client,
        json!([{"range": range(far, far, far, far), "text": "x\n"}]),
    );
    let after = note.diagnostics(&mut client);
    assert_eq!(names(&before), names(&after));
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before["range"], after["range"]);
    }
    let error = client.ask("textDocument/unheardOf", json!({}));
    assert_eq!(client.reply(error).unwrap_err()["code"], -32601);
    let log = client.end();
    assert!(log.lines().count() >= 3, "{log}");
    assert!(!log.contains(secret) && !log.contains("97124"), "{log}");
}

#[test]
fn settings_may_come_with_the_start() {
    for options in [
        off("missing-goal"),
        json!({"soapstone": off("missing-goal")}),
    ] {
        let mut client = with_options(options);
        let rules = Note::open(&mut client, URI, NOTE).rules(&mut client);
        assert!(!has(&rules, "missing-goal") && has(&rules, "missing-diagnosis"));
    }
}

#[test]
fn settings_may_be_asked_for() {
    let mut client = with_settings(off("missing-goal"));
    client.settled();
    let note = Note::open(&mut client, URI, NOTE);
    assert!(!has(&note.rules(&mut client), "missing-goal"));
    // They change; the client says so and is asked again.
    client.settings = Settings::Are(off("missing-diagnosis"));
    client.notify(
        "workspace/didChangeConfiguration",
        json!({"settings": null}),
    );
    let rules = note.rules(&mut client);
    assert!(has(&rules, "missing-goal") && !has(&rules, "missing-diagnosis"));
}

#[test]
fn no_answer_means_the_settings_of_the_start() {
    let mut client = Client::with(Setup {
        options: off("missing-goal"),
        settings: Settings::Are(Value::Null),
        ..Setup::default()
    });
    client.settled();
    let rules = Note::open(&mut client, URI, NOTE).rules(&mut client);
    assert!(!has(&rules, "missing-goal"));
}

#[test]
fn settings_may_be_sent() {
    let mut client = Client::new();
    let note = Note::open(&mut client, URI, NOTE);
    assert!(has(&note.rules(&mut client), "missing-goal"));
    let settings = json!({"soapstone": off("missing-goal")});
    client.notify(
        "workspace/didChangeConfiguration",
        json!({"settings": settings}),
    );
    assert!(!has(&note.rules(&mut client), "missing-goal"));
}

#[test]
fn a_file_holds_over_the_editor_and_is_read_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let deep = folder.path().join("2026 é/11");
    std::fs::create_dir_all(&deep).expect("a folder");
    let file = folder.path().join("soapstone.toml");
    std::fs::write(&file, "[rules]\nmissing-goal = \"off\"\n").expect("a file");
    let mut client = Client::with(Setup {
        options: off("missing-diagnosis"),
        more: json!({"workspace": {
            "didChangeWatchedFiles": {"dynamicRegistration": true},
            "inlayHint": {"refreshSupport": true},
        }}),
        ..Setup::default()
    });
    client.until_asked("client/registerCapability");
    let path = deep.join("note.soap").display().to_string();
    let path = path.replace(' ', "%20").replace('é', "%C3%A9");
    let note = Note::open(&mut client, &format!("file://{path}"), NOTE);
    let rules = note.rules(&mut client);
    assert!(!has(&rules, "missing-goal") && has(&rules, "missing-diagnosis"));
    // A note without a path goes by the editor.
    let other = Note::open(&mut client, URI, NOTE);
    assert!(!has(&other.rules(&mut client), "missing-diagnosis"));

    std::fs::write(&file, "# hm\nrulez = 1\n").expect("a file");
    client.notify("textDocument/didSave", json!({"textDocument": note.id()}));
    let message = client.message();
    assert!(message.contains("soapstone.toml, line 2: "), "{message}");
    assert!(has(&note.rules(&mut client), "missing-goal"));
    client.until_asked("workspace/inlayHint/refresh");
    client.asked.clear();
    // The same problem is not reported twice, nor are the same findings.
    client.notify("textDocument/didSave", json!({"textDocument": note.id()}));
    client.fence();

    std::fs::write(&file, "[rules]\nmissing-goal = \"error\"\n").expect("a file");
    let uri = format!("file://{}", file.display());
    client.notify(
        "workspace/didChangeWatchedFiles",
        json!({"changes": [{"uri": uri, "type": 2}]}),
    );
    let found = note.diagnostics(&mut client);
    assert_eq!(of_rule(&found, "missing-goal")["severity"], 1);
    client.until_asked("workspace/inlayHint/refresh");
}

#[test]
fn problems_of_the_editors_settings_are_shown_once() {
    let mut client = with_options(json!({"rulez": {}}));
    let note = Note::open(&mut client, URI, NOTE);
    assert!(client.message().contains("rulez"));
    note.diagnostics(&mut client);
    let other = Note::open(&mut client, "untitled:2", NOTE);
    other.diagnostics(&mut client);
}
