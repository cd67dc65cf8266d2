//! Findings as diagnostics.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use tower_lsp::gen_lsp_types as lsp;

use super::range;
use crate::analysis::Analysis;
use crate::lsp::capabilities::Abilities;
use crate::lsp::state::Snapshot;
use crate::policy::Level;
use crate::rules::{Finding, Rule};
use crate::text::Document;

/// Who says so.
pub const SOURCE: &str = "soapstone";

/// A finding's sentence, with who says so.
pub fn description(message: &str, rule: &Rule) -> String {
    format!("{message} [{}]", rule.source)
}

/// What is kept of a finding to show it: a good deal smaller than a diagnostic, and without the
/// text it is about. There may be ten thousand charts in a folder.
#[derive(Debug)]
struct Remark {
    rule: &'static Rule,
    level: Level,
    range: lsp::Range,
    message: Box<str>,
    related: Box<[(lsp::Range, Box<str>)]>,
    fixes: Box<[Box<str>]>,
}

impl Remark {
    fn of(document: &Document, abilities: Abilities, finding: &Finding) -> Self {
        let related = finding.related.iter();
        Self {
            rule: finding.rule,
            level: finding.level,
            range: range(document, finding.span, abilities),
            message: finding.message.as_str().into(),
            related: related
                .map(|r| {
                    (
                        range(document, r.span, abilities),
                        r.message.as_str().into(),
                    )
                })
                .collect(),
            fixes: finding
                .fixes
                .iter()
                .map(|f| f.title.as_str().into())
                .collect(),
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
        let data = serde_json::json!({"rule": self.rule.name, "fixes": self.fixes});
        let page = self.rule.url().parse().ok();
        lsp::Diagnostic {
            range: self.range,
            severity: Some(severity(self.level)),
            code: Some(self.rule.name.into()),
            code_description: page.map(|href| lsp::CodeDescription { href }),
            source: Some(SOURCE.to_owned()),
            message: description(&self.message, self.rule).into(),
            related_information: wants_related.then(|| related.collect()),
            data: abilities.data.then_some(data),
            tags: None,
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
            fixes,
        } = self;
        (rule.name, level, range, message, related, fixes).hash(state);
    }
}

/// The findings of a note as they are shown, with a number that is the same for the same findings.
#[derive(Debug)]
pub struct Remarks {
    all: Box<[Remark]>,
    number: u64,
}

impl Remarks {
    /// The findings of a document.
    pub fn of(document: &Document, abilities: Abilities, analysis: &Analysis) -> Arc<Self> {
        let findings = analysis.findings();
        let all = findings.iter().map(|f| Remark::of(document, abilities, f));
        Self::with(all.collect())
    }

    /// No findings.
    pub fn none() -> Arc<Self> {
        Self::with(Box::default())
    }

    fn with(all: Box<[Remark]>) -> Arc<Self> {
        // These hashes are the same for the same values in every run of the program.
        let mut hasher = DefaultHasher::new();
        all.hash(&mut hasher);
        let number = hasher.finish();
        Arc::new(Self { all, number })
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The number that is the same for the same findings.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The number as the protocol's name of a result.
    pub fn result_id(&self) -> String {
        format!("{:016x}", self.number)
    }

    /// The diagnostics.
    pub fn diagnostics(&self, uri: &lsp::Uri, abilities: Abilities) -> Vec<lsp::Diagnostic> {
        let all = self.all.iter();
        all.map(|remark| remark.diagnostic(uri, abilities))
            .collect()
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

/// The diagnostic of a finding.
pub fn diagnostic(note: &Snapshot, finding: &Finding) -> lsp::Diagnostic {
    let remark = Remark::of(&note.document, note.abilities, finding);
    remark.diagnostic(&note.uri, note.abilities)
}

/// How loud a finding is, in the protocol's words.
pub fn severity(level: Level) -> lsp::DiagnosticSeverity {
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
