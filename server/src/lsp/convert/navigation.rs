//! Places of a name, and its renaming.

use std::collections::{HashMap, HashSet};

use tower_lsp::gen_lsp_types as lsp;

use super::{range, workspace_edit};
use crate::editor::names::{Place, Renaming};
use crate::lsp::state::Snapshot;
use crate::text::Span;

/// A place of a name, lit up.
pub fn highlight(note: &Snapshot, place: Place) -> lsp::DocumentHighlight {
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

/// What is about to be renamed, and what it is called now.
pub fn renamed(note: &Snapshot, span: Span, word: String) -> lsp::PrepareRenameResult {
    lsp::PrepareRenamePlaceholder {
        range: range(&note.document, span, note.abilities),
        placeholder: word,
    }
    .into()
}

/// A renaming. Where the client can, the user is asked about the edits in signed visits.
pub fn renaming(note: &Snapshot, renaming: Renaming) -> lsp::WorkspaceEdit {
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
