//! Findings as diagnostics: those that are published, and `textDocument/diagnostic` and
//! `workspace/diagnostic` for clients that ask for what others are sent.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};

use super::links::page;
use crate::analysis::Analysis;
use crate::files;
use crate::lsp::backend::Backend;
use crate::lsp::capabilities::Abilities;
use crate::lsp::position::range;
use crate::lsp::scanner;
use crate::lsp::state::workspace::Poll;
use crate::lsp::state::{Pulled, Snapshot};
use crate::policy::Level;
use crate::rules::{Finding, Rule};
use crate::text::{Document, Span};

/// The most diagnostics of a document. Nobody reads more, and an editor has to draw them all at each
/// keystroke.
const MOST: usize = 1000;

/// Answers about one document.
pub async fn document_diagnostic(
    backend: &Backend,
    params: lsp::DocumentDiagnosticParams,
) -> Result<lsp::DocumentDiagnosticReport> {
    let shared = Arc::clone(&backend.shared);
    let abilities = shared.abilities();
    let uri = params.text_document.uri.clone();
    let mut pulled = shared.remarks(&uri).await;
    if let (Pulled::Unread, Ok(path)) = (&pulled, uri.to_file_path()) {
        let reader = Arc::clone(&shared);
        let read = tokio::task::spawn_blocking(move || scanner::read_now(&reader, path));
        let _ = read.await;
        pulled = shared.remarks(&uri).await;
    }
    match pulled {
        Pulled::Remarks(remarks) => {
            let seen = params.previous_result_id.as_deref();
            Ok(remarks.report(&params.text_document.uri, abilities, seen))
        }
        Pulled::Moving => Err(not_now(true)),
        // The same text would fail again. An empty report would say that all is well.
        Pulled::Unread => Ok(Remarks::none().report(
            &params.text_document.uri,
            abilities,
            params.previous_result_id.as_deref(),
        )),
        Pulled::Failed => Err(not_now(false)),
    }
}

/// Answers about all documents when there is something to report that the client has not seen: it asks again as soon
/// as it is answered, for ever.
pub async fn workspace_diagnostic(
    backend: &Backend,
    params: lsp::WorkspaceDiagnosticParams,
) -> Result<lsp::WorkspaceDiagnosticReport> {
    let shared = &backend.shared;
    let seen = params.previous_result_ids.into_iter();
    let seen: HashMap<lsp::Uri, String> = seen.map(|p| (p.uri, p.value)).collect();
    let seen = Arc::new(seen);
    let number = shared.begin_poll();
    let mut changes = shared.changes.subscribe();
    loop {
        changes.borrow_and_update();
        match shared.poll(number) {
            Poll::GivenUp => return Err(not_now(false)),
            Poll::Busy => {}
            Poll::Ready => {
                let (shared, seen) = (Arc::clone(shared), Arc::clone(&seen));
                let report = tokio::task::spawn_blocking(move || shared.report(&seen));
                if let Some(items) = report.await.map_err(|_| not_now(false))? {
                    return Ok(lsp::WorkspaceDiagnosticReport { items });
                }
            }
        }
        if changes.changed().await.is_err() {
            return Err(not_now(false));
        }
        // Whoever types goes on typing.
        if shared.poll(number) == Poll::Ready {
            tokio::time::sleep(QUIET).await;
        }
    }
}

/// How long a change to one of all documents may wait for the next one.
const QUIET: Duration = Duration::from_millis(150);

/// There is no answer; whether it is worth asking again at once.
fn not_now(ask_again: bool) -> Error {
    let data = lsp::DiagnosticServerCancellationData::new(ask_again);
    Error {
        code: ErrorCode::ServerError(i32::from(lsp::LspErrorCodes::ServerCancelled).into()),
        message: "the findings are not available yet".into(),
        data: serde_json::to_value(data).ok(),
    }
}

const SOURCE: &str = "soapstone";

/// What is kept of a finding to show it: a good deal smaller than a diagnostic, and without the
/// text it is about. There may be ten thousand charts in a folder.
#[derive(Debug)]
struct Remark {
    rule: &'static Rule,
    level: Level,
    range: lsp::Range,
    message: Box<str>,
    related: Box<[(lsp::Range, Box<str>)]>,
}

impl Remark {
    /// A finding whose spans are counted from `start`, an offset of the document.
    fn of(document: &Document, abilities: Abilities, finding: &Finding, start: usize) -> Self {
        let range = |span: Span| range(document, span.shifted(start), abilities);
        let related = finding.related.iter();
        let related = related.map(|r| (range(r.span), (*r.message).into()));
        Self {
            rule: finding.rule,
            level: finding.level,
            range: range(finding.span),
            message: (*finding.message).into(),
            related: related.collect(),
        }
    }

    fn diagnostic(&self, uri: &lsp::Uri, abilities: Abilities) -> lsp::Diagnostic {
        let related = self.related.iter().map(|(range, message)| {
            let location = lsp::Location {
                uri: uri.clone(),
                range: *range,
            };
            lsp::DiagnosticRelatedInformation {
                location,
                message: message.to_string(),
            }
        });
        let wants_related = abilities.related_information && !self.related.is_empty();
        let page = page(self.rule, abilities);
        lsp::Diagnostic {
            range: self.range,
            severity: Some(severity(self.level)),
            code: Some(self.rule.name.into()),
            code_description: page.map(|href| lsp::CodeDescription { href }),
            source: Some(SOURCE.to_owned()),
            message: [&*self.message, " [", self.rule.source, "]"]
                .concat()
                .into(),
            related_information: wants_related.then(|| related.collect()),
            ..Default::default()
        }
    }
}

impl Hash for Remark {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self {
            rule,
            level,
            range,
            message,
            related,
        } = self;
        (rule.name, level, range, message, related).hash(state);
    }
}

/// Why nothing can be said of a note that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unknown {
    /// A change to it did not fit what was known of it.
    Lost,
    TooLong,
}

impl Unknown {
    pub fn sentence(self) -> String {
        match self {
            Self::Lost => {
                "Soapstone lost track of what this note says, because the editor sent a change that does not fit. Save the note, or close it and open it again, and it will be checked again.".to_owned()
            }
            Self::TooLong => format!("This note {}", files::TOO_LONG),
        }
    }
}

/// The findings of a note as they are shown, with a number that is the same for the same findings.
#[derive(Debug)]
pub struct Remarks {
    shown: Box<[Remark]>,
    /// How many more there are.
    more: usize,
    /// Why nothing was looked for at all.
    unknown: Option<Unknown>,
    number: OnceLock<u64>,
}

impl Remarks {
    /// The findings of a document, by their place. Where there are too many, the loudest.
    pub fn of(document: &Document, abilities: Abilities, analysis: &Analysis) -> Arc<Self> {
        // One place is that of the sentence about the rest.
        let (findings, more) = analysis.loudest(MOST - 1);
        let shown = findings.iter();
        let shown = shown.map(|(f, start)| Remark::of(document, abilities, f, *start));
        Self::with(shown.collect(), more, None)
    }

    /// No findings.
    pub fn none() -> Arc<Self> {
        Self::with(Box::default(), 0, None)
    }

    /// Nothing but why nothing was looked for.
    pub fn unknown(unknown: Unknown) -> Arc<Self> {
        Self::with(Box::default(), 0, Some(unknown))
    }

    fn with(shown: Box<[Remark]>, more: usize, unknown: Option<Unknown>) -> Arc<Self> {
        Arc::new(Self {
            shown,
            more,
            unknown,
            number: OnceLock::new(),
        })
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.shown.is_empty() && self.unknown.is_none()
    }

    /// The number that is the same for the same findings.
    pub fn number(&self) -> u64 {
        *self.number.get_or_init(|| {
            // These hashes are the same for the same values in every run of the program.
            let mut hasher = DefaultHasher::new();
            self.shown.hash(&mut hasher);
            if self.more > 0 {
                self.more.hash(&mut hasher);
            }
            if let Some(unknown) = self.unknown {
                unknown.hash(&mut hasher);
            }
            hasher.finish()
        })
    }

    /// The number as the protocol's name of a result.
    pub fn result_id(&self) -> String {
        format!("{:016x}", self.number())
    }

    pub fn diagnostics(&self, uri: &lsp::Uri, abilities: Abilities) -> Vec<lsp::Diagnostic> {
        let shown = self.shown.iter();
        let shown = shown.map(|remark| remark.diagnostic(uri, abilities));
        shown.chain(self.sentence()).collect()
    }

    /// What is said in place of the findings that are not shown, at the note's very beginning.
    fn sentence(&self) -> Option<lsp::Diagnostic> {
        let more = || {
            format!(
                "There are {} more findings in this chart. The most serious ones are listed here; the others appear as these are resolved.",
                self.more
            )
        };
        let sentence = match self.unknown {
            Some(unknown) => unknown.sentence(),
            None => (self.more > 0).then(more)?,
        };
        Some(lsp::Diagnostic {
            severity: Some(severity(Level::Information)),
            source: Some(SOURCE.to_owned()),
            message: sentence.into(),
            ..Default::default()
        })
    }

    /// The answer to a question about one document; `seen` is the result that the client has.
    pub fn report(
        &self,
        uri: &lsp::Uri,
        abilities: Abilities,
        seen: Option<&str>,
    ) -> lsp::DocumentDiagnosticReport {
        let result_id = self.result_id();
        if seen == Some(&*result_id) {
            let unchanged = lsp::UnchangedDocumentDiagnosticReport { result_id };
            return lsp::RelatedUnchangedDocumentDiagnosticReport::new(None, unchanged).into();
        }
        let full = self.full(uri, abilities, result_id);
        lsp::RelatedFullDocumentDiagnosticReport::new(None, full).into()
    }

    /// The item about one document in an answer about all of them.
    pub fn item(
        &self,
        uri: &lsp::Uri,
        version: Option<i32>,
        abilities: Abilities,
        seen: Option<&str>,
    ) -> lsp::WorkspaceDocumentDiagnosticReport {
        let (uri_of_item, result_id) = (uri.clone(), self.result_id());
        if seen == Some(&*result_id) {
            return lsp::WorkspaceUnchangedDocumentDiagnosticReport {
                uri: uri_of_item,
                version,
                unchanged_document_diagnostic_report: lsp::UnchangedDocumentDiagnosticReport {
                    result_id,
                },
            }
            .into();
        }
        lsp::WorkspaceFullDocumentDiagnosticReport {
            uri: uri_of_item,
            version,
            full_document_diagnostic_report: self.full(uri, abilities, result_id),
        }
        .into()
    }

    fn full(
        &self,
        uri: &lsp::Uri,
        abilities: Abilities,
        result_id: String,
    ) -> lsp::FullDocumentDiagnosticReport {
        lsp::FullDocumentDiagnosticReport {
            result_id: Some(result_id),
            items: self.diagnostics(uri, abilities),
        }
    }
}

pub fn diagnostic(note: &Snapshot, finding: &Finding) -> lsp::Diagnostic {
    let remark = Remark::of(&note.document, note.abilities, finding, 0);
    remark.diagnostic(&note.uri, note.abilities)
}

/// How loud a finding is, in the protocol's words.
fn severity(level: Level) -> lsp::DiagnosticSeverity {
    match level {
        Level::Error => lsp::DiagnosticSeverity::Error,
        Level::Warning => lsp::DiagnosticSeverity::Warning,
        Level::Information => lsp::DiagnosticSeverity::Information,
        Level::Hint | Level::Off => lsp::DiagnosticSeverity::Hint,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;

    #[test]
    fn of_too_many_findings_the_loudest_are_published_and_how_many_more_there_are() {
        // An error and more of less weight each.
        let visits = (0..400).map(|n| {
            let (month, day) = (n / 28 % 12 + 1, n % 28 + 1);
            format!("visit: 2026-{month:02}-{day:02}\n97124 lumbar 10:00-10:07\n\n")
        });
        let document = Document::new(&visits.collect::<String>());
        let analysis = Analysis::of(&document, &Arc::new(Policy::default()));
        let findings = analysis.findings();
        assert!(findings.len() > MOST);
        let remarks = Remarks::of(&document, Abilities::default(), &analysis);
        let uri = "file:///a.soap".parse().unwrap();
        let reported = remarks.diagnostics(&uri, Abilities::default());
        assert_eq!(reported.len(), MOST);
        let (rest, reported) = reported.split_last().unwrap();
        let number = findings.len() - reported.len();
        assert!(
            format!("{:?}", rest.message).contains(&format!("There are {number} more findings"))
        );
        let order = |d: &lsp::Diagnostic| {
            let start = d.range.start;
            (d.severity.map(u32::from), start.line, start.character)
        };
        assert!(reported.is_sorted_by_key(order));
        let errors = findings.iter().filter(|f| f.level == Level::Error).count();
        let reported_errors = reported
            .iter()
            .filter(|d| d.severity == Some(severity(Level::Error)));
        assert_eq!(reported_errors.count(), errors.min(MOST - 1));
    }

    fn remarks(text: &str) -> Arc<Remarks> {
        let document = Document::new(text);
        let analysis = Analysis::of(&document, &Arc::new(Policy::default()));
        Remarks::of(&document, Abilities::default(), &analysis)
    }

    #[test]
    fn the_same_findings_have_the_same_number() {
        let one = remarks("visit: 2026-11-02\n97124 lumbar 10:00-10:07\nS: a\n");
        assert!(!one.is_empty());
        let words = remarks("visit: 2026-11-02\n97124 lumbar 10:00-10:07\nS: b\n");
        assert_eq!(one.result_id(), words.result_id());
        let moved = remarks("\nvisit: 2026-11-02\n97124 lumbar 10:00-10:07\nS: a\n");
        assert_ne!(one.result_id(), moved.result_id());
        assert_eq!(remarks("").number(), Remarks::none().number());
    }
}
