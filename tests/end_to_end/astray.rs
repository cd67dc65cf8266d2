//! Messages that are none, changes that do not fit, and clients that go without a word: the server answers as the protocol
//! says and goes on, says nothing of a text that it does not know, and ends when nobody is there.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::{Client, DEADLINE, Note, Settings, Setup, frame, names, of_rule};

const URI: &str = "file:///charts/1.soap";
const NOTE: &str = "visit: 2026-11-02\n97124 lumbar 10:00-10:07\n";

fn with_header(header: &str, body: &[u8]) -> Vec<u8> {
    let mut bytes = format!("{header}{}\r\n\r\n", body.len()).into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// The error that bytes are answered with, whatever its identifier.
fn error(client: &mut Client, bytes: &[u8], id: &Value) -> Value {
    client.write(bytes);
    client.answer(id).expect_err("an error")["code"].clone()
}

#[test]
fn a_message_that_is_none_is_answered_and_the_next_one_is_read() {
    let mut client = Client::new();
    let framed = |body: &[u8]| with_header("Content-Length: ", body);
    let unreadable: [&[u8]; 4] = [
        b"{",
        b"",
        b"{\"jsonrpc\":\"2.0\",\"method\":\"\xff\"}",
        b"not JSON",
    ];
    for body in unreadable {
        assert_eq!(error(&mut client, &framed(body), &Value::Null), -32700);
        client.fence();
    }
    let ping = r#"{"jsonrpc":"2.0","id":7,"method":"shutdown"}"#;
    let batch = format!("[{ping}]");
    let fraction = ping.replace('7', "7.5");
    for body in [
        &batch,
        &fraction,
        "[]",
        "1",
        r#"{"jsonrpc":"2.0","id":null,"method":1}"#,
    ] {
        assert_eq!(
            error(&mut client, &framed(body.as_bytes()), &Value::Null),
            -32600
        );
        client.fence();
    }
    // An identifier that can be one is given back.
    let old = r#"{"jsonrpc":"1.0","id":"old","method":"x"}"#;
    assert_eq!(
        error(&mut client, &framed(old.as_bytes()), &json!("old")),
        -32600
    );
    for header in [
        "Content-Length: -1\r\n\r\n",
        "Content-Length: 1e9\r\n\r\n",
        "Hello: you\r\n\r\n",
    ] {
        assert_eq!(error(&mut client, header.as_bytes(), &Value::Null), -32700);
        client.fence();
    }
    // The name of a header has capitals or not, and there may be others.
    let body = br#"{"jsonrpc":"2.0","id":8,"method":"unheardOf"}"#;
    for header in [
        "content-length:",
        "A: 1\r\nB: 2\r\nContent-Type: x\r\nCONTENT-LENGTH:   ",
    ] {
        assert_eq!(
            error(&mut client, &with_header(header, body), &json!(8)),
            -32601
        );
    }
    // An answer is not answered.
    client.write(&framed(br#"{"jsonrpc":"2.0","id":1.5,"result":null}"#));
    client.fence();
    assert!(
        Note::open(&mut client, URI, NOTE)
            .rules(&mut client)
            .contains(&"under-eight-minutes".to_owned())
    );
    let log = client.end();
    assert!(
        log.contains("could not be understood") && !log.contains("97124"),
        "{log}"
    );
}

#[test]
fn a_message_that_is_none_before_the_start_is_answered_as_well() {
    let mut client = Client::spawn([]);
    assert_eq!(
        error(
            &mut client,
            &with_header("Content-Length: ", b"{"),
            &Value::Null
        ),
        -32700
    );
    client.request("initialize", json!({"capabilities": {}}));
}

#[test]
fn half_a_character_counts_as_one_and_what_stands_behind_it_stays_in_its_place() {
    let mut client = Client::new();
    // Rust has no such strings, so that the messages are written by hand.
    let text = r"visit: 2026-11-02\nS: \ud83d x\n97124 lumbar 10:00-10:07\n";
    let open = format!(
        r#"{{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{{"textDocument":{{"uri":"{URI}","languageId":"soap","version":1,"text":"{text}"}}}}}}"#
    );
    client.write(&with_header("Content-Length: ", open.as_bytes()));
    let found = client.diagnostics(URI, 1);
    assert!(names(&found).contains(&"under-eight-minutes".to_owned()));
    // The other half, and a key at the end of the line behind both.
    let change = |version: i64, character: i64, text: &str| {
        let place = format!(r#"{{"line":1,"character":{character}}}"#);
        format!(
            r#"{{"jsonrpc":"2.0","method":"textDocument/didChange","params":{{"textDocument":{{"uri":"{URI}","version":{version}}},"contentChanges":[{{"range":{{"start":{place},"end":{place}}},"text":"{text}"}}]}}}}"#
        )
    };
    for message in [
        change(2, 4, r"\ude00"),
        change(3, 7, r"\n97124 arm 11:00-11:07"),
    ] {
        client.write(&with_header("Content-Length: ", message.as_bytes()));
    }
    let found = client.diagnostics(URI, 3);
    let twice = of_rule(&found, "duplicate-code");
    assert_eq!(twice["range"]["start"], json!({"line": 3, "character": 0}));
    client.notify(
        "textDocument/didClose",
        json!({"textDocument": {"uri": URI}}),
    );
    client.published(URI);
}

/// What is published of a note that is not known: why, and nothing else.
fn why(diagnostics: &[Value]) -> &str {
    assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
    assert!(diagnostics[0].get("code").is_none(), "{diagnostics:?}");
    diagnostics[0]["message"].as_str().expect("a sentence")
}

#[test]
fn after_a_change_that_does_not_fit_nothing_is_said_until_the_text_is_known_again() {
    let range = |a: i64, b: i64| json!({"start": {"line": a, "character": 0}, "end": {"line": b, "character": 0}});
    let changes = |range: Value| json!([{"range": range, "text": "secretword"}]);
    let whole = json!([{"text": "secretword"}]);
    for pulls in [false, true] {
        for (version, changes) in [
            (json!(2), changes(range(1, 0))),
            (json!(2), changes(range(-1, 0))),
            (json!(2), changes(json!("here"))),
            (json!(2), json!("no list")),
            (Value::Null, whole.clone()),
            (json!(1.5), whole.clone()),
            (json!(0), whole.clone()),
        ] {
            let mut client = Client::with(Setup {
                pulls,
                ..Setup::default()
            });
            let mut note = Note::open(&mut client, URI, NOTE);
            let before = note.diagnostics(&mut client);
            let document = json!({"uri": URI, "version": version});
            let params = json!({"textDocument": document, "contentChanges": changes});
            client.notify("textDocument/didChange", params);
            let sentence = client.message();
            assert!(sentence.contains("lost track"), "{sentence}");
            let shown = client.diagnostics(URI, 1);
            assert_eq!(why(&shown), sentence);
            // What is typed meanwhile is not taken for a change to another text, and no question is answered.
            note.type_end(&mut client, "97124 arm 11:00-11:07\n");
            let hover = json!({"textDocument": note.id(), "position": note.position(20)});
            assert_eq!(client.request("textDocument/hover", hover), Value::Null);
            let format =
                json!({"textDocument": note.id(), "options": {"tabSize": 2, "insertSpaces": true}});
            assert_eq!(
                client.request("textDocument/formatting", format),
                Value::Null
            );
            // Saved, it is known again.
            client.notify(
                "textDocument/didSave",
                json!({"textDocument": note.id(), "text": note.text}),
            );
            let after = note.diagnostics(&mut client);
            let is_twice = |found: &[Value]| names(found).contains(&"duplicate-code".to_owned());
            assert!(!is_twice(&before) && is_twice(&after));
            note.type_end(&mut client, "A: x\n");
            assert!(is_twice(&note.diagnostics(&mut client)));
            let log = client.end();
            assert!(!log.contains("secret"), "{log}");
        }
    }
}

#[test]
fn a_new_text_of_the_whole_note_will_do_as_well_and_so_will_opening_it_again() {
    let mut client = Client::new();
    let mut note = Note::open(&mut client, URI, "");
    let mut other = Note::open(&mut client, "untitled:other", NOTE);
    let other_before = other.rules(&mut client);
    note.diagnostics(&mut client);
    let lose = |client: &mut Client| {
        client.notify(
            "textDocument/didChange",
            json!({"textDocument": {"uri": URI}}),
        );
        client.message();
        assert!(why(&client.diagnostics(URI, 1)).contains("lost track"));
    };
    lose(&mut client);
    note.text = NOTE.to_owned();
    note.change(&mut client, json!([{"text": NOTE}]));
    assert_eq!(note.rules(&mut client), other_before);
    note.close(&mut client);
    client.published(URI);
    let note = Note::open(&mut client, URI, "");
    note.diagnostics(&mut client);
    lose(&mut client);
    note.close(&mut client);
    client.published(URI);
    assert_eq!(
        Note::open(&mut client, URI, NOTE).rules(&mut client),
        other_before
    );
    // Nothing of this was about the other note; a change that names no note may be about any.
    other.type_end(&mut client, "S: x\n");
    assert!(!other.rules(&mut client).is_empty());
    client.write(&with_header(
        "Content-Length: ",
        br#"{"method":"textDocument/didChange""#,
    ));
    assert!(client.answer(&Value::Null).is_err());
    for uri in [URI, "untitled:other"] {
        client.message();
        let shown = client.published(uri);
        assert!(why(shown["diagnostics"].as_array().expect("a list")).contains("lost track"));
    }
}

#[test]
fn a_client_that_says_what_it_can_do_in_a_way_of_its_own_is_served() {
    let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}});
    for (more, has_tokens) in [
        (
            json!({"textDocument": {"semanticTokens": {"requests": {"full": true}}}}),
            true,
        ),
        (
            json!({"textDocument": {"semanticTokens": {"requests": {"full": true}, "formats": "x", "tokenTypes": []}}}),
            false,
        ),
        (
            json!({"textDocument": {"hover": 1, "semanticTokens": {}}}),
            true,
        ),
        (
            json!({"workspace": 7, "window": {"workDoneProgress": "yes"}}),
            false,
        ),
    ] {
        let mut client = Client::with(Setup {
            settings: Settings::None,
            more: more.clone(),
            ..Setup::default()
        });
        let provider = &client.server["capabilities"]["semanticTokensProvider"];
        assert_eq!(provider.is_object(), has_tokens, "{more}");
        let note = Note::open(&mut client, URI, NOTE);
        assert!(!note.diagnostics(&mut client).is_empty());
        if has_tokens {
            let params = json!({"textDocument": note.id(), "range": range});
            assert!(
                client
                    .request("textDocument/semanticTokens/full", params)
                    .is_object()
            );
        }
    }
}

fn server(stdout: Stdio) -> std::process::Child {
    Command::new(env!("CARGO_BIN_EXE_soapstone"))
        .arg("lsp")
        .stdin(Stdio::piped())
        .stdout(stdout)
        .stderr(Stdio::null())
        .spawn()
        .expect("the server starts")
}

fn ends(mut child: std::process::Child) -> Option<i32> {
    let end = Instant::now() + DEADLINE;
    loop {
        if let Some(status) = child.try_wait().expect("a child") {
            return status.code();
        }
        if Instant::now() > end {
            let _ = child.kill();
            let _ = child.wait();
            panic!("the server does not end");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn it_ends_with_its_input_though_thousands_of_its_answers_are_unread() {
    let mut child = server(Stdio::piped());
    let mut stdin = child.stdin.take().expect("a pipe");
    let mut bytes = frame(
        &json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {"capabilities": {}}}),
    );
    // More answers than there are places to work on one, and far more than a pipe holds.
    for id in 1..6000 {
        bytes.extend(frame(
            &json!({"jsonrpc": "2.0", "id": id, "method": "soapstone/rules"}),
        ));
    }
    stdin
        .write_all(&bytes)
        .expect("the server reads on though no one reads it");
    drop(stdin);
    assert_eq!(ends(child), Some(1));
}

#[cfg(unix)]
#[test]
fn it_ends_with_the_process_of_its_client_though_somebody_else_holds_its_input() {
    let mut editor = Command::new("sleep").arg("60").spawn().expect("a process");
    let mut child = server(Stdio::piped());
    let mut stdin = child.stdin.take().expect("a pipe");
    let mut stdout = std::io::BufReader::new(child.stdout.take().expect("a pipe"));
    let params = json!({"processId": editor.id(), "capabilities": {}});
    let initialize = json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params});
    stdin.write_all(&frame(&initialize)).expect("written");
    assert!(crate::client::read(&mut stdout).is_some(), "an answer");
    assert!(child.try_wait().expect("a child").is_none());
    editor.kill().expect("killed");
    editor.wait().expect("gone");
    assert_eq!(ends(child), Some(1));
    drop(stdin);
}
