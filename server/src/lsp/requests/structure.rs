//! `textDocument/documentSymbol`, `foldingRange`, `selectionRange` and `documentLink`, and
//! `workspace/symbol`.

use std::collections::HashSet;

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::editor::index::Query;
use crate::editor::{folding, links, selection, symbols};
use crate::lsp::backend::Backend;
use crate::lsp::convert;

/// At most so many visits and diagnoses are told of charts that are not open. Who looks through a
/// longer list types another word.
const MOST_OF_CLOSED: usize = 1000;

impl Backend {
    pub(in crate::lsp) async fn document_symbol(
        &self,
        params: lsp::DocumentSymbolParams,
    ) -> Result<Option<lsp::DocumentSymbolResponse>> {
        let answer = self.answer(&params.text_document.uri, |note, analysis| {
            let symbols = symbols::of_document(analysis);
            convert::structure::document_symbols(note, symbols)
        });
        answer.await
    }

    pub(in crate::lsp) async fn folding_range(
        &self,
        params: lsp::FoldingRangeParams,
    ) -> Result<Option<Vec<lsp::FoldingRange>>> {
        let answer = self.answer(&params.text_document.uri, |note, analysis| {
            convert::structure::folding_ranges(note, folding::folds(analysis))
        });
        answer.await
    }

    pub(in crate::lsp) async fn selection_range(
        &self,
        params: lsp::SelectionRangeParams,
    ) -> Result<Option<Vec<lsp::SelectionRange>>> {
        let answer = self.answer(&params.text_document.uri, move |note, analysis| {
            let positions = params.positions.into_iter();
            positions
                .map(|position| {
                    let offset = convert::offset(&note.document, position, note.abilities);
                    let spans = selection::selections(analysis, offset);
                    convert::structure::selection_range(note, &spans)
                })
                .collect()
        });
        answer.await
    }

    pub(in crate::lsp) async fn document_link(
        &self,
        params: lsp::DocumentLinkParams,
    ) -> Result<Option<Vec<lsp::DocumentLink>>> {
        let answer = self.answer(&params.text_document.uri, |note, analysis| {
            let links = links::links(analysis);
            links
                .iter()
                .filter_map(|link| convert::structure::document_link(note, link))
                .collect()
        });
        answer.await
    }

    pub(in crate::lsp) async fn workspace_symbol(
        &self,
        params: lsp::WorkspaceSymbolParams,
    ) -> Result<Option<lsp::WorkspaceSymbolResponse>> {
        let query = Query::of(&params.query);
        let of_closed = self.shared.chart_symbols(&query, MOST_OF_CLOSED);
        let of_open = self.answer_of_all(move |note, analysis| {
            let entries = symbols::of_chart(analysis).into_iter();
            let fitting = entries.filter(|entry| query.fits(&entry.words));
            let found = fitting.map(|entry| convert::structure::entry(note, entry));
            found.collect::<Vec<_>>()
        });
        let mut found = of_open.await?;
        // One that was opened meanwhile has told of itself.
        let open: HashSet<_> = found.iter().map(|s| s.location.uri.clone()).collect();
        let of_closed = of_closed.into_iter().filter(|(uri, _)| !open.contains(uri));
        found.extend(of_closed.map(convert::structure::chart_symbol));
        Ok(Some(found.into()))
    }
}
