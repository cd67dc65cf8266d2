//! The message that tells the client what was found, from what was told before.
//!
//! The protocol has all diagnostics of a note sent at each keystroke. In a large chart nearly all of
//! them are those of visits that nobody touched, so their text is kept, and only the lines that they
//! stand in are written anew.

use std::cmp::Reverse;
use std::sync::Arc;

use serde::Serialize;
use tower_lsp::gen_lsp_types as lsp;

use super::diagnostics::{SOURCE, description, severity};
use super::range;
use crate::analysis::{Analysis, Judgement};
use crate::lsp::capabilities::Abilities;
use crate::policy::Level;
use crate::rules::{Finding, Rule};
use crate::text::{Document, Span};

/// The diagnostics of each visit, and of several together, as they were told last.
#[derive(Debug, Default)]
pub struct Publication {
    visits: Vec<Visit>,
    of_chart: Vec<Told>,
    /// What they were made from, if ever they were told.
    analysis: Option<Arc<Analysis>>,
    /// All of them, as they were written.
    diagnostics: Arc<Vec<u8>>,
}

/// The body of a message, in two pieces: what comes before the diagnostics, and these to the end.
#[derive(Debug)]
pub struct Message {
    /// The beginning.
    pub head: Vec<u8>,
    /// The rest.
    pub diagnostics: Arc<Vec<u8>>,
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
    told: Vec<Told>,
}

/// A finding and where it stands. Lines are counted from the visit's first.
#[derive(Debug)]
struct Told {
    /// In bytes from the visit's start.
    span: Span,
    range: lsp::Range,
    related: Vec<lsp::Range>,
    words: Arc<Words>,
    /// What was written before the words, and for which first line of the visit: nearly always the
    /// visit begins the same line at the next keystroke.
    written: Option<(u32, Vec<u8>)>,
}

/// What does not depend on where a finding stands, as JSON and as what it was made of.
#[derive(Debug)]
struct Words {
    rule: &'static Rule,
    level: Level,
    message: String,
    fixes: Vec<String>,
    related: Vec<String>,
    /// Without the brace that would begin it.
    json: Vec<u8>,
}

/// A finding on its way into the message.
struct Line<'a> {
    span: Span,
    told: &'a mut Told,
    /// The visit's first line.
    first: u32,
}

impl Publication {
    /// The message about a note as it stands.
    pub fn message(&mut self, note: &Subject<'_>, analysis: &Arc<Analysis>) -> Message {
        let before = self.analysis.replace(Arc::clone(analysis));
        // So it is at most keystrokes.
        let is_told = before.is_some_and(|before| Arc::ptr_eq(analysis, &before));
        if !is_told {
            self.diagnostics = Arc::new(self.write(note, analysis));
        }
        Message {
            head: beginning(note.uri, Some(note.version)),
            diagnostics: Arc::clone(&self.diagnostics),
        }
    }

    /// The diagnostics of a note as it stands, and the end of the message.
    fn write(&mut self, note: &Subject<'_>, analysis: &Analysis) -> Vec<u8> {
        let known = std::mem::take(&mut self.visits);
        let mut before = Before {
            visits: known.into_iter().map(Some).collect(),
            next: 0,
            of_chart: std::mem::take(&mut self.of_chart),
        };
        let mut places = Vec::with_capacity(before.visits.len() + 1);
        for part in analysis.parts() {
            let first = u32::try_from(part.line).unwrap_or(u32::MAX);
            places.push((part.start, first));
            // What is known is moved: its judgement, which is anywhere in memory, is not looked at.
            let visit = before.told(&part.judgement).unwrap_or_else(|| {
                let all = part.judgement.findings.iter();
                let told = all.map(|f| before.say(note, f, part.start, first));
                Visit {
                    told: told.collect(),
                    judgement: Arc::clone(&part.judgement),
                }
            });
            self.visits.push(visit);
        }
        let of_chart = analysis.chart_findings().into_iter();
        let of_chart = of_chart.map(|finding| before.say(note, &finding, 0, 0));
        self.of_chart = of_chart.collect();
        let visits = self.visits.iter_mut().zip(places);
        let told = visits.flat_map(|(visit, place)| visit.told.iter_mut().map(move |t| (t, place)));
        let of_chart = self.of_chart.iter_mut().map(|told| (told, (0, 0)));
        let mut lines: Vec<Line<'_>> = told
            .chain(of_chart)
            .map(|(told, (start, first))| Line {
                span: told.span.shifted(start),
                told,
                first,
            })
            .collect();
        lines.sort_by(|one, other| {
            let rest = |line: &Line<'_>| {
                let words = &line.told.words;
                (Reverse(words.level), words.rule.name)
            };
            let by_place = one.span.cmp(&other.span);
            by_place.then_with(|| rest(one).cmp(&rest(other)))
        });
        let long: usize = lines.iter().map(|l| l.told.words.json.len() + 128).sum();
        let mut message = Vec::with_capacity(long + END.len());
        for (index, line) in lines.iter_mut().enumerate() {
            if index > 0 {
                message.push(b',');
            }
            line.told.write(&mut message, note.uri, line.first);
        }
        message.extend_from_slice(END);
        message
    }
}

/// What was told before.
struct Before {
    /// None where it was asked for.
    visits: Vec<Option<Visit>>,
    /// The visit that is likely to be the next one.
    next: usize,
    of_chart: Vec<Told>,
}

impl Before {
    /// What was told of a visit, if it was judged in the same way. A visit is asked for once.
    fn told(&mut self, judgement: &Arc<Judgement>) -> Option<Visit> {
        let is_it = |visit: &Option<Visit>| {
            let visit = visit.as_ref();
            visit.is_some_and(|visit| Arc::ptr_eq(&visit.judgement, judgement))
        };
        let ahead = self.visits[self.next..].iter().position(is_it);
        let index = ahead
            .map(|ahead| self.next + ahead)
            .or_else(|| self.visits.iter().position(is_it))?;
        self.next = index + 1;
        self.visits[index].take()
    }

    /// A finding of a visit that begins at this offset and line. Its words are those of a finding
    /// that is gone, if they are the same: most findings of a visit outlive a keystroke in it.
    fn say(&self, note: &Subject<'_>, finding: &Finding, start: usize, first: u32) -> Told {
        let place = |span: Span| {
            let mut range = range(note.document, span.shifted(start), note.abilities);
            range.start.line -= first;
            range.end.line -= first;
            range
        };
        let gone = self.visits.iter().flatten().flat_map(|visit| &visit.told);
        let mut gone = gone.chain(&self.of_chart);
        let words = gone.find(|told| told.words.are_of(finding));
        let related = finding.related.iter().map(|r| place(r.span));
        let related = if note.abilities.related_information {
            related.collect()
        } else {
            Vec::new()
        };
        Told {
            span: finding.span,
            written: None,
            range: place(finding.span),
            related,
            words: words.map_or_else(
                || Arc::new(Words::of(finding, note.abilities)),
                |told| Arc::clone(&told.words),
            ),
        }
    }
}

/// The message that these are the diagnostics of a document.
pub fn message(uri: &lsp::Uri, diagnostics: &[lsp::Diagnostic]) -> Message {
    let mut message = Vec::new();
    for (index, diagnostic) in diagnostics.iter().enumerate() {
        message.extend_from_slice(if index > 0 { b"," } else { b"" });
        json(&mut message, diagnostic);
    }
    message.extend_from_slice(END);
    Message {
        head: beginning(uri, None),
        diagnostics: Arc::new(message),
    }
}

const END: &[u8] = b"]}}";

fn beginning(uri: &lsp::Uri, version: Option<i32>) -> Vec<u8> {
    let mut message = Vec::with_capacity(512);
    message.extend_from_slice(
        br#"{"jsonrpc":"2.0","method":"textDocument/publishDiagnostics","params":{"uri":"#,
    );
    json(&mut message, uri);
    if let Some(version) = version {
        message.extend_from_slice(br#","version":"#);
        json(&mut message, &version);
    }
    message.extend_from_slice(br#","diagnostics":["#);
    message
}

fn json(message: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) {
    serde_json::to_writer(message, value).unwrap_or_else(|error| unreachable!("{error}"));
}

/// What [`Words`] keeps as text; the names are those of the protocol's diagnostic.
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
    fixes: &'a [String],
    rule: &'a str,
}

impl Words {
    fn of(finding: &Finding, abilities: Abilities) -> Self {
        let fixes: Vec<String> = finding.fixes.iter().map(|f| f.title.clone()).collect();
        let rest = Rest {
            severity: severity(finding.level),
            code: finding.rule.name,
            code_description: Page {
                href: finding.rule.url(),
            },
            source: SOURCE,
            message: description(&finding.message, finding.rule),
            data: abilities.data.then(|| Data {
                fixes: &fixes,
                rule: finding.rule.name,
            }),
        };
        let mut bytes = Vec::with_capacity(512);
        json(&mut bytes, &rest);
        bytes.remove(0);
        Self {
            rule: finding.rule,
            level: finding.level,
            message: finding.message.clone(),
            related: finding.related.iter().map(|r| r.message.clone()).collect(),
            json: bytes,
            fixes,
        }
    }

    fn are_of(&self, finding: &Finding) -> bool {
        self.rule == finding.rule
            && self.level == finding.level
            && self.message == finding.message
            && self.fixes.iter().eq(finding.fixes.iter().map(|f| &f.title))
            && self
                .related
                .iter()
                .eq(finding.related.iter().map(|r| &r.message))
    }
}

impl Told {
    fn write(&mut self, message: &mut Vec<u8>, uri: &lsp::Uri, first: u32) {
        if self.written.as_ref().is_none_or(|(of, _)| *of != first) {
            self.written = Some((first, self.place(uri, first)));
        }
        if let Some((_, place)) = &self.written {
            message.extend_from_slice(place);
        }
        message.extend_from_slice(&self.words.json);
    }

    /// Where it stands, and the other places that it speaks of, as the beginning of its JSON.
    fn place(&self, uri: &lsp::Uri, first: u32) -> Vec<u8> {
        let mut text = Vec::with_capacity(96);
        text.extend_from_slice(br#"{"range":"#);
        write_range(&mut text, self.range, first);
        text.push(b',');
        if !self.related.is_empty() {
            text.extend_from_slice(br#""relatedInformation":["#);
            let places = self.related.iter().zip(&self.words.related);
            for (index, (range, words)) in places.enumerate() {
                text.extend_from_slice(if index > 0 { b"," } else { b"" });
                text.extend_from_slice(br#"{"location":{"uri":"#);
                json(&mut text, uri);
                text.extend_from_slice(br#","range":"#);
                write_range(&mut text, *range, first);
                text.extend_from_slice(br#"},"message":"#);
                json(&mut text, words);
                text.push(b'}');
            }
            text.extend_from_slice(b"],");
        }
        text
    }
}

fn write_range(message: &mut Vec<u8>, range: lsp::Range, first: u32) {
    for (name, place) in [
        (&br#"{"start""#[..], range.start),
        (br#","end""#, range.end),
    ] {
        message.extend_from_slice(name);
        message.extend_from_slice(br#":{"line":"#);
        json(message, &(place.line + first));
        message.extend_from_slice(br#","character":"#);
        json(message, &place.character);
        message.push(b'}');
    }
    message.push(b'}');
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

    fn value(message: &Message) -> Value {
        let body = [&*message.head, &*message.diagnostics].concat();
        serde_json::from_slice(&body).unwrap()
    }

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
            let mut analysis = Arc::new(Analysis::default());
            let mut most = 0;
            for (version, text) in (1..).zip([
                format!("{PREAMBLE}{SLIPS}{OTHER}"),
                format!("{PREAMBLE}{SLIPS}{OTHER}\nA: better\n"),
                format!("{PREAMBLE}{SLIPS}{OTHER}\nA: better by day\n"),
                format!("{PREAMBLE}{SLIPS}{OTHER}\nA: better by day\n\n"),
                format!("{PREAMBLE}\n{SLIPS}{OTHER}"),
                format!("{PREAMBLE}\n{SLIPS}\n{OTHER}"),
                format!("{PREAMBLE}{OTHER}{SLIPS}{SLIPS}"),
                format!("{PREAMBLE}{SLIPS}"),
                SLIPS.to_owned(),
                String::new(),
                format!("{PREAMBLE}{SLIPS}{OTHER}"),
            ]) {
                let document = Document::new(&text);
                analysis = Arc::new(analysis.updated(&document, &policy));
                let subject = Subject {
                    uri: &uri,
                    version,
                    document: &document,
                    abilities,
                };
                let told = publication.message(&subject, &analysis);
                let mut told = value(&told);
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
        let told = value(&message(&uri, &[]));
        assert_eq!(
            told["params"],
            serde_json::json!({"uri": "file:///a.soap", "diagnostics": []})
        );
    }
}
