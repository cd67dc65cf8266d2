//! The log: loud enough to help, and never with anything of a note in it.

use std::fs::File;
use std::io::Read as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::client::{Client, DEADLINE, Note, Setup, frame};

const NOTE: &str = "patient: secretword\nvisit: 2026-11-02\n97124 lumbar 10:00-10:07\n";

/// The levels in the log of a session in which a note is judged and a change is none.
fn levels(level: Option<&'static str>) -> Vec<&'static str> {
    let mut client = Client::with(Setup {
        log: level,
        ..Setup::default()
    });
    let note = Note::open(&mut client, "file:///charts/secretname.soap", NOTE);
    note.diagnostics(&mut client);
    let document = json!({"uri": "untitled:secretname", "version": 1});
    let changes = json!([{"text": "secretword"}]);
    client.notify(
        "textDocument/didChange",
        json!({"textDocument": document, "contentChanges": changes}),
    );
    let log = client.end();
    assert!(!log.contains("secret") && !log.contains("97124"), "{log}");
    assert_eq!(log.contains("judged version 1 in "), log.contains("DEBUG"));
    let levels = ["WARN", "INFO", "DEBUG", "TRACE"].into_iter();
    levels.filter(|level| log.contains(level)).collect()
}

#[test]
fn the_level_is_the_readers_choice() {
    assert_eq!(levels(None), ["WARN"]);
    assert_eq!(levels(Some("no such level")), ["WARN"]);
    assert_eq!(levels(Some("error")), [""; 0]);
    assert_eq!(levels(Some("info")), ["WARN", "INFO"]);
    assert_eq!(levels(Some("debug")), ["WARN", "INFO", "DEBUG"]);
    // The framework would write down whole messages.
    assert_eq!(levels(Some("trace")), ["WARN", "INFO", "DEBUG"]);
}

#[test]
fn a_client_that_does_not_read_the_log_is_served() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("session");
    let document = json!({"uri": "untitled:secretname", "version": 1});
    let change = json!({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {
        "textDocument": document, "contentChanges": [{"text": "secretword"}],
    }});
    let mut session = vec![
        json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}),
    ];
    session.extend(vec![change; 3000]);
    session.push(json!({"jsonrpc": "2.0", "id": 2, "method": "shutdown"}));
    session.push(json!({"jsonrpc": "2.0", "method": "exit"}));
    let bytes: Vec<u8> = session.iter().flat_map(frame).collect();
    std::fs::write(&file, bytes).expect("written");
    let mut server = Command::new(env!("CARGO_BIN_EXE_soapstone"))
        .arg("lsp")
        .env_remove("SOAPSTONE_LOG")
        .stdin(File::open(&file).expect("the session"))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the server starts");
    let end = Instant::now() + DEADLINE;
    while server.try_wait().expect("a child").is_none() {
        if Instant::now() > end {
            let _ = server.kill();
            panic!("the server waits for someone to read its log");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let mut log = String::new();
    let mut stderr = server.stderr.take().expect("a pipe");
    stderr.read_to_string(&mut log).expect("a log");
    assert!(log.len() < 1 << 16, "{}", log.len());
    assert!(log.ends_with("nothing more is logged\n"), "{log}");
}
