//! What has gone wrong in servers built on this framework, each with a test that it does not here.
//! The numbers are those of `docs/decisions/tower-lsp.md`.

use std::io::Write as _;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::{Client, DEADLINE, Note, Settings, Setup, frame, names};

const URI: &str = "untitled:Untitled-1";
const NOTE: &str = "visit: 2026-11-02\n97124 lumbar 10:00-10:07\n";

/// The test hooks are in debug builds only.
const HOOKS: bool = cfg!(debug_assertions);

fn with_hooks() -> Client {
    Client::with(Setup {
        hooks: true,
        ..Setup::default()
    })
}

fn hover(note: &Note) -> Value {
    let at = note.text.find("97124").expect("a code");
    json!({"textDocument": note.id(), "position": note.position(at)})
}

/// The `didChange` that types one character at the end of a line.
fn key(version: usize, line: usize, character: usize, text: &str) -> Value {
    let at = json!({"line": line, "character": character});
    json!({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {
        "textDocument": {"uri": URI, "version": version},
        "contentChanges": [{"range": {"start": at, "end": at}, "text": text}],
    }})
}

#[test]
fn d1_five_thousand_edits_stay_in_order() {
    let mut client = Client::new();
    let mut note = Note::open(&mut client, URI, "visit: 2026-11-02\n");
    note.diagnostics(&mut client);
    // Each key goes to the end of what was typed so far: in any other order the text is another.
    let line = "97124 lumbar 10:00-10:07";
    let visit = format!("S: {}\nvisit: 2026-11-03\n", "x".repeat(200));
    let typed = visit.repeat(23) + line;
    assert!(typed.len() > 5000);
    let mut burst = Vec::new();
    let (mut row, mut column) = (1, 0);
    for (index, c) in typed.chars().enumerate() {
        burst.extend(frame(&key(index + 2, row, column, &c.to_string())));
        (row, column) = if c == '\n' {
            (row + 1, 0)
        } else {
            (row, column + 1)
        };
    }
    client.write(&burst);
    // A question sees the text as it stood when it was asked.
    note.text.push_str(&typed);
    note.version = 1 + i64::try_from(typed.len()).expect("a version");
    let answer = client.request("textDocument/hover", hover(&note));
    assert_eq!(note.at(&answer["range"]), "97124");
    let found = note.diagnostics(&mut client);
    let mut other = Client::new();
    let fresh = Note::open(&mut other, URI, &note.text).diagnostics(&mut other);
    assert_eq!(found, fresh);
    assert!(names(&found).contains(&"under-eight-minutes".to_owned()));
}

#[test]
fn d2_a_client_that_never_sends_its_settings() {
    let mut client = Client::with(Setup {
        settings: Settings::Silence,
        ..Setup::default()
    });
    let mut note = Note::open(&mut client, URI, NOTE);
    for _ in 0..300 {
        client.notify(
            "workspace/didChangeConfiguration",
            json!({"settings": null}),
        );
        note.type_end(&mut client, "x");
    }
    assert!(!note.diagnostics(&mut client).is_empty());
    assert!(client.asked.len() <= 301);
    let asked = client.asked.len();
    assert!(asked > 0);
}

#[test]
fn d3_a_question_can_be_taken_back() {
    let mut client = with_hooks();
    let note = Note::open(&mut client, URI, &format!("{NOTE}S: hook: slow\n"));
    let start = Instant::now();
    let ids: Vec<i64> = (0..20)
        .map(|_| client.ask("textDocument/hover", hover(&note)))
        .collect();
    client.notify("$/cancelRequest", json!({"id": ids[19]}));
    let answer = client.reply(ids[19]);
    if HOOKS {
        assert_eq!(answer.unwrap_err()["code"], -32800);
        assert!(
            start.elapsed() < Duration::from_millis(900),
            "{:?}",
            start.elapsed()
        );
    }
    for id in &ids[..19] {
        assert!(client.reply(*id).is_ok());
    }
    note.diagnostics(&mut client);
}

#[test]
fn d4_work_on_one_note_does_not_hold_up_another() {
    let mut client = with_hooks();
    let stuck = format!("{NOTE}S: hook: stuck\n");
    let stuck = Note::open(&mut client, "untitled:stuck", &stuck);
    let question = client.ask("textDocument/hover", hover(&stuck));
    let note = Note::open(&mut client, URI, NOTE);
    let start = Instant::now();
    assert!(
        client
            .request("textDocument/hover", hover(&note))
            .is_object()
    );
    if HOOKS {
        let took = start.elapsed();
        assert!(took < Duration::from_secs(12), "{took:?}");
    }
    note.diagnostics(&mut client);
    if !HOOKS {
        client.reply(question).expect("an answer");
        stuck.diagnostics(&mut client);
    }
}

#[test]
fn d4_what_was_found_in_one_note_does_not_wait_for_another() {
    if !HOOKS {
        return;
    }
    let mut client = with_hooks();
    let stuck = format!("{NOTE}S: hook: stuck\n");
    Note::open(&mut client, "untitled:stuck", &stuck);
    let note = Note::open(&mut client, URI, NOTE);
    assert!(!note.diagnostics(&mut client).is_empty());
    assert!(!client.has_unread("untitled:stuck"), "it takes longer");
}

#[test]
fn d4_a_note_is_judged_once_for_all_who_ask() {
    let mut client = Client::with(Setup {
        hooks: true,
        log: Some("debug"),
        ..Setup::default()
    });
    let mut note = Note::open(&mut client, URI, &format!("{NOTE}S: hook: slow\n"));
    let ids: Vec<i64> = (0..200)
        .map(|_| client.ask("textDocument/hover", hover(&note)))
        .collect();
    for id in ids {
        assert!(client.reply(id).expect("an answer").is_object());
    }
    // Of what is typed meanwhile, only the newest text is.
    note.type_end(&mut client, "A: better\nP: weekly\n");
    note.diagnostics(&mut client);
    let log = client.end();
    let judged = |version: &str| {
        log.matches(&format!("judged version {version} in "))
            .count()
    };
    assert_eq!(judged("1"), 1, "{log}");
    assert!(log.matches("judged version ").count() <= 8, "{log}");
}

#[test]
fn d5_a_failure_on_one_note_does_not_touch_another() {
    if !HOOKS {
        return;
    }
    let mut client = with_hooks();
    let mut bad = Note::open(
        &mut client,
        "untitled:bad",
        &format!("{NOTE}S: hook: fail secret\n"),
    );
    assert!(bad.diagnostics(&mut client).is_empty());
    assert!(client.message().contains("failed on this note"));
    assert_eq!(
        client.request("textDocument/hover", hover(&bad)),
        Value::Null
    );
    let note = Note::open(&mut client, URI, NOTE);
    assert!(!note.diagnostics(&mut client).is_empty());
    // It fails on, which is not reported again.
    bad.type_end(&mut client, "xyz");
    assert!(bad.diagnostics(&mut client).is_empty());
    // The note that failed is well again as soon as its text is.
    let at = bad.text.find("fail").expect("the hook");
    bad.replace(&mut client, at, at + 4, "well");
    assert!(!bad.diagnostics(&mut client).is_empty());
    let log = client.end();
    assert!(
        log.contains("internal error at ") && !log.contains("secret"),
        "{log}"
    );
}

#[test]
fn d6_answers_that_no_one_waits_for() {
    let mut client = Client::new();
    for id in [json!(0), json!(99), json!("x"), json!(99)] {
        client.write(&frame(
            &json!({"jsonrpc": "2.0", "id": id, "result": [null]}),
        ));
    }
    client.fence();
}

#[test]
fn d7_exit_ends_it_though_the_input_stays_open() {
    let mut client = Client::new();
    let id = client.ask("shutdown", Value::Null);
    client.reply(id).expect("an answer");
    // More follows in the same breath.
    let mut bytes = frame(&json!({"jsonrpc": "2.0", "method": "exit"}));
    bytes.extend(frame(
        &json!({"jsonrpc": "2.0", "method": "initialized", "params": {}}),
    ));
    client.write(&bytes);
    assert_eq!(client.wait_exit().0, Some(0));
}

#[test]
fn d7_shutdown_is_answered_though_exit_follows_at_once() {
    let mut client = Client::new();
    let mut bytes = frame(&json!({"jsonrpc": "2.0", "id": 500, "method": "shutdown"}));
    bytes.extend(frame(&json!({"jsonrpc": "2.0", "method": "exit"})));
    client.write(&bytes);
    assert_eq!(client.reply(500), Ok(Value::Null));
    assert_eq!(client.wait_exit().0, Some(0));
}

#[test]
fn d8_exit_without_shutdown_is_an_error() {
    let mut client = Client::new();
    client.notify("exit", Value::Null);
    assert_eq!(client.wait_exit().0, Some(1));
    let mut client = Client::spawn([]);
    client.notify("exit", Value::Null);
    assert_eq!(client.wait_exit().0, Some(1));
}

#[test]
fn d9_it_ends_when_the_client_is_gone() {
    // Whatever it waits for: settings, a slow note, nothing, the first message.
    for (settings, slow) in [(Settings::Silence, false), (Settings::None, true)] {
        let mut client = Client::with(Setup {
            settings,
            hooks: true,
            ..Setup::default()
        });
        let hook = if slow { "S: hook: slow\n" } else { "" };
        let note = Note::open(&mut client, URI, &format!("{NOTE}{hook}"));
        client.ask("textDocument/hover", hover(&note));
        let start = Instant::now();
        client.close_stdin();
        assert_eq!(client.wait_exit().0, Some(1));
        assert!(
            start.elapsed() < Duration::from_secs(5),
            "{:?}",
            start.elapsed()
        );
    }
    let mut client = Client::spawn([]);
    client.close_stdin();
    assert_eq!(client.wait_exit().0, Some(1));
}

#[test]
fn d10_a_client_that_does_not_read() {
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_soapstone"))
        .arg("lsp")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the server starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let open = json!({"uri": URI, "languageId": "soap", "version": 1, "text": NOTE});
    let mut bytes = Vec::new();
    for message in [
        json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}),
        json!({"jsonrpc": "2.0", "method": "initialized", "params": {}}),
        json!({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": open}}),
    ] {
        bytes.extend(frame(&message));
    }
    // Far more than the pipes hold, in both directions, and slowly enough that each round of edits
    // has its diagnostics made.
    let (done, written) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut version = 1;
        for round in 0..400 {
            for _ in 0..20 {
                version += 1;
                bytes.extend(frame(&key(version, 1, 24, " ")));
            }
            if stdin.write_all(&bytes).is_err() {
                return;
            }
            bytes.clear();
            if round % 4 == 0 {
                std::thread::sleep(Duration::from_millis(3));
            }
        }
        let _ = done.send(stdin);
    });
    let stdin = written.recv_timeout(DEADLINE);
    if stdin.is_err() {
        let _ = child.kill();
    }
    drop(stdin.expect("the server reads on though no one reads it"));
    // It ends even now, with its output stuck.
    let end = Instant::now() + DEADLINE;
    let status = loop {
        if let Some(status) = child.try_wait().expect("a child") {
            break status;
        }
        if Instant::now() > end {
            let _ = child.kill();
            panic!("the server does not end");
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    assert_eq!(status.code(), Some(1));
}

#[test]
fn d11_no_stale_diagnostics() {
    // Versions come in order and the last one is the text's; the client checks the order.
    let mut client = Client::new();
    let mut note = Note::open(&mut client, URI, NOTE);
    for round in 0..40 {
        let minutes = if round % 2 == 0 { "30" } else { "07" };
        let at = note.text.find("-10:").expect("a time") + 4;
        note.replace(&mut client, at, at + 2, minutes);
        if round % 5 == 0 {
            std::thread::sleep(Duration::from_millis(2));
        }
    }
    let found = note.diagnostics(&mut client);
    assert!(names(&found).contains(&"under-eight-minutes".to_owned()));
    let end = note.text.len();
    note.replace(&mut client, 0, end, "");
    assert!(note.diagnostics(&mut client).is_empty());
    note.close(&mut client);
    assert_eq!(client.published(URI)["diagnostics"], json!([]));
}
