//! `textDocument/documentSymbol` and `workspace/symbol`.

use std::collections::HashSet;

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::editor::index::Query;
use crate::editor::symbols::{self, Symbol, SymbolKind};
use crate::lsp::backend::Backend;
use crate::lsp::position::{location, range};
use crate::lsp::state::Snapshot;

/// At most so many visits and diagnoses are reported of charts that are not open. Who looks through a
/// longer list types another word.
const MOST_OF_CLOSED: usize = 1000;

pub async fn document_symbol(
    backend: &Backend,
    params: lsp::DocumentSymbolParams,
) -> Result<Option<lsp::DocumentSymbolResponse>> {
    let answer = backend.answer(&params.text_document.uri, |note, analysis| {
        let symbols = symbols::of_document(analysis);
        outline(note, symbols)
    });
    answer.await
}

/// The visits and diagnoses of all charts, by the words of a query.
pub async fn workspace_symbol(
    backend: &Backend,
    params: lsp::WorkspaceSymbolParams,
) -> Result<Option<lsp::WorkspaceSymbolResponse>> {
    let query = Query::of(&params.query);
    let of_closed = backend.shared.chart_symbols(&query, MOST_OF_CLOSED);
    let of_open = backend.answer_of_all(move |note, analysis| {
        let entries = symbols::of_chart(analysis).into_iter();
        let fitting = entries.filter(|entry| query.fits(&entry.words));
        fitting
            .map(|entry| named(location(note, entry.span), entry.name, entry.kind))
            .collect()
    });
    let mut found = of_open.await?;
    // One that was opened meanwhile has reported its own.
    let open: HashSet<_> = found.iter().map(|s| s.location.uri.clone()).collect();
    let of_closed = of_closed.into_iter().filter(|(uri, _)| !open.contains(uri));
    found.extend(of_closed.map(|(uri, symbol)| {
        let range = symbol.range;
        named(
            lsp::Location { uri, range },
            symbol.name.into(),
            symbol.kind,
        )
    }));
    Ok(Some(found.into()))
}

/// The outline: as a tree, or as a list where the client knows no trees.
fn outline(note: &Snapshot, symbols: Vec<Symbol>) -> lsp::DocumentSymbolResponse {
    if note.abilities.nested_symbols {
        let symbols = symbols.into_iter().map(|s| tree_entry(note, s));
        return symbols.collect::<Vec<_>>().into();
    }
    let mut list = Vec::new();
    flatten(note, symbols, None, &mut list);
    list.into()
}

#[expect(deprecated, reason = "the field has to be left empty by name")]
fn tree_entry(note: &Snapshot, symbol: Symbol) -> lsp::DocumentSymbol {
    let inside = symbol.inside.into_iter();
    let inside: Vec<_> = inside.map(|s| tree_entry(note, s)).collect();
    lsp::DocumentSymbol {
        name: symbol.name,
        detail: symbol.detail,
        kind: nearest(symbol.kind),
        tags: None,
        deprecated: None,
        range: range(&note.document, symbol.span, note.abilities),
        selection_range: range(&note.document, symbol.place, note.abilities),
        children: (!inside.is_empty()).then_some(inside),
    }
}

fn flatten(
    note: &Snapshot,
    symbols: Vec<Symbol>,
    container: Option<&str>,
    list: &mut Vec<lsp::SymbolInformation>,
) {
    for mut symbol in symbols {
        let inside = std::mem::take(&mut symbol.inside);
        let name = symbol.name.clone();
        let mut entry = named(location(note, symbol.span), symbol.name, symbol.kind);
        entry.base_symbol_information.container_name = container.map(str::to_owned);
        list.push(entry);
        flatten(note, inside, Some(&name), list);
    }
}

#[expect(deprecated, reason = "the field has to be left empty by name")]
fn named(location: lsp::Location, name: String, kind: SymbolKind) -> lsp::SymbolInformation {
    lsp::SymbolInformation {
        deprecated: None,
        location,
        base_symbol_information: lsp::BaseSymbolInformation {
            name,
            kind: nearest(kind),
            tags: None,
            container_name: None,
        },
    }
}

/// The nearest of the kinds that every client knows.
fn nearest(kind: SymbolKind) -> lsp::SymbolKind {
    match kind {
        SymbolKind::Visit => lsp::SymbolKind::Class,
        SymbolKind::Section => lsp::SymbolKind::Namespace,
        SymbolKind::Modality => lsp::SymbolKind::Method,
        SymbolKind::Goal => lsp::SymbolKind::Property,
        SymbolKind::Diagnosis => lsp::SymbolKind::Constant,
    }
}
