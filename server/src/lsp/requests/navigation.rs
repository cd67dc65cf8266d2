//! `textDocument/definition`, `references`, `documentHighlight`, `prepareRename` and `rename`.

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};

use crate::editor::names;
use crate::lsp::backend::Backend;
use crate::lsp::convert;

impl Backend {
    pub(in crate::lsp) async fn definition(
        &self,
        params: lsp::DefinitionParams,
    ) -> Result<Option<lsp::DefinitionResponse>> {
        let place = params.text_document_position_params;
        let answer = self.answer(&place.text_document.uri, move |note, analysis| {
            let offset = convert::offset(&note.document, place.position, note.abilities);
            let found = names::at(analysis, offset)?;
            let span = names::definition(analysis, &found.name)?;
            Some(lsp::Definition::from(convert::location(note, span)).into())
        });
        Ok(answer.await?.flatten())
    }

    pub(in crate::lsp) async fn references(
        &self,
        params: lsp::ReferenceParams,
    ) -> Result<Option<Vec<lsp::Location>>> {
        let place = params.text_document_position_params;
        let with_definition = params.context.include_declaration;
        let answer = self.answer(&place.text_document.uri, move |note, analysis| {
            let offset = convert::offset(&note.document, place.position, note.abilities);
            let found = names::at(analysis, offset)?;
            let definition = names::definition(analysis, &found.name).filter(|_| !with_definition);
            let places = names::places(analysis, &found.name).into_iter();
            let places = places.filter(|p| definition != Some(p.span));
            Some(places.map(|p| convert::location(note, p.span)).collect())
        });
        Ok(answer.await?.flatten())
    }

    pub(in crate::lsp) async fn document_highlight(
        &self,
        params: lsp::DocumentHighlightParams,
    ) -> Result<Option<Vec<lsp::DocumentHighlight>>> {
        let place = params.text_document_position_params;
        let answer = self.answer(&place.text_document.uri, move |note, analysis| {
            let offset = convert::offset(&note.document, place.position, note.abilities);
            let found = names::at(analysis, offset)?;
            let places = names::places(analysis, &found.name).into_iter();
            let highlight = |place| convert::navigation::highlight(note, place);
            Some(places.map(highlight).collect())
        });
        Ok(answer.await?.flatten())
    }

    pub(in crate::lsp) async fn prepare_rename(
        &self,
        params: lsp::PrepareRenameParams,
    ) -> Result<Option<lsp::PrepareRenameResult>> {
        let place = params.text_document_position_params;
        let answer = self.answer(&place.text_document.uri, move |note, analysis| {
            let offset = convert::offset(&note.document, place.position, note.abilities);
            let (span, word) = names::prepare_rename(analysis, offset)?;
            Ok(convert::navigation::renamed(note, span, word))
        });
        answer.await?.transpose().map_err(refusal)
    }

    pub(in crate::lsp) async fn rename(
        &self,
        params: lsp::RenameParams,
    ) -> Result<Option<lsp::WorkspaceEdit>> {
        let place = params.text_document_position_params;
        let answer = self.answer(&place.text_document.uri, move |note, analysis| {
            let offset = convert::offset(&note.document, place.position, note.abilities);
            let renaming = names::rename(analysis, offset, &params.new_name)?;
            Ok(convert::navigation::renaming(note, renaming))
        });
        answer.await?.transpose().map_err(refusal)
    }
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
