//! Findings as diagnostics.

use tower_lsp::gen_lsp_types as lsp;

use super::range;
use crate::analysis::Analysis;
use crate::lsp::state::Snapshot;
use crate::policy::Level;
use crate::rules::Finding;

/// The diagnostics of a document.
pub fn diagnostics(note: &Snapshot, analysis: &Analysis) -> Vec<lsp::Diagnostic> {
    analysis
        .findings()
        .into_iter()
        .map(|f| diagnostic(note, &f))
        .collect()
}

/// The diagnostic of a finding.
pub fn diagnostic(note: &Snapshot, finding: &Finding) -> lsp::Diagnostic {
    let abilities = note.abilities;
    let related = finding.related.iter().map(|related| {
        let location = lsp::Location {
            uri: note.uri.clone(),
            range: range(&note.document, related.span, abilities),
        };
        lsp::DiagnosticRelatedInformation {
            location,
            message: related.message.clone(),
        }
    });
    let wants_related = abilities.related_information && !finding.related.is_empty();
    let titles: Vec<&str> = finding.fixes.iter().map(|f| f.title.as_str()).collect();
    let data = serde_json::json!({"rule": finding.rule.name, "fixes": titles});
    let page = finding.rule.url().parse().ok();
    lsp::Diagnostic {
        range: range(&note.document, finding.span, abilities),
        severity: Some(severity(finding.level)),
        code: Some(finding.rule.name.into()),
        code_description: page.map(|href| lsp::CodeDescription { href }),
        source: Some("soapstone".to_owned()),
        message: format!("{} [{}]", finding.message, finding.rule.source).into(),
        related_information: wants_related.then(|| related.collect()),
        data: abilities.data.then_some(data),
        tags: None,
    }
}

fn severity(level: Level) -> lsp::DiagnosticSeverity {
    match level {
        Level::Error => lsp::DiagnosticSeverity::Error,
        Level::Warning => lsp::DiagnosticSeverity::Warning,
        Level::Information => lsp::DiagnosticSeverity::Information,
        Level::Hint | Level::Off => lsp::DiagnosticSeverity::Hint,
    }
}
