//! The command line and the server give the same findings for the same bytes.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::client::{Client, Note, Setup};
use crate::notes::{folder, notes_of};

/// Rule, severity, where from and where to (from 0), message with its source.
pub type Row = (String, u64, [u64; 4], String);

/// What the command line says of the notes, by path.
pub fn printed(paths: &[PathBuf]) -> HashMap<String, Vec<Row>> {
    let output = Command::new(env!("CARGO_BIN_EXE_soapstone"))
        .args(["check", "--output-format", "json"])
        .args(paths)
        .output()
        .unwrap();
    let findings: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let row = |finding: &Value| {
        let at = |end: &str, part: &str| finding[end][part].as_u64().unwrap() - 1;
        let severity = match finding["severity"].as_str().unwrap() {
            "error" => 1,
            "warning" => 2,
            "info" => 3,
            _ => 4,
        };
        let [message, source] = ["message", "source"].map(|key| finding[key].as_str().unwrap());
        let place = [
            at("start", "line"),
            at("start", "column"),
            at("end", "line"),
            at("end", "column"),
        ];
        let rule = finding["rule"].as_str().unwrap().to_owned();
        (rule, severity, place, format!("{message} [{source}]"))
    };
    let mut by_path: HashMap<String, Vec<Row>> = HashMap::new();
    for finding in &findings {
        let path = finding["path"].as_str().unwrap().to_owned();
        by_path.entry(path).or_default().push(row(finding));
    }
    by_path
}

/// A diagnostic as a row.
pub fn row(d: &Value) -> Row {
    let at = |end: &str, part: &str| d["range"][end][part].as_u64().unwrap();
    let place = [
        at("start", "line"),
        at("start", "character"),
        at("end", "line"),
        at("end", "character"),
    ];
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (
        text(&d["code"]),
        d["severity"].as_u64().unwrap(),
        place,
        text(&d["message"]),
    )
}

fn published(client: &mut Client, path: &Path) -> Vec<Row> {
    let text = std::fs::read_to_string(path).unwrap();
    let uri = format!("file://{}", path.canonicalize().unwrap().display());
    let note = Note::open(client, &uri, &text);
    let found = note.diagnostics(client).iter().map(row).collect();
    note.close(client);
    client.published(&uri);
    found
}

#[test]
fn the_command_line_and_the_server_agree() {
    let mut client = Client::with(Setup {
        encodings: Some(json!(["utf-32"])),
        ..Setup::default()
    });
    let mut paths = notes_of("findings");
    paths.push(folder().join("format-sample.soap"));
    // These two are the ones in which characters, bytes and line ends differ.
    let odd = ["lmt-tabs-accents-emoji.soap", "lmt-crlf.soap"];
    paths.extend(odd.map(|name| folder().join("clean").join(name)));
    let printed = printed(&paths);
    for path in paths {
        let mut left = printed[path.to_str().unwrap()].clone();
        let mut right = published(&mut client, &path);
        left.sort();
        right.sort();
        assert_eq!(left, right, "{}", path.display());
    }
}
