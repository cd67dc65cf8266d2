//! The message that tells the client what was found, from what was told before.
//!
//! The protocol has all diagnostics of a note sent at each keystroke. In a large chart nearly all of
//! them are those of visits that nobody touched, so their text is kept, and only the lines that they
//! stand in are written anew.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::io::Write as _;
use std::sync::Arc;

use serde::Serialize;
use tower_lsp::gen_lsp_types as lsp;

use super::diagnostics::{description, severity};
use super::range;
use crate::analysis::{Analysis, Judgement};
use crate::lsp::capabilities::Abilities;
use crate::rules::Finding;
use crate::text::{Document, Span};

/// The diagnostics of each visit as they were told last.
#[derive(Debug, Default)]
pub struct Publication {
    /// By where the judgement lies in memory, which is kept so that no other comes to lie there.
    visits: HashMap<usize, Visit>,
}

/// What a message is about.
#[derive(Debug)]
pub struct Subject<'a> {
    /// The note's address.
    pub uri: &'a lsp::Uri,
    /// Its version.
    pub version: i32,
    /// Its text.
    pub document: &'a Document,
    /// What the client can do.
    pub abilities: Abilities,
}

#[derive(Debug)]
struct Visit {
    judgement: Arc<Judgement>,
    told: Arc<[Told]>,
}

/// A finding of a visit as JSON. Lines are counted from the visit's first.
#[derive(Debug)]
struct Told {
    range: lsp::Range,
    related: Box<[(lsp::Range, Box<str>)]>,
    /// What does not depend on where it stands, without the brace that would begin it.
    rest: Box<[u8]>,
}

/// A finding on its way into the message: where it stands, and the visit's first line.
struct Line<'a> {
    finding: &'a Finding,
    span: Span,
    told: Arc<[Told]>,
    index: usize,
    first: u32,
}

impl Publication {
    /// The body of the message about a note as it stands.
    pub fn message(&mut self, note: &Subject<'_>, analysis: &Analysis) -> Vec<u8> {
        let &Subject {
            document,
            abilities,
            ..
        } = note;
        let of_chart: Vec<Finding> = analysis.chart_findings().collect();
        let mut visits = HashMap::new();
        let mut lines = Vec::new();
        for part in analysis.parts_with_findings() {
            let findings = &part.judgement.findings;
            let address = Arc::as_ptr(part.judgement).addr();
            let first = super::position(document, part.start, abilities).line;
            let kept = self.visits.remove(&address);
            let kept = kept.filter(|visit| Arc::ptr_eq(&visit.judgement, part.judgement));
            let visit = kept.unwrap_or_else(|| Visit {
                judgement: Arc::clone(part.judgement),
                told: findings
                    .iter()
                    .map(|f| Told::of(document, abilities, f, part.start, first))
                    .collect(),
            });
            lines.extend(findings.iter().enumerate().map(|(index, finding)| Line {
                finding,
                span: finding.span.shifted(part.start),
                told: Arc::clone(&visit.told),
                index,
                first,
            }));
            visits.insert(address, visit);
        }
        self.visits = visits;
        lines.extend(of_chart.iter().map(|finding| Line {
            finding,
            span: finding.span,
            told: Arc::new([Told::of(document, abilities, finding, 0, 0)]),
            index: 0,
            first: 0,
        }));
        lines.sort_by_key(|line| {
            (
                line.span,
                Reverse(line.finding.level),
                line.finding.rule.name,
            )
        });
        let mut message = beginning(note.uri, Some(note.version));
        for (index, line) in lines.iter().enumerate() {
            if index > 0 {
                message.push(b',');
            }
            line.told[line.index].write(&mut message, note.uri, line.first);
        }
        message.extend_from_slice(END);
        message
    }
}

/// The body of the message that these are the diagnostics of a document.
pub fn message(uri: &lsp::Uri, diagnostics: &[lsp::Diagnostic]) -> Vec<u8> {
    let mut message = beginning(uri, None);
    for (index, diagnostic) in diagnostics.iter().enumerate() {
        message.extend_from_slice(if index > 0 { b"," } else { b"" });
        json(&mut message, diagnostic);
    }
    message.extend_from_slice(END);
    message
}

const END: &[u8] = b"]}}";

fn beginning(uri: &lsp::Uri, version: Option<i32>) -> Vec<u8> {
    let mut message = Vec::with_capacity(512);
    message.extend_from_slice(
        br#"{"jsonrpc":"2.0","method":"textDocument/publishDiagnostics","params":{"uri":"#,
    );
    json(&mut message, uri);
    if let Some(version) = version {
        let _ = write!(message, r#","version":{version}"#);
    }
    message.extend_from_slice(br#","diagnostics":["#);
    message
}

fn json(message: &mut Vec<u8>, value: &impl Serialize) {
    serde_json::to_writer(message, value).unwrap_or_else(|error| unreachable!("{error}"));
}

/// What [`Told`] keeps as text; the names are those of the protocol's diagnostic.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rest<'a> {
    severity: lsp::DiagnosticSeverity,
    code: &'a str,
    code_description: Page,
    source: &'a str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Data<'a>>,
}

#[derive(Serialize)]
struct Page {
    href: String,
}

#[derive(Serialize)]
struct Data<'a> {
    fixes: Vec<&'a str>,
    rule: &'a str,
}

impl Told {
    /// A finding of the part that begins at this offset and line.
    fn of(
        document: &Document,
        abilities: Abilities,
        finding: &Finding,
        start: usize,
        first: u32,
    ) -> Self {
        let place = |span: Span| {
            let mut range = range(document, span.shifted(start), abilities);
            range.start.line -= first;
            range.end.line -= first;
            range
        };
        let related = finding.related.iter();
        let related = related.map(|r| (place(r.span), r.message.as_str().into()));
        let rest = Rest {
            severity: severity(finding.level),
            code: finding.rule.name,
            code_description: Page {
                href: finding.rule.url(),
            },
            source: super::diagnostics::SOURCE,
            message: description(&finding.message, finding.rule),
            data: abilities.data.then(|| Data {
                fixes: finding.fixes.iter().map(|f| &*f.title).collect(),
                rule: finding.rule.name,
            }),
        };
        let mut bytes = Vec::new();
        json(&mut bytes, &rest);
        Self {
            range: place(finding.span),
            related: if abilities.related_information {
                related.collect()
            } else {
                Box::default()
            },
            rest: bytes.into_iter().skip(1).collect(),
        }
    }

    fn write(&self, message: &mut Vec<u8>, uri: &lsp::Uri, first: u32) {
        message.extend_from_slice(br#"{"range":"#);
        write_range(message, self.range, first);
        message.push(b',');
        if !self.related.is_empty() {
            message.extend_from_slice(br#""relatedInformation":["#);
            for (index, (range, words)) in self.related.iter().enumerate() {
                message.extend_from_slice(if index > 0 { b"," } else { b"" });
                message.extend_from_slice(br#"{"location":{"uri":"#);
                json(message, uri);
                message.extend_from_slice(br#","range":"#);
                write_range(message, *range, first);
                message.extend_from_slice(br#"},"message":"#);
                json(message, words);
                message.push(b'}');
            }
            message.extend_from_slice(b"],");
        }
        message.extend_from_slice(&self.rest);
    }
}

fn write_range(message: &mut Vec<u8>, range: lsp::Range, first: u32) {
    let (start, end) = (range.start, range.end);
    let _ = write!(
        message,
        r#"{{"start":{{"line":{},"character":{}}},"end":{{"line":{},"character":{}}}}}"#,
        start.line + first,
        start.character,
        end.line + first,
        end.character
    );
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::lsp::convert::diagnostics::Remarks;
    use crate::policy::Policy;

    const PREAMBLE: &str = "payer: medicare\ndx: M54.2\n\n";
    const SLIPS: &str = "visit: 2026-11-02\n97124 lumbar 10:00-10:07\n97140 lumbar 10:00-10:20\nS: a \u{1F600} \"b\"\n\n";
    const OTHER: &str = "visit: 2026-11-03\n97124 lumbar 10:00-10:07, both\nS: \u{E9}\n\n";

    #[test]
    fn what_was_kept_and_what_is_new_make_the_message_of_all_findings() {
        let uri: lsp::Uri = "file:///charts/a%20b.soap".parse().unwrap();
        let policy = Arc::new(Policy::default().on(jiff::civil::date(2026, 11, 22)));
        for (related_information, data) in [(true, true), (false, false)] {
            let abilities = Abilities {
                related_information,
                data,
                ..Abilities::default()
            };
            let mut publication = Publication::default();
            let mut analysis = Analysis::default();
            let mut most = 0;
            for (version, text) in (1..).zip([
                format!("{PREAMBLE}{SLIPS}{OTHER}"),
                format!("{PREAMBLE}{SLIPS}{OTHER}\nA: better\n"),
                format!("{PREAMBLE}\n{SLIPS}{OTHER}"),
                format!("{PREAMBLE}{OTHER}{SLIPS}{SLIPS}"),
                format!("{PREAMBLE}{SLIPS}"),
                SLIPS.to_owned(),
                String::new(),
                format!("{PREAMBLE}{SLIPS}{OTHER}"),
            ]) {
                let document = Document::new(&text);
                analysis = analysis.updated(&document, &policy);
                let subject = Subject {
                    uri: &uri,
                    version,
                    document: &document,
                    abilities,
                };
                let told = publication.message(&subject, &analysis);
                let mut told: Value = serde_json::from_slice(&told).unwrap();
                let diagnostics =
                    Remarks::of(&document, abilities, &analysis).diagnostics(&uri, abilities);
                most = most.max(diagnostics.len());
                let expected = serde_json::to_value(diagnostics).unwrap();
                assert_eq!(told["params"]["diagnostics"].take(), expected, "{text}");
                assert_eq!(told["params"]["uri"], uri.as_str());
                assert_eq!(told["params"]["version"], version);
            }
            assert!(most > 4, "{most}");
        }
    }

    #[test]
    fn a_document_that_is_not_open_has_no_version() {
        let uri: lsp::Uri = "file:///a.soap".parse().unwrap();
        let told: Value = serde_json::from_slice(&message(&uri, &[])).unwrap();
        assert_eq!(
            told["params"],
            serde_json::json!({"uri": "file:///a.soap", "diagnostics": []})
        );
    }
}
