//! SARIF 2.1.0, which code scanning and many editors read.

use std::fmt::Write;
use std::path::{Component, Path, Prefix};

use serde_json::{Value, json};

use super::json;
use super::notes::Note;
use crate::policy::Level;
use crate::rules::{Finding, Rule};
use crate::text::{Encoding, Span};

/// What stands before the results.
pub(super) const OPEN: &str = concat!(
    "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",",
    "\"runs\":[{\"columnKind\":\"unicodeCodePoints\",\"results\":["
);

/// The results of a note, one a line, with commas between them. They hold none of the note's words.
pub(super) fn render(note: &Note, findings: impl Iterator<Item = Finding>) -> String {
    json::listed(findings.map(|f| result(note, &f).to_string()))
}

/// What stands behind the results: the rules that found something, and what could not be read.
pub(super) fn close(rules: &[&Rule], troubles: &[String]) -> String {
    let driver = json!({
        "name": "Soapstone",
        "version": env!("CARGO_PKG_VERSION"),
        "rules": rules.iter().map(|rule| described(rule)).collect::<Vec<_>>(),
    });
    let notifications = troubles
        .iter()
        .map(|sentence| json!({"level": "error", "message": {"text": sentence}}));
    let invocation = json!({
        "executionSuccessful": troubles.is_empty(),
        "toolExecutionNotifications": notifications.collect::<Vec<_>>(),
    });
    format!(
        "],\n\"tool\":{},\n\"invocations\":[{invocation}]}}]}}\n",
        json!({ "driver": driver })
    )
}

fn described(rule: &Rule) -> Value {
    let mut described = json!({
        "id": rule.name,
        "shortDescription": {"text": rule.summary()},
        "help": {"text": rule.summary(), "markdown": rule.page.trim_end()},
        "defaultConfiguration": {"level": level(rule.level)},
        "properties": {"tags": [rule.group.name()], "source": rule.source},
    });
    if let Some(url) = rule.url() {
        described["helpUri"] = url.into();
    }
    described
}

fn result(note: &Note, finding: &Finding) -> Value {
    let mut result = json!({
        "ruleId": finding.rule.name,
        "level": level(finding.level),
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": place(note, finding.span)}],
    });
    let related = finding.related.iter().map(|related| {
        json!({
            "message": {"text": related.message},
            "physicalLocation": place(note, related.span),
        })
    });
    let related: Vec<Value> = related.collect();
    if !related.is_empty() {
        result["relatedLocations"] = Value::Array(related);
    }
    result
}

/// Only a level that Soapstone has switched off is none here.
fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Information | Level::Hint => "note",
        Level::Off => "none",
    }
}

fn place(note: &Note, span: Span) -> Value {
    let at = |offset| note.document.position(offset, Encoding::Utf32);
    let [start, end] = [span.start, span.end].map(at);
    json!({
        "artifactLocation": {"uri": uri(Path::new(&note.path))},
        "region": {
            "startLine": start.line + 1,
            "startColumn": start.character + 1,
            "endLine": end.line + 1,
            "endColumn": end.character + 1,
        },
    })
}

/// The path as an address: relative to where the check ran, unless it was named from the root.
fn uri(path: &Path) -> String {
    let mut parts = Vec::new();
    for component in path.components() {
        match component {
            Component::Prefix(prefix) => match prefix.kind() {
                Prefix::Disk(letter) | Prefix::VerbatimDisk(letter) => {
                    parts.push(format!("file:///{}:", char::from(letter)));
                }
                _ => parts.push(encoded(&prefix.as_os_str().to_string_lossy())),
            },
            Component::RootDir if parts.is_empty() => parts.push("file://".to_owned()),
            Component::RootDir => {}
            Component::CurDir => parts.push(".".to_owned()),
            Component::ParentDir => parts.push("..".to_owned()),
            Component::Normal(name) => parts.push(encoded(&name.to_string_lossy())),
        }
    }
    parts.join("/")
}

fn encoded(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            other => {
                let _ = write!(out, "%{other:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_an_address() {
        for (path, address) in [
            ("a.soap", "a.soap"),
            ("march 2026/ä%.soap", "march%202026/%C3%A4%25.soap"),
            ("../x:y.soap", "../x%3Ay.soap"),
            ("/srv/notes/a.soap", "file:///srv/notes/a.soap"),
            ("<stdin>", "%3Cstdin%3E"),
        ] {
            assert_eq!(uri(Path::new(path)), address);
        }
    }
}
