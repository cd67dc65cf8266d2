//! A server behind pipes, and the client that times it. What it takes must be small and the same for
//! every server, so the clock is read by the thread that reads, and diagnostics are never parsed.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::{Failure, TODAY};

/// A file that a server has open.
#[derive(Clone, Copy, Debug)]
pub struct File {
    /// Its address.
    pub uri: &'static str,
    language: &'static str,
}

/// The chart.
pub const CHART: File = File {
    uri: "file:///charts/benchmark.soap",
    language: "soapnote",
};

/// The chart, opened anew under another name.
pub const COPY: File = File {
    uri: "file:///charts/copy.soap",
    ..CHART
};

/// The Python text that stands for it where ruff is measured.
pub const SCRIPT: File = File {
    uri: "file:///charts/benchmark.py",
    language: "python",
};

/// How long anything is waited for.
const DEADLINE: Duration = Duration::from_mins(2);

/// A message that came in, and when all of it was there.
struct Message {
    arrived: Instant,
    body: Vec<u8>,
}

/// A running server.
pub struct Server {
    name: String,
    child: Child,
    stdin: ChildStdin,
    incoming: Receiver<Message>,
    next_id: u64,
    /// What it says it can do.
    pub capabilities: Value,
}

/// What the client says of itself: about what VS Code says that bears on how much a server sends.
/// It counts as it is told, and asks for nothing that would have the server ask back.
fn client_capabilities(encoding: &str) -> Value {
    json!({
        "workspace": {
            "workspaceEdit": {"documentChanges": true, "resourceOperations": ["create"]},
        },
        "textDocument": {
            "publishDiagnostics": {
                "relatedInformation": true, "dataSupport": true, "versionSupport": true,
                "codeDescriptionSupport": true, "tagSupport": {"valueSet": [1, 2]},
            },
            "hover": {"contentFormat": ["markdown", "plaintext"]},
            "completion": {"completionItem": {
                "snippetSupport": true, "documentationFormat": ["markdown", "plaintext"],
                "labelDetailsSupport": true, "insertReplaceSupport": true,
            }},
            "documentSymbol": {"hierarchicalDocumentSymbolSupport": true},
            "foldingRange": {"lineFoldingOnly": true},
            "codeAction": {
                "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}},
                "isPreferredSupport": true, "dataSupport": true,
            },
            "semanticTokens": {
                "requests": {"full": {"delta": true}, "range": true},
                "tokenTypes": [
                    "namespace", "type", "class", "enum", "interface", "struct", "typeParameter",
                    "parameter", "variable", "property", "enumMember", "event", "function",
                    "method", "macro", "keyword", "modifier", "comment", "string", "number",
                    "regexp", "operator", "decorator",
                ],
                "tokenModifiers": ["declaration", "definition", "deprecated", "documentation"],
                "formats": ["relative"],
            },
        },
        "general": {"positionEncodings": [encoding]},
    })
}

impl Server {
    /// Starts a program.
    pub fn spawn(program: &Path, arguments: &[&str]) -> Result<Self, Failure> {
        let name = program.file_stem().unwrap_or_default().to_string_lossy();
        let wrong = |error: std::io::Error| format!("{}: {error}", program.display());
        let mut child = Command::new(program)
            .args(arguments)
            .env("SOAPSTONE_TODAY", TODAY)
            .env("SOAPSTONE_NOW", format!("{TODAY}T10:02"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(wrong)?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(format!("{name}: no pipes"));
        };
        let (sender, incoming) = channel();
        std::thread::spawn(move || {
            let mut stdout = BufReader::with_capacity(1 << 16, stdout);
            while let Some(body) = read(&mut stdout) {
                let arrived = Instant::now();
                if sender.send(Message { arrived, body }).is_err() {
                    return;
                }
            }
        });
        Ok(Self {
            name: name.into_owned(),
            child,
            stdin,
            incoming,
            next_id: 1,
            capabilities: Value::Null,
        })
    }

    /// Starts a program and shakes hands with it.
    pub fn start(program: &Path, arguments: &[&str]) -> Result<Self, Failure> {
        let mut server = Self::spawn(program, arguments)?;
        server.shake_hands("utf-16")?;
        Ok(server)
    }

    /// `initialize` and `initialized`, for a client that counts characters so.
    pub fn shake_hands(&mut self, encoding: &str) -> Result<(), Failure> {
        let params = json!({
            "processId": std::process::id(),
            "rootUri": null,
            "capabilities": client_capabilities(encoding),
        });
        let (_, answer) = self.request("initialize", &params)?;
        let answer: Value = serde_json::from_slice(&answer)
            .map_err(|error| format!("{}: initialize: {error}", self.name))?;
        self.capabilities = answer["result"]["capabilities"].clone();
        self.write(&frame(
            &json!({"jsonrpc": "2.0", "method": "initialized", "params": {}}),
        ))
    }

    /// The number of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends bytes as they are.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.stdin
            .write_all(bytes)
            .and_then(|()| self.stdin.flush())
            .map_err(|error| format!("{} does not read: {error}", self.name))
    }

    /// Opens a file and waits for its diagnostics; returns how many there are.
    pub fn open(&mut self, file: File, text: &str) -> Result<usize, Failure> {
        self.open_as(file, text, 1)
    }

    /// The same, as a version of the file.
    pub fn open_as(&mut self, file: File, text: &str, version: i64) -> Result<usize, Failure> {
        self.write(&frame(&json!({
            "jsonrpc": "2.0",
            "method": "textDocument/didOpen",
            "params": {"textDocument": {
                "uri": file.uri, "languageId": file.language, "version": version, "text": text,
            }},
        })))?;
        let message = self.published(version)?;
        let message: Value = serde_json::from_slice(&message.body)
            .map_err(|error| format!("{}: diagnostics: {error}", self.name))?;
        let diagnostics = message["params"]["diagnostics"].as_array();
        Ok(diagnostics.map_or(0, Vec::len))
    }

    /// Sends a framed change and waits for the diagnostics of its version.
    pub fn send_and_wait(&mut self, change: &[u8], version: i64) -> Result<Duration, Failure> {
        let sent = Instant::now();
        self.write(change)?;
        Ok(self.published(version)?.arrived - sent)
    }

    /// The same for several framed changes at once, the last of which makes the version; also what it published.
    pub fn send_and_see(
        &mut self,
        changes: &[u8],
        version: i64,
    ) -> Result<(Duration, Value), Failure> {
        let sent = Instant::now();
        self.write(changes)?;
        let message = self.published(version)?;
        let value = serde_json::from_slice(&message.body)
            .map_err(|error| format!("{}: diagnostics: {error}", self.name))?;
        Ok((message.arrived - sent, value))
    }

    /// The diagnostics of a version.
    fn published(&mut self, version: i64) -> Result<Message, Failure> {
        loop {
            let message = self.next()?;
            if published(&message.body) == Some(version) {
                return Ok(message);
            }
        }
    }

    /// Asks, and waits for the answer.
    pub fn request(
        &mut self,
        method: &str,
        params: &Value,
    ) -> Result<(Duration, Vec<u8>), Failure> {
        let id = self.next_id;
        self.next_id += 1;
        let mut request = json!({"jsonrpc": "2.0", "id": id, "method": method});
        if !params.is_null() {
            request["params"] = params.clone();
        }
        let request = frame(&request);
        let sent = Instant::now();
        self.write(&request)?;
        loop {
            let message = self.next()?;
            if method_of(&message.body).is_none() {
                return Ok((message.arrived - sent, message.body));
            }
        }
    }

    /// The next message; questions of the server are answered with `null` on the way.
    fn next(&mut self) -> Result<Message, Failure> {
        loop {
            let message = self
                .incoming
                .recv_timeout(DEADLINE)
                .map_err(|_| format!("{} does not answer", self.name))?;
            let is_question = method_of(&message.body)
                .is_some_and(|m| m != b"textDocument/publishDiagnostics")
                && find(&message.body, b"\"id\":").is_some();
            if !is_question {
                return Ok(message);
            }
            let question: Value = serde_json::from_slice(&message.body)
                .map_err(|error| format!("{}: {error}", self.name))?;
            let answer = json!({"jsonrpc": "2.0", "id": question["id"], "result": null});
            self.write(&frame(&answer))?;
        }
    }

    /// Says good-bye by the protocol.
    pub fn end(mut self) -> Result<(), Failure> {
        self.request("shutdown", &Value::Null)?;
        self.write(&frame(&json!({"jsonrpc": "2.0", "method": "exit"})))?;
        let wrong = |error: std::io::Error| format!("{}: {error}", self.name);
        let status = self.child.wait().map_err(wrong)?;
        if status.success() {
            Ok(())
        } else {
            Err(format!("{} ended with {status}", self.name))
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing to do where it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A message with its header.
pub fn frame(message: &Value) -> Vec<u8> {
    let body = message.to_string();
    format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn read(stdout: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if stdout.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok();
        }
    }
    let mut body = vec![0; length?];
    stdout.read_exact(&mut body).ok()?;
    Some(body)
}

/// The method of a message; none of an answer. Every server writes it first.
fn method_of(body: &[u8]) -> Option<&[u8]> {
    const KEY: &[u8] = b"\"method\":\"";
    let head = &body[..body.len().min(64)];
    let start = find(head, KEY)? + KEY.len();
    let length = body[start..].iter().position(|b| *b == b'"')?;
    Some(&body[start..start + length])
}

/// The version that diagnostics are about, if the message is such. It stands behind the list where
/// ruff writes it, and before the list in the others' messages.
fn published(body: &[u8]) -> Option<i64> {
    const KEY: &[u8] = b"\"version\":";
    const BEHIND: &[u8] = b"],\"version\":";
    if method_of(body)? != b"textDocument/publishDiagnostics" {
        return None;
    }
    let tail = body.len().saturating_sub(40);
    let start = match find(&body[tail..], BEHIND) {
        Some(at) => tail + at + BEHIND.len(),
        None => find(body, KEY)? + KEY.len(),
    };
    let digits = body[start..].iter().take_while(|b| b.is_ascii_digit());
    Some(digits.fold(0, |number, digit| number * 10 + i64::from(digit - b'0')))
}

fn find(body: &[u8], key: &[u8]) -> Option<usize> {
    body.windows(key.len()).position(|window| window == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_distinguished_without_parsing_them() {
        let list = br#"{"jsonrpc":"2.0","method":"textDocument/publishDiagnostics","params":{"uri":"file:///a","version":123,"diagnostics":[{"data":{"version":9}}]}}"#;
        assert_eq!(published(list), Some(123));
        let list = br#"{"jsonrpc":"2.0","method":"textDocument/publishDiagnostics","params":{"uri":"file:///a","diagnostics":[{"data":{"version":9}}],"version":45}}"#;
        assert_eq!(published(list), Some(45));
        let answer = br#"{"jsonrpc":"2.0","result":{"contents":"version"},"id":1}"#;
        assert_eq!(method_of(answer), None);
        assert_eq!(published(answer), None);
        let other = br#"{"jsonrpc":"2.0","method":"window/showMessage","params":{"version":3}}"#;
        assert_eq!(published(other), None);
    }

    #[test]
    fn frames_are_read_one_by_one() {
        let mut bytes = frame(&json!({"a": "é"}));
        bytes.extend(frame(&json!([])));
        let mut stream = BufReader::new(&bytes[..]);
        assert_eq!(
            read(&mut stream).as_deref(),
            Some("{\"a\":\"é\"}".as_bytes())
        );
        assert_eq!(read(&mut stream).as_deref(), Some(&b"[]"[..]));
        assert_eq!(read(&mut stream), None);
    }
}
