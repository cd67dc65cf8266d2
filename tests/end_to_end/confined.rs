//! What the language server cannot do, and what it does not do in a whole session: no connection, no file written, no program
//! run, and no word of a note in anything but the answers about it.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::client::{Client, Note, Setup, frame};

const NOTE: &str = "visit: 2026-11-02\n97124 lumbar 10:00-10:07\n";

/// What a server says that it could do of what it must not.
fn could(arguments: &[&'static str]) -> Vec<String> {
    let mut client = Client::with(Setup {
        hooks: true,
        arguments: arguments.to_vec(),
        log: Some("info"),
        ..Setup::default()
    });
    let note = Note::open(
        &mut client,
        "untitled:1",
        &format!("{NOTE}S: hook: escape\n"),
    );
    note.diagnostics(&mut client);
    let log = client.end();
    let tries: Vec<&str> = log
        .lines()
        .filter_map(|line| Some(line.split_once("could ")?.1))
        .collect();
    assert_eq!(tries.len(), 6, "{log}");
    if log.contains("this system ") {
        eprintln!("this system has not all of the sandbox: {log}");
        std::process::exit(0);
    }
    let done = tries.iter().filter_map(|line| line.strip_suffix(": true"));
    done.map(str::to_owned).collect()
}

/// Without the sandbox the same attempts succeed: else they would prove nothing.
#[cfg(target_os = "linux")]
#[test]
fn a_server_can_neither_write_nor_connect_nor_run_a_program() {
    if !cfg!(debug_assertions) {
        return;
    }
    let all = ["write", "make a folder", "listen", "send", "connect", "run"];
    assert_eq!(could(&["--no-sandbox"]), all);
    assert_eq!(could(&[]), [""; 0]);
}

/// Every question that an editor asks about a note.
fn questions(uri: &str) -> Vec<Value> {
    let note = json!({"uri": uri});
    let at = json!({"line": 1, "character": 2});
    let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 4, "character": 0}});
    let place = json!({"textDocument": note, "position": at});
    let whole = json!({"textDocument": note});
    let part = json!({"textDocument": note, "range": range});
    let options = json!({"tabSize": 2, "insertSpaces": true});
    let format = json!({"textDocument": note, "options": options});
    let asked = [
        ("textDocument/hover", place.clone()),
        ("textDocument/completion", place.clone()),
        ("textDocument/definition", place.clone()),
        ("textDocument/documentHighlight", place.clone()),
        ("textDocument/prepareRename", place),
        ("textDocument/inlayHint", part.clone()),
        ("textDocument/documentSymbol", whole.clone()),
        ("textDocument/foldingRange", whole.clone()),
        ("textDocument/codeLens", whole.clone()),
        ("textDocument/documentLink", whole.clone()),
        ("textDocument/formatting", format),
        (
            "textDocument/codeAction",
            json!({"textDocument": note, "range": range, "context": {"diagnostics": []}}),
        ),
        ("textDocument/semanticTokens/full", whole.clone()),
        ("textDocument/semanticTokens/range", part),
        ("workspace/symbol", json!({"query": "97124"})),
        ("soapstone/claim", whole),
        ("soapstone/rules", json!({})),
        ("soapstone/payers", json!({})),
        ("soapstone/import", json!({"text": "97124 massage 20 min"})),
    ];
    let asked = asked.into_iter().enumerate();
    let asked = asked.map(|(id, (method, params))| json!({"jsonrpc": "2.0", "id": id + 100, "method": method, "params": params}));
    asked.collect()
}

/// A whole session as bytes.
fn session(folder: &Path) -> Vec<u8> {
    let uri = format!("file://{}/1.soap", folder.display());
    let tell =
        |method: &str, params: Value| json!({"jsonrpc": "2.0", "method": method, "params": params});
    let root = json!([{"uri": format!("file://{}", folder.display()), "name": "charts"}]);
    let tokens = json!({"requests": {"full": true, "range": true}, "tokenTypes": [], "tokenModifiers": [], "formats": []});
    let start = json!({"processId": null, "rootUri": null, "workspaceFolders": root, "capabilities": {"textDocument": {"semanticTokens": tokens}}});
    let place = json!({"line": 2, "character": 0});
    let change = json!([{"range": {"start": place, "end": place}, "text": "S: better\n"}]);
    let mut messages = vec![
        json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": start}),
        tell("initialized", json!({})),
        tell(
            "textDocument/didOpen",
            json!({"textDocument": {"uri": uri, "languageId": "soap", "version": 1, "text": NOTE}}),
        ),
        tell(
            "textDocument/didChange",
            json!({"textDocument": {"uri": uri, "version": 2}, "contentChanges": change}),
        ),
    ];
    messages.extend(questions(&uri));
    messages.extend([
        tell(
            "textDocument/didSave",
            json!({"textDocument": {"uri": uri}}),
        ),
        tell(
            "textDocument/didClose",
            json!({"textDocument": {"uri": uri}}),
        ),
        json!({"jsonrpc": "2.0", "id": 2, "method": "shutdown"}),
        tell("exit", Value::Null),
    ]);
    messages.iter().flat_map(frame).collect()
}

#[cfg(target_os = "linux")]
#[test]
fn a_whole_session_opens_no_socket_writes_no_file_and_runs_nothing() {
    if Command::new("strace")
        .arg("-V")
        .stdout(Stdio::null())
        .status()
        .is_err()
    {
        return eprintln!("skipped: there is no strace here to watch the server by");
    }
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["1.soap", "2.soap"] {
        std::fs::write(folder.path().join(name), NOTE).expect("written");
    }
    std::fs::write(
        folder.path().join("soapstone.toml"),
        "payer = \"medicare\"\n",
    )
    .expect("written");
    let elsewhere = tempfile::tempdir().expect("a folder");
    let (input, calls) = (
        elsewhere.path().join("session"),
        elsewhere.path().join("calls"),
    );
    std::fs::write(&input, session(folder.path())).expect("written");
    // With the sandbox nothing could be done; what counts is that it is not even tried.
    let watched = Command::new("strace")
        .args([
            "-f",
            "-qq",
            "-e",
            "trace=%network,%file,%process,io_uring_setup,ftruncate",
            "-o",
        ])
        .arg(&calls)
        .arg(env!("CARGO_BIN_EXE_soapstone"))
        .args(["lsp", "--no-sandbox"])
        .stdin(std::fs::File::open(&input).expect("the session"))
        .output()
        .expect("strace runs");
    let calls = std::fs::read_to_string(&calls).expect("what it saw");
    if !watched.status.success() {
        let why = String::from_utf8_lossy(&watched.stderr);
        assert!(!calls.contains("execve("), "the server failed: {why}");
        return eprintln!("skipped: strace may not watch a program here: {why}");
    }
    let answers = String::from_utf8_lossy(&watched.stdout);
    for id in (100..119).chain([1, 2]) {
        assert!(
            answers.contains(&format!("\"id\":{id}}}"))
                || answers.contains(&format!("\"id\":{id},")),
            "{id} has no answer"
        );
    }
    let is_write = |call: &str| {
        let opens = call.contains("open");
        opens
            && ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC"]
                .iter()
                .any(|flag| call.contains(flag))
            || [
                "rename", "unlink", "mkdir", "mknod", "link(", "linkat", "symlink", "truncate",
                "chmod", "chown", "utime", "creat(", "rmdir", "setxattr",
            ]
            .iter()
            .any(|name| call.contains(name) && !call.contains("readlink"))
    };
    let is_network = |call: &str| {
        [
            "socket", "connect(", "bind(", "sendto(", "sendmsg(", "listen(", "io_uring",
        ]
        .iter()
        .any(|name| call.contains(name))
    };
    let runs = calls.lines().filter(|call| call.contains("execve")).count();
    assert_eq!(runs, 1, "the server itself, and nothing else");
    for call in calls.lines() {
        // The memory allocator and the runtime ask the system about itself, and write nothing.
        assert!(!is_write(call) && !is_network(call), "{call}");
    }
}

/// Whatever level the log has, whatever fails, and whatever the server says without being asked.
#[test]
fn no_word_of_a_note_is_in_the_log_or_in_what_nobody_asked_for() {
    const WORD: &str = "zyxwcanary";
    let folder = tempfile::tempdir().expect("a folder");
    let note = format!(
        "patient: {WORD}\nprovider: {WORD}, LMT\ngoal 1: {WORD} 60 minutes\n\nvisit: 2026-11-02\nS: {WORD} 555-234-5678\n97124 lumbar {WORD} 10:00-10:07\n  response: {WORD}\nA: {WORD}\nsigned: {WORD} 2026-11-02\n"
    );
    // Enough of them that the client is shown how far it is.
    for number in 0..250 {
        std::fs::write(folder.path().join(format!("{number}.soap")), &note).expect("written");
    }
    let settings = format!("payer = \"medicare\"\nunknown = \"{WORD}\"\n");
    std::fs::write(folder.path().join("soapstone.toml"), settings).expect("written");
    for level in ["error", "debug", "trace"] {
        let mut client = Client::with(Setup {
            hooks: true,
            log: Some(level),
            folders: vec![folder.path().to_owned()],
            more: json!({"window": {"workDoneProgress": true}}),
            ..Setup::default()
        });
        let uri = format!("file://{}/1.soap", folder.path().display());
        let fails = format!("file://{}/2.soap", folder.path().display());
        let mut open = Note::open(&mut client, &uri, &note);
        Note::open(&mut client, &fails, &format!("{note}S: hook: fail\n"));
        open.type_end(&mut client, WORD);
        for question in questions(&uri) {
            let method = question["method"].as_str().expect("a method");
            let id = client.ask(method, question["params"].clone());
            let answer = client.answer(&json!(id));
            if method == "textDocument/hover" {
                let answer = answer.expect("an answer").to_string();
                assert!(!answer.contains(WORD), "{answer}");
            }
        }
        // Changes that are none, and a message that is none.
        for text in [json!(WORD), json!({"text": WORD, "range": WORD})] {
            let params =
                json!({"textDocument": {"uri": uri, "version": 99}, "contentChanges": [text]});
            client.notify("textDocument/didChange", params);
        }
        let body = format!("{{\"method\":\"{WORD}\"");
        client.write(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
        assert!(client.answer(&Value::Null).is_err());
        client.fence();
        let said = client.all_unread();
        for method in [
            "textDocument/publishDiagnostics",
            "window/showMessage",
            "$/progress",
        ] {
            assert!(
                said.iter().any(|m| m["method"] == method),
                "{level}: nothing of {method}"
            );
        }
        for message in said {
            assert!(!message.to_string().contains(WORD), "{level}: {message}");
        }
        let log = client.end();
        assert!(!log.contains(WORD), "{level}: {log}");
    }
}
