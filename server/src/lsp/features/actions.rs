//! `textDocument/codeAction`: fixes, what else can be done at a place, and ways not to be shown a finding.

use std::collections::HashMap;
use std::path::Path;

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use super::diagnostics::diagnostic;
use crate::analysis::Analysis;
use crate::editor::actions::{self, Action, Asked, Kind};
use crate::lsp::backend::Backend;
use crate::lsp::position::{range, span, workspace_edit};
use crate::lsp::settings;
use crate::lsp::state::Snapshot;
use crate::policy::now;
use crate::rules::{Finding, Fix, silence};
use crate::text::{Document, Span};

pub async fn code_action(
    backend: &Backend,
    params: lsp::CodeActionParams,
) -> Result<Option<Vec<lsp::CodeActionResponse>>> {
    let unbidden = is_unbidden(&params.context);
    let only = params.context.only;
    let wanted = move |kind| wants(only.as_deref(), kind);
    let answer = backend.answer(&params.text_document.uri, move |note, analysis| {
        let span = span(&note.document, params.range, note.abilities);
        let (mut all, mut hiding) = (Vec::new(), Vec::new());
        if wanted(Kind::Fix) {
            let findings = analysis.findings_in(span);
            hiding = silencing(note, analysis, &findings);
            all = fixes(note, findings);
        }
        let asked = Asked {
            document: &note.document,
            analysis,
            span,
            now: now(),
            unbidden,
        };
        let offers = actions::actions(&asked, wanted).into_iter();
        all.extend(offers.map(|action| offered(note, action)));
        // What hides a finding comes last.
        all.extend(hiding);
        all
    });
    answer.await
}

/// The protocol's kind of an action. A client that asks for a kind wants what is below it, too.
pub fn kind(kind: Kind) -> lsp::CodeActionKind {
    match kind {
        Kind::Fix => lsp::CodeActionKind::QuickFix,
        Kind::Add => lsp::CodeActionKind::Refactor,
        Kind::Rewrite => lsp::CodeActionKind::RefactorRewrite,
        Kind::FixAll => lsp::CodeActionKind::Custom("source.fixAll.soapstone".into()),
        Kind::Organize => lsp::CodeActionKind::Custom("source.organizeVisits.soapstone".into()),
    }
}

/// Whether a client that asks for these kinds of actions wants those of this kind.
fn wants(only: Option<&[lsp::CodeActionKind]>, offered: Kind) -> bool {
    let offered = String::from(kind(offered));
    let wanted = |asked: &lsp::CodeActionKind| {
        let asked = String::from(asked.clone());
        let rest = offered.strip_prefix(&asked);
        asked.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    only.is_none_or(|kinds| kinds.is_empty() || kinds.iter().any(wanted))
}

/// Whether the client asks by itself, without a person who wants to know. On saving it asks by
/// itself, too, but for the kinds that the person has chosen.
fn is_unbidden(context: &lsp::CodeActionContext) -> bool {
    context.trigger_kind == Some(lsp::CodeActionTriggerKind::Automatic)
        && context.only.as_ref().is_none_or(Vec::is_empty)
}

fn offered(note: &Snapshot, action: Action) -> lsp::CodeActionResponse {
    let action = lsp::CodeAction {
        title: action.title,
        kind: Some(kind(action.kind)),
        edit: Some(workspace_edit(note, action.edits)),
        ..Default::default()
    };
    action.into()
}

/// The fixes of findings; the same fix of two findings is one action for both.
fn fixes(
    note: &Snapshot,
    findings: impl IntoIterator<Item = Finding>,
) -> Vec<lsp::CodeActionResponse> {
    let mut merged: Vec<(Fix, Vec<lsp::Diagnostic>)> = Vec::new();
    for finding in findings {
        let diagnostic = diagnostic(note, &finding);
        for fix in finding.fixes {
            match merged.iter_mut().find(|(known, _)| *known == fix) {
                Some((_, diagnostics)) => diagnostics.push(diagnostic.clone()),
                None => merged.push((fix, vec![diagnostic.clone()])),
            }
        }
    }
    merged
        .into_iter()
        .map(|(fix, diagnostics)| {
            let action = lsp::CodeAction {
                title: fix.title,
                kind: Some(lsp::CodeActionKind::QuickFix),
                diagnostics: Some(diagnostics),
                is_preferred: fix.preferred.then_some(true),
                edit: Some(workspace_edit(note, fix.edits)),
                ..Default::default()
            };
            action.into()
        })
        .collect()
}

/// The ways not to be shown findings: here, in this chart, and, by way of `soapstone.toml`, in all
/// notes beside this one.
fn silencing(
    note: &Snapshot,
    analysis: &Analysis,
    findings: &[Finding],
) -> Vec<lsp::CodeActionResponse> {
    let path = note.uri.to_file_path().ok();
    let project = path.and_then(|path| settings::project_file(&path));
    let mut rules = Vec::new();
    let mut actions = Vec::new();
    for finding in findings {
        if rules.contains(&finding.rule.name) {
            continue;
        }
        rules.push(finding.rule.name);
        let mut action = |title: String, edit: lsp::WorkspaceEdit| {
            let action = lsp::CodeAction {
                title,
                kind: Some(lsp::CodeActionKind::QuickFix),
                diagnostics: Some(vec![diagnostic(note, finding)]),
                edit: Some(edit),
                ..Default::default()
            };
            actions.push(action.into());
        };
        for fix in analysis.silences(finding) {
            let title = format!("{}: {}", fix.title, finding.rule.name);
            action(title, workspace_edit(note, fix.edits));
        }
        let edit = project
            .as_ref()
            .and_then(|(file, text)| project_edit(note, file, text.as_deref(), finding.rule.name));
        if let Some(edit) = edit {
            let title = format!(
                "Do not show this in any note here (soapstone.toml): {}",
                finding.rule.name
            );
            action(title, edit);
        }
    }
    actions
}

/// Switches a rule off in `soapstone.toml`, which is made if there is none and the client can.
fn project_edit(
    note: &Snapshot,
    file: &Path,
    text: Option<&str>,
    rule: &str,
) -> Option<lsp::WorkspaceEdit> {
    let uri = lsp::Uri::from_file_path(file).ok()?;
    let before = Document::new(text.unwrap_or_default());
    let edit = lsp::TextEdit {
        range: range(&before, Span::new(0, before.len()), note.abilities),
        new_text: silence::project_edit(text, rule),
    };
    if !note.abilities.versioned_edits {
        return text.is_some().then(|| lsp::WorkspaceEdit {
            changes: Some(HashMap::from([(uri, vec![edit])])),
            ..Default::default()
        });
    }
    let mut changes = Vec::new();
    if text.is_none() {
        if !note.abilities.creates_files {
            return None;
        }
        changes.push(lsp::DocumentChange::CreateFile(lsp::CreateFile {
            uri: uri.clone(),
            options: None,
            annotation_id: None,
        }));
    }
    changes.push(
        lsp::TextDocumentEdit {
            text_document: lsp::OptionalVersionedTextDocumentIdentifier {
                version: None,
                text_document_identifier: lsp::TextDocumentIdentifier::new(uri),
            },
            edits: vec![lsp::Edit::TextEdit(edit)],
        }
        .into(),
    );
    Some(lsp::WorkspaceEdit {
        document_changes: Some(changes),
        ..Default::default()
    })
}
