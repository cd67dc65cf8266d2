//! Between the protocol's values and ours. The only place that builds the former.

use std::collections::HashMap;
use std::path::Path;

use serde::Deserialize;
use tower_lsp::gen_lsp_types as lsp;

use super::capabilities::Abilities;
use super::settings;
use super::state::Snapshot;
use crate::analysis::Analysis;
use crate::editor::hints::Hint;
use crate::editor::hover::Hover;
use crate::policy::Level;
use crate::rules::{Edit, Finding, Fix, silence};
use crate::text::{Document, Position, Span};

/// The parameters of `textDocument/didChange`, stricter than the framework's: there, a change whose
/// range cannot be understood counts as a new text for the whole document.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Changes {
    /// The document and its version after the changes.
    pub text_document: lsp::VersionedTextDocumentIdentifier,
    /// The changes; each is about the text after the one before.
    pub content_changes: Vec<Change>,
}

/// A change to a document.
#[derive(Debug, Deserialize)]
pub struct Change {
    /// What is replaced; nothing for the whole document.
    pub range: Option<lsp::Range>,
    /// By what.
    pub text: String,
}

impl Change {
    /// Whether the range ends before it starts.
    pub fn is_inverted(&self) -> bool {
        let place = |p: lsp::Position| (p.line, p.character);
        self.range
            .is_some_and(|range| place(range.start) > place(range.end))
    }

    /// Makes the change.
    pub fn apply(&self, document: &mut Document, abilities: Abilities) {
        match self.range {
            Some(range) => {
                let span = span(document, range, abilities);
                document.replace(span, &self.text);
            }
            None => *document = Document::new(&self.text),
        }
    }
}

/// The offset of a position.
pub fn offset(document: &Document, position: lsp::Position, abilities: Abilities) -> usize {
    let position = Position {
        line: position.line as usize,
        character: position.character as usize,
    };
    document.offset(position, abilities.encoding)
}

/// The span of a range; an empty one for a range that ends before it starts.
pub fn span(document: &Document, range: lsp::Range, abilities: Abilities) -> Span {
    let start = offset(document, range.start, abilities);
    Span::new(start, offset(document, range.end, abilities).max(start))
}

fn position(document: &Document, offset: usize, abilities: Abilities) -> lsp::Position {
    let position = document.position(offset, abilities.encoding);
    let unit = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    lsp::Position {
        line: unit(position.line),
        character: unit(position.character),
    }
}

fn range(document: &Document, span: Span, abilities: Abilities) -> lsp::Range {
    lsp::Range {
        start: position(document, span.start, abilities),
        end: position(document, span.end, abilities),
    }
}

/// The diagnostics of a document.
pub fn diagnostics(note: &Snapshot, analysis: &Analysis) -> Vec<lsp::Diagnostic> {
    analysis
        .findings()
        .into_iter()
        .map(|f| diagnostic(note, &f))
        .collect()
}

fn diagnostic(note: &Snapshot, finding: &Finding) -> lsp::Diagnostic {
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

/// Whether a client that asks for these kinds of actions wants quick fixes.
pub fn wants_fixes(only: Option<&[lsp::CodeActionKind]>) -> bool {
    let wanted = |kind: &lsp::CodeActionKind| {
        matches!(
            kind,
            lsp::CodeActionKind::QuickFix | lsp::CodeActionKind::Empty
        )
    };
    only.is_none_or(|kinds| kinds.is_empty() || kinds.iter().any(wanted))
}

/// The fixes of findings; the same fix of two findings is one action for both.
pub fn code_actions(
    note: &Snapshot,
    findings: impl IntoIterator<Item = Finding>,
) -> Vec<lsp::CodeActionResponse> {
    let mut fixes: Vec<(Fix, Vec<lsp::Diagnostic>)> = Vec::new();
    for finding in findings {
        let diagnostic = diagnostic(note, &finding);
        for fix in finding.fixes {
            match fixes.iter_mut().find(|(known, _)| *known == fix) {
                Some((_, diagnostics)) => diagnostics.push(diagnostic.clone()),
                None => fixes.push((fix, vec![diagnostic.clone()])),
            }
        }
    }
    fixes
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
pub fn silencing_actions(
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

fn workspace_edit(note: &Snapshot, mut edits: Vec<Edit>) -> lsp::WorkspaceEdit {
    edits.sort_by_key(|e| e.span);
    let edits = edits.into_iter().map(|edit| lsp::TextEdit {
        range: range(&note.document, edit.span, note.abilities),
        new_text: edit.text,
    });
    if note.abilities.versioned_edits {
        let edit = lsp::TextDocumentEdit {
            text_document: lsp::OptionalVersionedTextDocumentIdentifier {
                version: Some(note.version),
                text_document_identifier: lsp::TextDocumentIdentifier::new(note.uri.clone()),
            },
            edits: edits.map(lsp::Edit::TextEdit).collect(),
        };
        lsp::WorkspaceEdit {
            document_changes: Some(vec![edit.into()]),
            ..Default::default()
        }
    } else {
        lsp::WorkspaceEdit {
            changes: Some(HashMap::from([(note.uri.clone(), edits.collect())])),
            ..Default::default()
        }
    }
}

/// An inlay hint.
pub fn inlay_hint(note: &Snapshot, hint: Hint) -> lsp::InlayHint {
    lsp::InlayHint {
        position: position(&note.document, hint.offset, note.abilities),
        label: lsp::Label::String(hint.label),
        kind: None,
        text_edits: None,
        tooltip: Some(lsp::Tooltip::String(hint.tooltip)),
        padding_left: Some(true),
        padding_right: None,
        data: None,
    }
}

/// A hover.
pub fn hover(note: &Snapshot, hover: Hover) -> lsp::Hover {
    let contents = if note.abilities.hover_markdown {
        lsp::MarkupContent {
            kind: lsp::MarkupKind::Markdown,
            value: hover.markdown,
        }
    } else {
        lsp::MarkupContent {
            kind: lsp::MarkupKind::PlainText,
            value: plain(&hover.markdown),
        }
    };
    lsp::Hover {
        contents: contents.into(),
        range: Some(range(&note.document, hover.span, note.abilities)),
    }
}

/// Markdown without its simple marks: headings, rules, emphasis, code, links.
fn plain(markdown: &str) -> String {
    let lines = markdown.lines().filter(|line| {
        let fence = line.starts_with("```");
        let rule = line.len() >= 3 && line.bytes().all(|b| b == b'-');
        !fence && !rule
    });
    let lines = lines.map(|line| {
        let heading = line.trim_start_matches('#');
        let line = if heading.len() < line.len() && heading.starts_with(' ') {
            &heading[1..]
        } else {
            line
        };
        unlinked(&line.replace("**", "").replace('`', ""))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// `[text](address)` as `text (address)`.
fn unlinked(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, text, address, after)) = link(rest) {
        out.extend([before, text, " (", address, ")"]);
        rest = after;
    }
    out + rest
}

fn link(line: &str) -> Option<(&str, &str, &str, &str)> {
    let middle = line.find("](")?;
    let open = line[..middle].rfind('[')?;
    let close = middle + line[middle..].find(')')?;
    let (text, address) = (&line[open + 1..middle], &line[middle + 2..close]);
    Some((&line[..open], text, address, &line[close + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_has_no_marks() {
        let markdown = "## Title\n\n**97124** `massage`\n---\nsee [a](b) and [c](d).";
        assert_eq!(
            plain(markdown),
            "Title\n\n97124 massage\nsee a (b) and c (d)."
        );
        assert_eq!(plain("a [b] c](d"), "a [b] c](d");
        assert_eq!(plain("#3 of 4"), "#3 of 4");
    }

    #[test]
    fn a_range_that_cannot_be_understood_is_no_new_text() {
        let change = serde_json::json!({
            "range": {"start": {"line": -1, "character": 0}, "end": {"line": 0, "character": 0}},
            "text": "x",
        });
        assert!(serde_json::from_value::<Change>(change).is_err());
    }
}
