//! `textDocument/codeAction`: fixes, what else can be done at a place, and ways not to be shown a finding.

use std::collections::HashMap;
use std::path::Path;

use serde::Serialize;
use serde_json::json;
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use super::commands;
use super::diagnostics::diagnostic;
use crate::analysis::Analysis;
use crate::editor::actions::{self, Asked, Kind, Offer};
use crate::lsp::backend::Backend;
use crate::lsp::position::{range, span, workspace_edit};
use crate::lsp::settings;
use crate::lsp::state::Snapshot;
use crate::policy::now;
use crate::rules::{Finding, silence};
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
        let mut findings = Vec::new();
        if wanted(Kind::Fix) {
            findings = analysis.findings_in(span);
        }
        let asked = Asked {
            document: &note.document,
            analysis,
            span,
            now: now(),
            unbidden,
        };
        let offers = actions::offers(&asked, &findings, wanted).into_iter();
        let offers = offers.map(|offer| offered(note, &findings, offer));
        // What hides a finding comes last.
        let all = offers.chain(hiding(note, analysis, &findings));
        all.filter_map(|action| response(note, action)).collect()
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

fn offered(note: &Snapshot, findings: &[Finding], offer: Offer) -> lsp::CodeAction {
    let mends = offer.mends.into_iter();
    let mends: Vec<_> = mends.map(|i| diagnostic(note, &findings[i])).collect();
    lsp::CodeAction {
        title: offer.action.title,
        kind: Some(kind(offer.action.kind)),
        diagnostics: (!mends.is_empty()).then_some(mends),
        is_preferred: offer.preferred.then_some(true),
        edit: Some(workspace_edit(note, offer.action.edits)),
        ..Default::default()
    }
}

/// An action as the client takes it. Before there were objects for them, actions were commands, and what they do is asked
/// for by the server.
fn response(note: &Snapshot, action: lsp::CodeAction) -> Option<lsp::CodeActionResponse> {
    if note.abilities.action_literals {
        return Some(action.into());
    }
    let apply = |edit: lsp::WorkspaceEdit| lsp::Command {
        title: action.title,
        tooltip: None,
        command: commands::APPLY.to_owned(),
        arguments: Some(vec![json!(edit)]),
    };
    let edit = action.edit.filter(|_| note.abilities.applies_edits);
    Some(action.command.or_else(|| edit.map(apply))?.into())
}

/// A way not to be shown what a rule found.
#[derive(Debug, Serialize)]
struct Way {
    rule: &'static str,
    /// Where it is not shown.
    place: &'static str,
    title: String,
    edit: lsp::WorkspaceEdit,
}

/// The ways not to be shown findings: here, in this chart, and, by way of `soapstone.toml`, in all notes beside this one.
/// An editor that lets the reader choose among them has one action for all.
fn hiding(note: &Snapshot, analysis: &Analysis, findings: &[Finding]) -> Vec<lsp::CodeAction> {
    let mut ways: Vec<(&Finding, Vec<Way>)> = Vec::new();
    for finding in findings {
        if ways.iter().all(|(f, _)| f.rule.name != finding.rule.name) {
            ways.push((finding, ways_for(note, analysis, finding)));
        }
    }
    if note.abilities.commands.hide_finding && !ways.is_empty() {
        let title = "Do not show …".to_owned();
        let choices: Vec<&Way> = ways.iter().flat_map(|(_, ways)| ways).collect();
        let command = lsp::Command {
            title: title.clone(),
            tooltip: None,
            command: "soapstone.hideFinding".to_owned(),
            arguments: Some(vec![json!(choices)]),
        };
        let diagnostics = ways.iter().map(|(finding, _)| diagnostic(note, finding));
        return vec![lsp::CodeAction {
            title,
            kind: Some(lsp::CodeActionKind::QuickFix),
            diagnostics: Some(diagnostics.collect()),
            command: Some(command),
            ..Default::default()
        }];
    }
    let action = |finding: &Finding, way: Way| lsp::CodeAction {
        title: way.title,
        kind: Some(lsp::CodeActionKind::QuickFix),
        diagnostics: Some(vec![diagnostic(note, finding)]),
        edit: Some(way.edit),
        ..Default::default()
    };
    let ways = ways.into_iter();
    ways.flat_map(|(finding, ways)| ways.into_iter().map(move |way| action(finding, way)))
        .collect()
}

fn ways_for(note: &Snapshot, analysis: &Analysis, finding: &Finding) -> Vec<Way> {
    let rule = finding.rule.name;
    // What holds for the whole chart comes last, and is all there is before the first visit.
    let mut ways: Vec<Way> = analysis
        .silences(finding)
        .into_iter()
        .rev()
        .zip(["chart", "here"])
        .map(|(fix, place)| Way {
            rule,
            place,
            title: format!("{}: {rule}", fix.title),
            edit: workspace_edit(note, fix.edits),
        })
        .collect();
    ways.reverse();
    let path = note.uri.to_file_path().ok();
    let project = path.and_then(|path| settings::project_file(&path));
    let edit = project.and_then(|(file, text)| project_edit(note, &file, text.as_deref(), rule));
    ways.extend(edit.map(|edit| Way {
        rule,
        place: "project",
        title: format!("Do not show this in any note here (soapstone.toml): {rule}"),
        edit,
    }));
    ways
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
