//! A strict client of the language server. Each wait has a deadline; each message must be one that
//! the protocol allows and must be read by the test; the server must end well.
#![expect(
    clippy::needless_pass_by_value,
    reason = "json!(..) is written where it is used"
)]

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// How long anything is waited for.
pub const DEADLINE: Duration = Duration::from_secs(20);

/// What the client answers when it is asked for its settings.
#[derive(Clone)]
pub enum Settings {
    /// It cannot be asked.
    None,
    /// This.
    Are(Value),
    /// Nothing, ever.
    Silence,
}

/// How a client starts.
pub struct Setup {
    pub encodings: Option<Value>,
    pub options: Value,
    pub settings: Settings,
    pub hooks: bool,
    /// How much the server logs.
    pub log: Option<&'static str>,
    /// It asks for diagnostics, and none may be published.
    pub pulls: bool,
    /// The folders that it has open.
    pub folders: Vec<PathBuf>,
    /// More capabilities, put over the others.
    pub more: Value,
    /// What stands behind `lsp` on the command line.
    pub arguments: Vec<&'static str>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            encodings: None,
            options: Value::Null,
            settings: Settings::None,
            hooks: false,
            log: None,
            pulls: false,
            folders: Vec::new(),
            more: json!({}),
            arguments: Vec::new(),
        }
    }
}

/// Puts one object over another, key by key, all the way down.
fn merge(under: &mut Value, over: Value) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) => {
            for (key, value) in over {
                merge(under.entry(key).or_insert(Value::Null), value);
            }
        }
        (under, over) => *under = over,
    }
}

pub struct Client {
    child: Child,
    stdin: Option<ChildStdin>,
    incoming: Receiver<Value>,
    unread: VecDeque<Value>,
    next_id: i64,
    pub settings: Settings,
    /// What the server answered to `initialize`.
    pub server: Value,
    /// The methods of the server's own requests, all answered but for silent settings.
    pub asked: Vec<String>,
    /// Whether it asks for diagnostics.
    pulls: bool,
    /// What it was answered when it asked, by document: the name of the result, and the diagnostics.
    results: HashMap<String, (String, Vec<Value>)>,
    /// The edits that the server asked for.
    pub edits: Vec<Value>,
    /// What the server asked the user, who presses the first button.
    pub questions: Vec<String>,
    /// The places that the server asked the client to show.
    pub places: Vec<Value>,
    ended: bool,
}

impl Client {
    pub fn new() -> Self {
        Self::with(Setup::default())
    }

    pub fn with(setup: Setup) -> Self {
        let hooks = setup.hooks.then_some(("SOAPSTONE_TEST_HOOKS", "1"));
        let log = setup.log.map(|level| ("SOAPSTONE_LOG", level));
        let mut client = Self::spawn_with(hooks.into_iter().chain(log), &setup.arguments);
        client.settings = setup.settings;
        client.pulls = setup.pulls;
        let mut capabilities = json!({
            "workspace": {
                "configuration": !matches!(client.settings, Settings::None),
                "workspaceEdit": {"documentChanges": true},
            },
            "textDocument": {
                "publishDiagnostics": {
                    "relatedInformation": true, "dataSupport": true, "versionSupport": true,
                },
                "hover": {"contentFormat": ["markdown", "plaintext"]},
                "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}},
            },
            "general": {},
        });
        if let Some(encodings) = setup.encodings {
            capabilities["general"]["positionEncodings"] = encodings;
        }
        if setup.pulls {
            capabilities["textDocument"]["diagnostic"] = json!({"dynamicRegistration": false});
            capabilities["workspace"]["diagnostics"] = json!({"refreshSupport": true});
        }
        merge(&mut capabilities, setup.more);
        let mut params = json!({
            "processId": std::process::id(), "rootUri": null, "capabilities": capabilities,
        });
        if !setup.folders.is_empty() {
            let folders = setup.folders.iter();
            params["workspaceFolders"] = folders.map(|f| folder(f)).collect();
        }
        if !setup.options.is_null() {
            params["initializationOptions"] = setup.options;
        }
        client.server = client.request("initialize", params);
        client.notify("initialized", json!({}));
        client
    }

    /// A server that was sent nothing yet.
    pub fn spawn(environment: impl IntoIterator<Item = (&'static str, &'static str)>) -> Self {
        Self::spawn_with(environment, &[])
    }

    fn spawn_with(
        environment: impl IntoIterator<Item = (&'static str, &'static str)>,
        arguments: &[&str],
    ) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_soapstone"));
        command
            .arg("lsp")
            .args(arguments)
            .env_remove("SOAPSTONE_TEST_HOOKS")
            .env_remove("SOAPSTONE_LOG")
            .env("SOAPSTONE_NOW", "2026-11-22T10:47")
            .envs(environment)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("the server starts");
        let stdout = child.stdout.take().expect("a pipe");
        let (sender, incoming) = channel();
        std::thread::spawn(move || {
            let mut stdout = BufReader::new(stdout);
            while let Some(message) = read(&mut stdout) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        Self {
            stdin: child.stdin.take(),
            child,
            incoming,
            unread: VecDeque::new(),
            next_id: 1,
            settings: Settings::None,
            server: Value::Null,
            asked: Vec::new(),
            pulls: false,
            results: HashMap::new(),
            edits: Vec::new(),
            questions: Vec::new(),
            places: Vec::new(),
            ended: false,
        }
    }

    /// Sends bytes as they are.
    pub fn write(&mut self, bytes: &[u8]) {
        let stdin = self.stdin.as_mut().expect("an open input");
        stdin.write_all(bytes).expect("the server reads");
        stdin.flush().expect("the server reads");
    }

    fn send(&mut self, message: &Value) {
        self.write(&frame(message));
    }

    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// Asks, and leaves the answer for [`Self::reply`].
    pub fn ask(&mut self, method: &str, params: Value) -> i64 {
        let id = self.next_id;
        self.next_id += 1;
        let mut message = json!({"jsonrpc": "2.0", "id": id, "method": method});
        if !params.is_null() {
            message["params"] = params;
        }
        self.send(&message);
        id
    }

    /// The answer: its result or its error.
    pub fn reply(&mut self, id: i64) -> Result<Value, Value> {
        self.answer(&json!(id))
    }

    /// The answer to whatever had this identifier.
    pub fn answer(&mut self, id: &Value) -> Result<Value, Value> {
        let message = self.wait("an answer", |m| {
            m.get("id") == Some(id) && m.get("method").is_none()
        });
        match message.get("error") {
            Some(error) => Err(error.clone()),
            None => Ok(message["result"].clone()),
        }
    }

    pub fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params);
        let reply = self.reply(id);
        reply.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// The first unread message of a kind. The server's requests are answered on the way.
    fn wait(&mut self, what: &str, mut wanted: impl FnMut(&Value) -> bool) -> Value {
        let end = Instant::now() + DEADLINE;
        if let Some(index) = self.unread.iter().position(&mut wanted) {
            return self.unread.remove(index).expect("it is there");
        }
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.incoming.recv_timeout(left) {
                Ok(message) if message.get("id").is_some() && message.get("method").is_some() => {
                    self.serve(&message);
                }
                Ok(message) if wanted(&message) => return message,
                Ok(message) => {
                    self.check(&message);
                    self.unread.push_back(message);
                }
                Err(RecvTimeoutError::Timeout) => {
                    panic!("no {what} in time; unread: {:?}", self.unread)
                }
                Err(RecvTimeoutError::Disconnected) => {
                    panic!("the server ended; {what} was expected")
                }
            }
        }
    }

    /// Answers a request of the server.
    fn serve(&mut self, request: &Value) {
        let method = request["method"].as_str().expect("a method");
        let answer = match method {
            "workspace/configuration" => match &self.settings {
                Settings::Are(settings) => json!([settings]),
                Settings::Silence => Value::Bool(false),
                Settings::None => panic!("asked for settings, which this client has not"),
            },
            "client/registerCapability"
            | "workspace/inlayHint/refresh"
            | "workspace/diagnostic/refresh"
            | "window/workDoneProgress/create"
            | "workspace/codeLens/refresh" => Value::Null,
            "window/showMessageRequest" => {
                self.questions.push(
                    request["params"]["message"]
                        .as_str()
                        .expect("text")
                        .to_owned(),
                );
                request["params"]["actions"][0].clone()
            }
            "window/showDocument" => {
                self.places.push(request["params"].clone());
                json!({"success": true})
            }
            "workspace/applyEdit" => {
                self.edits.push(request["params"]["edit"].clone());
                json!({"applied": true})
            }
            other => panic!("an unexpected request: {other}"),
        };
        self.asked.push(method.to_owned());
        if answer != Value::Bool(false) {
            self.send(&json!({"jsonrpc": "2.0", "id": request["id"], "result": answer}));
        }
    }

    /// Checks a message that no one asked for.
    fn check(&self, message: &Value) {
        if message.get("id").is_some() {
            return;
        }
        match message["method"].as_str() {
            Some("window/showMessage" | "$/progress") => {}
            Some("textDocument/publishDiagnostics") => {
                assert!(!self.pulls, "published to a client that asks: {message}");
                for diagnostic in message["params"]["diagnostics"].as_array().expect("a list") {
                    check_diagnostic(diagnostic);
                }
            }
            _ => panic!("an unexpected message: {message}"),
        }
    }

    /// Waits until the server has asked this.
    pub fn until_asked(&mut self, method: &str) {
        let end = Instant::now() + DEADLINE;
        while !self.asked.iter().any(|m| m == method) {
            assert!(Instant::now() < end, "{method} was never asked");
            self.fence();
        }
    }

    /// Waits until the server has asked for an edit that was not looked at yet.
    pub fn until_edited(&mut self) {
        let end = Instant::now() + DEADLINE;
        while self.edits.is_empty() {
            assert!(Instant::now() < end, "no edit was asked for");
            self.fence();
        }
    }

    /// Waits until the server goes by the settings that it was sent when it asked.
    pub fn settled(&mut self) {
        self.until_asked("workspace/configuration");
        self.fence();
    }

    /// Waits until the server has read everything that was sent.
    pub fn fence(&mut self) {
        let nowhere = json!({"uri": "untitled:fence"});
        let zero = json!({"line": 0, "character": 0});
        let result = self.request(
            "textDocument/hover",
            json!({"textDocument": nowhere, "position": zero}),
        );
        assert_eq!(result, Value::Null);
    }

    /// The diagnostics of a version; those of earlier versions are passed over, but must come in
    /// order.
    pub fn diagnostics(&mut self, uri: &str, version: i64) -> Vec<Value> {
        if self.pulls {
            return self.pull(uri);
        }
        let mut last = i64::MIN;
        loop {
            let params = self.published(uri);
            let found = params["version"].as_i64().expect("a version");
            assert!(found >= last, "version {found} after {last}");
            assert!(found <= version, "version {found} was never sent");
            last = found;
            if found == version {
                return params["diagnostics"].as_array().expect("a list").clone();
            }
        }
    }

    /// Asks for the diagnostics of a document.
    pub fn pull(&mut self, uri: &str) -> Vec<Value> {
        let mut params = json!({"textDocument": {"uri": uri}, "identifier": "soapstone"});
        if let Some((id, _)) = self.results.get(uri) {
            params["previousResultId"] = json!(id);
        }
        let report = self.request("textDocument/diagnostic", params);
        let before = self.results.get(uri).map(|(id, _)| id.as_str());
        let same = report["resultId"].as_str() == before;
        assert_eq!(report["kind"] == "unchanged", same, "the same result twice");
        self.take_report(uri, &report);
        self.results[uri].1.clone()
    }

    /// Asks for the diagnostics of all documents, and leaves the answer for [`Self::pulled_all`].
    pub fn ask_all(&mut self) -> i64 {
        let mut seen: Vec<Value> = self
            .results
            .iter()
            .map(|(uri, (id, _))| json!({"uri": uri, "value": id}))
            .collect();
        seen.sort_by_key(ToString::to_string);
        let params = json!({"identifier": "soapstone", "previousResultIds": seen});
        self.ask("workspace/diagnostic", params)
    }

    /// What the client shows after the answer to a question about all documents.
    pub fn pulled_all(&mut self, id: i64) -> BTreeMap<String, Vec<Value>> {
        let report = self.reply(id).expect("a report");
        let mut uris = BTreeSet::new();
        for item in report["items"].as_array().expect("a list") {
            let uri = item["uri"].as_str().expect("an address");
            assert!(uris.insert(uri.to_owned()), "{uri} is there twice");
            assert!(item.get("version").is_some(), "a version, if only null");
            self.take_report(uri, item);
        }
        self.shown()
    }

    /// What the client that asks shows: the documents in which something was found.
    pub fn shown(&self) -> BTreeMap<String, Vec<Value>> {
        let some = self.results.iter().filter(|(_, (_, d))| !d.is_empty());
        some.map(|(uri, (_, d))| (uri.clone(), d.clone())).collect()
    }

    fn take_report(&mut self, uri: &str, report: &Value) {
        let id = report["resultId"].as_str().expect("a name").to_owned();
        if report["kind"] == "unchanged" {
            assert!(report.get("items").is_none(), "{report}");
            assert_eq!(self.results[uri].0, id, "unchanged since what?");
            return;
        }
        assert_eq!(report["kind"], "full");
        let items = report["items"].as_array().expect("a list").clone();
        items.iter().for_each(check_diagnostic);
        self.results.insert(uri.to_owned(), (id, items));
    }

    /// All that the server sent and nobody read, until it is quiet for a moment.
    pub fn all_unread(&mut self) -> Vec<Value> {
        let mut all: Vec<Value> = self.unread.drain(..).collect();
        while let Ok(message) = self.incoming.recv_timeout(Duration::from_secs(3)) {
            if message.get("id").is_some() && message.get("method").is_some() {
                self.serve(&message);
            } else {
                all.push(message);
            }
        }
        all
    }

    /// Whether diagnostics of a document arrived that were not read yet.
    pub fn has_unread(&self, uri: &str) -> bool {
        let mut unread = self.unread.iter();
        unread.any(|m| m["params"]["uri"] == uri)
    }

    /// The next diagnostics of a document, of whatever version.
    pub fn published(&mut self, uri: &str) -> Value {
        let message = self.wait("diagnostics", |m| {
            m["method"] == "textDocument/publishDiagnostics" && m["params"]["uri"] == uri
        });
        self.check(&message);
        message["params"].clone()
    }

    /// The next step of a progress that the server shows.
    pub fn progress(&mut self) -> Value {
        let message = self.wait("a progress", |m| m["method"] == "$/progress");
        message["params"].clone()
    }

    /// The next message for the user, a warning.
    pub fn message(&mut self) -> String {
        self.message_of(2)
    }

    /// The next message for the user, of this type.
    pub fn message_of(&mut self, kind: i64) -> String {
        let message = self.wait("a message", |m| m["method"] == "window/showMessage");
        assert_eq!(message["params"]["type"], kind);
        message["params"]["message"]
            .as_str()
            .expect("text")
            .to_owned()
    }

    pub fn close_stdin(&mut self) {
        self.stdin = None;
    }

    /// Ends the test without the usual good-bye; returns the exit code and the log.
    pub fn wait_exit(&mut self) -> (Option<i32>, String) {
        self.ended = true;
        let end = Instant::now() + DEADLINE;
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                let mut log = String::new();
                let stderr = self.child.stderr.as_mut().expect("a pipe");
                stderr.read_to_string(&mut log).expect("a log");
                return (status.code(), log);
            }
            if Instant::now() > end {
                let _ = self.child.kill();
                panic!("the server does not end");
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Says good-bye by the protocol; returns the log.
    pub fn end(&mut self) -> String {
        self.ended = true;
        let id = self.ask("shutdown", Value::Null);
        assert_eq!(self.reply(id), Ok(Value::Null));
        self.notify("exit", Value::Null);
        let (code, log) = self.wait_exit();
        while let Ok(message) = self.incoming.recv_timeout(DEADLINE) {
            // On a busy machine it may have asked for the settings once more before it heard of the end.
            if message["method"] != "workspace/configuration" {
                self.unread.push_back(message);
            }
        }
        let unread = &self.unread;
        assert!(unread.is_empty(), "the test did not read {unread:?}");
        assert_eq!(code, Some(0), "{log}");
        log
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        } else if !self.ended {
            self.end();
        }
    }
}

/// The address of a file.
pub fn uri_of(path: &Path) -> String {
    let path = path.to_str().expect("a path of text");
    let path = path.replace('%', "%25").replace(' ', "%20");
    format!("file://{}", path.replace('é', "%C3%A9"))
}

/// A folder as the protocol has it.
pub fn folder(path: &Path) -> Value {
    json!({"uri": uri_of(path), "name": "charts"})
}

/// A message with its header.
pub fn frame(message: &Value) -> Vec<u8> {
    let body = message.to_string();
    format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

pub fn read(stdout: &mut impl BufRead) -> Option<Value> {
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
        let (name, value) = line.split_once(": ").expect("a header");
        if name.eq_ignore_ascii_case("content-length") {
            length = value.parse().ok();
        }
    }
    let mut body = vec![0; length.expect("a length")];
    stdout.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).expect("JSON"))
}

/// Whether this is the sentence in place of the findings that are too many to be shown, or of all.
pub fn is_about_more(diagnostic: &Value) -> bool {
    let message = diagnostic["message"].as_str().expect("text");
    let begins = [
        "There are ",
        "Soapstone lost track ",
        "This note is too long ",
    ];
    diagnostic.get("code").is_none() && begins.iter().any(|b| message.starts_with(b))
}

fn check_diagnostic(diagnostic: &Value) {
    let place = |end: &str| {
        let number = |key: &str| diagnostic["range"][end][key].as_u64().expect("a number");
        (number("line"), number("character"))
    };
    assert!(place("start") <= place("end"), "{diagnostic}");
    assert!(
        matches!(diagnostic["severity"].as_u64(), Some(1..=4)),
        "{diagnostic}"
    );
    assert_eq!(diagnostic["source"], "soapstone");
    if is_about_more(diagnostic) {
        assert_eq!(diagnostic["severity"], 3);
        return;
    }
    let code = diagnostic["code"].as_str().expect("a rule's name");
    // A page is named where it can be opened: by an extension, or in a release that has the pages' address.
    if let Some(href) = diagnostic["codeDescription"]["href"].as_str() {
        assert!(href.contains(code), "{href}");
    }
    let message = diagnostic["message"].as_str().expect("text");
    assert!(
        message.ends_with(']') && message.contains(" ["),
        "{message}"
    );
}

/// How the test counts characters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Units {
    Utf8,
    Utf16,
    Utf32,
}

impl Units {
    fn of(self, c: char) -> usize {
        match self {
            Self::Utf8 => c.len_utf8(),
            Self::Utf16 => c.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// The test's own copy of an open note; it counts positions by itself.
#[derive(Clone, Debug)]
pub struct Note {
    pub uri: String,
    pub text: String,
    pub version: i64,
    pub units: Units,
}

impl Note {
    pub fn open(client: &mut Client, uri: &str, text: &str) -> Self {
        let units = match client.server["capabilities"]["positionEncoding"].as_str() {
            Some("utf-8") => Units::Utf8,
            Some("utf-32") => Units::Utf32,
            _ => Units::Utf16,
        };
        let note = Self {
            uri: uri.to_owned(),
            text: text.to_owned(),
            version: 1,
            units,
        };
        client.notify(
            "textDocument/didOpen",
            json!({"textDocument": {"uri": uri, "languageId": "soap", "version": 1, "text": text}}),
        );
        note
    }

    pub fn id(&self) -> Value {
        json!({"uri": self.uri})
    }

    pub fn position(&self, offset: usize) -> Value {
        let (mut line, mut character) = (0, 0);
        let mut before = '\0';
        for c in self.text[..offset].chars() {
            if c == '\n' && before == '\r' {
                // The line ended already.
            } else if c == '\n' || c == '\r' {
                (line, character) = (line + 1, 0);
            } else {
                character += self.units.of(c);
            }
            before = c;
        }
        json!({"line": line, "character": character})
    }

    pub fn offset(&self, position: &Value) -> usize {
        (0..=self.text.len())
            .filter(|o| self.text.is_char_boundary(*o))
            // Between the two characters of a line break is no position.
            .filter(|o| !(self.text[..*o].ends_with('\r') && self.text[*o..].starts_with('\n')))
            .find(|o| self.position(*o) == *position)
            .unwrap_or_else(|| panic!("there is no position {position}"))
    }

    pub fn range(&self, start: usize, end: usize) -> Value {
        json!({"start": self.position(start), "end": self.position(end)})
    }

    /// The text of a range.
    pub fn at(&self, range: &Value) -> &str {
        &self.text[self.offset(&range["start"])..self.offset(&range["end"])]
    }

    /// Replaces a piece of the text, and notifies the server.
    pub fn replace(&mut self, client: &mut Client, start: usize, end: usize, text: &str) {
        let change = json!({"range": self.range(start, end), "text": text});
        self.text.replace_range(start..end, text);
        self.change(client, json!([change]));
    }

    pub fn change(&mut self, client: &mut Client, changes: Value) {
        self.version += 1;
        client.notify(
            "textDocument/didChange",
            json!({
                "textDocument": {"uri": self.uri, "version": self.version},
                "contentChanges": changes,
            }),
        );
    }

    /// Types a text key by key; returns the place after it.
    pub fn type_at(&mut self, client: &mut Client, mut at: usize, text: &str) -> usize {
        for key in text.split_inclusive(|_: char| true) {
            self.replace(client, at, at, key);
            at += key.len();
        }
        at
    }

    pub fn type_end(&mut self, client: &mut Client, text: &str) {
        let end = self.text.len();
        self.type_at(client, end, text);
    }

    pub fn diagnostics(&self, client: &mut Client) -> Vec<Value> {
        client.diagnostics(&self.uri, self.version)
    }

    /// The names of the rules that found something.
    pub fn rules(&self, client: &mut Client) -> Vec<String> {
        names(&self.diagnostics(client))
    }

    pub fn actions(&self, client: &mut Client, range: &Value, context: Value) -> Vec<Value> {
        let params = json!({"textDocument": self.id(), "range": range, "context": context});
        let actions = client.request("textDocument/codeAction", params);
        actions.as_array().expect("a list").clone()
    }

    /// Applies an action as an editor does, and notifies the server.
    pub fn apply(&mut self, client: &mut Client, action: &Value) {
        let changes = &action["edit"]["documentChanges"];
        let edits = match changes.as_array() {
            Some(documents) => {
                assert_eq!(documents.len(), 1);
                assert_eq!(documents[0]["textDocument"]["uri"], self.uri.as_str());
                assert_eq!(documents[0]["textDocument"]["version"], self.version);
                documents[0]["edits"].clone()
            }
            None => action["edit"]["changes"][&self.uri].clone(),
        };
        let edits = edits.as_array().expect("edits");
        let mut places: Vec<(usize, usize, &str)> = edits
            .iter()
            .map(|e| {
                let place = |end: &str| self.offset(&e["range"][end]);
                (
                    place("start"),
                    place("end"),
                    e["newText"].as_str().expect("text"),
                )
            })
            .collect();
        places.sort_unstable();
        assert!(places.windows(2).all(|w| w[0].1 <= w[1].0), "edits overlap");
        // From the end, so that the places before stay where they are.
        let changes: Vec<Value> = places
            .iter()
            .rev()
            .map(|(start, end, text)| json!({"range": self.range(*start, *end), "text": text}))
            .collect();
        for (start, end, text) in places.into_iter().rev() {
            self.text.replace_range(start..end, text);
        }
        self.change(client, Value::Array(changes));
    }

    pub fn close(&self, client: &mut Client) {
        client.notify("textDocument/didClose", json!({"textDocument": self.id()}));
    }
}

/// The names of the rules of diagnostics.
pub fn names(diagnostics: &[Value]) -> Vec<String> {
    let name = |d: &Value| d["code"].as_str().expect("a rule's name").to_owned();
    diagnostics.iter().map(name).collect()
}

/// The diagnostic of a rule.
pub fn of_rule<'a>(diagnostics: &'a [Value], rule: &str) -> &'a Value {
    diagnostics
        .iter()
        .find(|d| d["code"] == rule)
        .unwrap_or_else(|| panic!("{rule} is not among {:?}", names(diagnostics)))
}
