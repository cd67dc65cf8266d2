//! `textDocument/definition`, `references`, `documentHighlight`, `prepareRename` and `rename`.

use std::collections::{HashMap, HashSet};

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};

use crate::editor::names::{self, Occurrence, Renaming};
use crate::lsp::backend::Backend;
use crate::lsp::position::{location, offset, range, workspace_edit};
use crate::lsp::state::Snapshot;

pub async fn definition(
    backend: &Backend,
    params: lsp::DefinitionParams,
) -> Result<Option<lsp::DefinitionResponse>> {
    let place = params.text_document_position_params;
    let answer = backend.answer(&place.text_document.uri, move |note, analysis| {
        let offset = offset(&note.document, place.position, note.abilities);
        let found = names::at(analysis, offset)?;
        let span = names::definition(analysis, &found.name)?;
        Some(lsp::Definition::from(location(note, span)).into())
    });
    Ok(answer.await?.flatten())
}

pub async fn references(
    backend: &Backend,
    params: lsp::ReferenceParams,
) -> Result<Option<Vec<lsp::Location>>> {
    let place = params.text_document_position_params;
    let with_definition = params.context.include_declaration;
    let answer = backend.answer(&place.text_document.uri, move |note, analysis| {
        let offset = offset(&note.document, place.position, note.abilities);
        let found = names::at(analysis, offset)?;
        let definition = names::definition(analysis, &found.name).filter(|_| !with_definition);
        let places = names::places(analysis, &found.name).into_iter();
        let places = places.filter(|p| definition != Some(p.span));
        Some(places.map(|p| location(note, p.span)).collect())
    });
    Ok(answer.await?.flatten())
}

/// All places of a name, lit up.
pub async fn document_highlight(
    backend: &Backend,
    params: lsp::DocumentHighlightParams,
) -> Result<Option<Vec<lsp::DocumentHighlight>>> {
    let place = params.text_document_position_params;
    let answer = backend.answer(&place.text_document.uri, move |note, analysis| {
        let offset = offset(&note.document, place.position, note.abilities);
        let found = names::at(analysis, offset)?;
        let places = names::places(analysis, &found.name).into_iter();
        let highlight = |place| highlight(note, place);
        Some(places.map(highlight).collect())
    });
    Ok(answer.await?.flatten())
}

pub async fn prepare_rename(
    backend: &Backend,
    place: lsp::TextDocumentPositionParams,
) -> Result<Option<lsp::PrepareRenameResult>> {
    let answer = backend.answer(&place.text_document.uri, move |note, analysis| {
        let offset = offset(&note.document, place.position, note.abilities);
        let (span, placeholder) = names::prepare_rename(analysis, offset)?;
        let range = range(&note.document, span, note.abilities);
        Ok(lsp::PrepareRenamePlaceholder { range, placeholder }.into())
    });
    answer.await?.transpose().map_err(refusal)
}

pub async fn rename(
    backend: &Backend,
    params: lsp::RenameParams,
) -> Result<Option<lsp::WorkspaceEdit>> {
    let place = params.text_document_position_params;
    let answer = backend.answer(&place.text_document.uri, move |note, analysis| {
        let offset = offset(&note.document, place.position, note.abilities);
        let renaming = names::rename(analysis, offset, &params.new_name)?;
        Ok(edit_of(note, renaming))
    });
    answer.await?.transpose().map_err(refusal)
}

fn highlight(note: &Snapshot, place: Occurrence) -> lsp::DocumentHighlight {
    let kind = if place.defines {
        lsp::DocumentHighlightKind::Write
    } else {
        lsp::DocumentHighlightKind::Read
    };
    lsp::DocumentHighlight {
        range: range(&note.document, place.span, note.abilities),
        kind: Some(kind),
    }
}

/// A renaming. Where the client can, the user is asked about the edits in signed visits.
fn edit_of(note: &Snapshot, renaming: Renaming) -> lsp::WorkspaceEdit {
    const SIGNED: &str = "signed";
    let place = |range: lsp::Range| (range.start.line, range.start.character);
    let signed = renaming.signed.iter();
    let marks: HashSet<(u32, u32)> = signed
        .map(|edit| place(range(&note.document, edit.span, note.abilities)))
        .collect();
    let mut edits = renaming.edits;
    edits.extend(renaming.signed);
    let mut edit = workspace_edit(note, edits);
    if marks.is_empty() || !note.abilities.annotated_edits {
        return edit;
    }
    for change in edit.document_changes.iter_mut().flatten() {
        let lsp::DocumentChange::TextDocumentEdit(document) = change else {
            continue;
        };
        for edit in &mut document.edits {
            if let lsp::Edit::TextEdit(plain) = edit
                && marks.contains(&place(plain.range))
            {
                *edit = lsp::Edit::AnnotatedTextEdit(lsp::AnnotatedTextEdit {
                    annotation_id: SIGNED.to_owned(),
                    text_edit: plain.clone(),
                });
            }
        }
    }
    let annotation = lsp::ChangeAnnotation {
        label: "In visits that are signed".to_owned(),
        needs_confirmation: Some(true),
        description: Some("A change to a signed note may have to be an addendum.".to_owned()),
    };
    edit.change_annotations = Some(HashMap::from([(SIGNED.to_owned(), annotation)]));
    edit
}

/// An answer that the user reads: why it cannot be done.
fn refusal(sentence: String) -> Error {
    /// The protocol's `RequestFailed`.
    const REQUEST_FAILED: i64 = -32803;
    Error {
        code: ErrorCode::from(REQUEST_FAILED),
        message: sentence.into(),
        data: None,
    }
}
