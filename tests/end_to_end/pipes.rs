//! Whatever kind of pipe lies between an editor and the server.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use crate::client::{DEADLINE, frame, read};

const URI: &str = "file:///charts/1.soap";

/// A server that is ended when it takes too long, so that whoever reads from it goes on.
struct Server {
    child: Arc<Mutex<Child>>,
}

impl Server {
    fn new(stdin: impl Into<Stdio>, stdout: impl Into<Stdio>) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_soapstone"))
            .arg("lsp")
            .stdin(stdin)
            .stdout(stdout)
            .stderr(Stdio::null())
            .spawn()
            .expect("the server starts");
        let child = Arc::new(Mutex::new(child));
        let watched = Arc::downgrade(&child);
        std::thread::spawn(move || {
            std::thread::sleep(DEADLINE);
            if let Some(child) = watched.upgrade() {
                let _ = child.lock().expect("a child").kill();
            }
        });
        Self { child }
    }

    /// The exit code, once it has ended.
    fn ended(self) -> Option<i32> {
        loop {
            let status = self.child.lock().expect("a child").try_wait();
            if let Some(status) = status.expect("a child") {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let mut child = self.child.lock().expect("a child");
        let _ = child.kill();
        let _ = child.wait();
    }
}

fn initialize() -> Vec<u8> {
    frame(
        &json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}),
    )
}

fn shake_hands(input: &mut impl Write, output: &mut impl BufRead) {
    input.write_all(&initialize()).expect("written");
    read_until(output, |m| m["id"] == 1 && m["result"].is_object());
    let initialized = json!({"jsonrpc": "2.0", "method": "initialized", "params": {}});
    input.write_all(&frame(&initialized)).expect("written");
}

fn open(text: &str) -> Vec<u8> {
    let note = json!({"uri": URI, "languageId": "soapnote", "version": 1, "text": text});
    frame(
        &json!({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": note}}),
    )
}

fn key(version: i64, text: &str) -> Vec<u8> {
    let place = json!({"line": 0, "character": 0});
    frame(
        &json!({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {
            "textDocument": {"uri": URI, "version": version},
            "contentChanges": [{"range": {"start": place, "end": place}, "text": text}],
        }}),
    )
}

fn good_bye() -> Vec<u8> {
    let mut bytes = frame(&json!({"jsonrpc": "2.0", "id": 2, "method": "shutdown"}));
    bytes.extend(frame(&json!({"jsonrpc": "2.0", "method": "exit"})));
    bytes
}

/// Reads up to the first message that is the wanted one.
fn read_until(stdout: &mut impl BufRead, wanted: impl Fn(&Value) -> bool) -> Value {
    loop {
        let message = read(stdout).expect("the server goes on");
        if wanted(&message) {
            return message;
        }
    }
}

fn is_of_version(message: &Value, version: i64) -> bool {
    message["method"] == "textDocument/publishDiagnostics"
        && message["params"]["version"] == version
}

/// Node.js, and with it VS Code, puts sockets where others put pipes.
#[cfg(unix)]
#[test]
fn sockets_are_as_good_as_pipes() {
    use std::os::fd::OwnedFd;
    use std::os::unix::net::UnixStream;

    let (mut input, theirs_in) = UnixStream::pair().expect("sockets");
    let (output, theirs_out) = UnixStream::pair().expect("sockets");
    let server = Server::new(OwnedFd::from(theirs_in), OwnedFd::from(theirs_out));
    let mut output = BufReader::new(output);
    shake_hands(&mut input, &mut output);
    input
        .write_all(&open("visit: 2026-11-02\n97124 lumbar 10:00-10:07\n"))
        .expect("written");
    let published = read_until(&mut output, |m| is_of_version(m, 1));
    let found = published["params"]["diagnostics"]
        .as_array()
        .expect("a list");
    assert!(
        found.iter().any(|d| d["code"] == "under-eight-minutes"),
        "{published}"
    );
    input.write_all(&good_bye()).expect("written");
    read_until(&mut output, |m| m["id"] == 2);
    assert_eq!(server.ended(), Some(0));
    assert!(read(&mut output).is_none(), "nothing comes after the end");
}

#[test]
fn a_file_will_do_for_both() {
    let folder = tempfile::tempdir().expect("a folder");
    let (session, answers) = (folder.path().join("session"), folder.path().join("answers"));
    let mut bytes = initialize();
    bytes.extend(good_bye());
    std::fs::write(&session, bytes).expect("written");
    let server = Server::new(
        File::open(&session).expect("the session"),
        File::create(&answers).expect("a file"),
    );
    assert_eq!(server.ended(), Some(0));
    let mut answers = BufReader::new(File::open(&answers).expect("the answers"));
    read_until(&mut answers, |m| m["id"] == 1 && m["result"].is_object());
    read_until(&mut answers, |m| m["id"] == 2);
}

/// The list is many times what a pipe holds, so that it goes out piece by piece, with answers to
/// questions before and behind it.
#[test]
fn a_long_list_of_findings_arrives_whole() {
    let server = Server::new(Stdio::piped(), Stdio::piped());
    let (mut stdin, mut stdout) = {
        let mut child = server.child.lock().expect("a child");
        let stdout = child.stdout.take().expect("a pipe");
        (child.stdin.take().expect("a pipe"), BufReader::new(stdout))
    };
    let slips: String = (1..=6)
        .flat_map(|month| {
            (1..=28).map(move |day| {
                format!("visit: 2026-{month:02}-{day:02}\n97124 lumbar 10:00-10:07\n\n")
            })
        })
        .collect();
    shake_hands(&mut stdin, &mut stdout);
    stdin.write_all(&open(&slips)).expect("written");
    let question = |id: i64| {
        frame(
            &json!({"jsonrpc": "2.0", "id": id, "method": "textDocument/foldingRange",
            "params": {"textDocument": {"uri": URI}}}),
        )
    };
    for number in 0..20 {
        stdin.write_all(&key(2 + number, "\n")).expect("written");
        stdin.write_all(&question(100 + number)).expect("written");
    }
    let mut answered = Vec::new();
    let mut newest = 0;
    while newest < 21 || answered.len() < 20 {
        let message = read(&mut stdout).expect("the server goes on");
        if let Some(id) = message["id"].as_i64().filter(|id| *id >= 100) {
            answered.push(id);
        } else if message["method"] == "textDocument/publishDiagnostics" {
            let version = message["params"]["version"].as_i64().expect("a version");
            assert!(version > newest, "{version} after {newest}");
            newest = version;
            let found = message["params"]["diagnostics"].as_array().expect("a list");
            assert!(found.len() > 168, "{}", found.len());
        }
    }
    answered.sort_unstable();
    assert_eq!(answered, (100..120).collect::<Vec<_>>());
    stdin.write_all(&good_bye()).expect("written");
    read_until(&mut stdout, |m| m["id"] == 2);
    assert_eq!(server.ended(), Some(0));
}
