//! Outline, folds, selections and links.

use tower_lsp::gen_lsp_types as lsp;

use super::{location, range};
use crate::editor::folding::Fold;
use crate::editor::index::Entry;
use crate::editor::links::Link;
use crate::editor::symbols::{Symbol, SymbolKind};
use crate::lsp::state::Snapshot;
use crate::lsp::state::workspace::ChartSymbol;
use crate::text::Span;

/// The outline: as a tree, or as a list where the client knows no trees.
pub fn document_symbols(note: &Snapshot, symbols: Vec<Symbol>) -> lsp::DocumentSymbolResponse {
    if note.abilities.nested_symbols {
        let symbols = symbols.into_iter().map(|s| document_symbol(note, s));
        return symbols.collect::<Vec<_>>().into();
    }
    let mut list = Vec::new();
    flatten(note, symbols, None, &mut list);
    list.into()
}

#[expect(deprecated, reason = "the field has to be left empty by name")]
fn document_symbol(note: &Snapshot, symbol: Symbol) -> lsp::DocumentSymbol {
    let inside = symbol.inside.into_iter();
    let inside: Vec<_> = inside.map(|s| document_symbol(note, s)).collect();
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
        list.push(symbol_information(note, symbol, container));
        flatten(note, inside, Some(&name), list);
    }
}

/// A symbol that stands by itself.
fn symbol_information(
    note: &Snapshot,
    symbol: Symbol,
    container: Option<&str>,
) -> lsp::SymbolInformation {
    let mut named = named(location(note, symbol.span), symbol.name, symbol.kind);
    named.base_symbol_information.container_name = container.map(str::to_owned);
    named
}

/// A visit or diagnosis of an open note.
pub fn entry(note: &Snapshot, entry: Entry) -> lsp::SymbolInformation {
    named(location(note, entry.span), entry.name, entry.kind)
}

/// A visit or diagnosis of a chart that is not open.
pub fn chart_symbol((uri, symbol): (lsp::Uri, ChartSymbol)) -> lsp::SymbolInformation {
    let range = symbol.range;
    let location = lsp::Location { uri, range };
    named(location, symbol.name.into(), symbol.kind)
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

/// The folds as whole lines; the outer ones if the client takes no more.
pub fn folding_ranges(note: &Snapshot, mut folds: Vec<Fold>) -> Vec<lsp::FoldingRange> {
    let most = note.abilities.most_folds.unwrap_or(u32::MAX);
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    if folds.len() > most {
        folds.sort_by_key(|f| f.depth);
        folds.truncate(most);
        folds.sort_by_key(|f| f.span.start);
    }
    let line = |offset| super::position(&note.document, offset, note.abilities).line;
    folds
        .into_iter()
        .map(|fold| lsp::FoldingRange {
            start_line: line(fold.span.start),
            start_character: None,
            end_line: line(fold.span.end),
            end_character: None,
            kind: fold.comment.then_some(lsp::FoldingRangeKind::Comment),
            collapsed_text: None,
        })
        .collect()
}

/// Growing spans, the smallest outermost in the answer. There is at least one.
pub fn selection_range(note: &Snapshot, spans: &[Span]) -> lsp::SelectionRange {
    let ranges = spans
        .iter()
        .map(|span| range(&note.document, *span, note.abilities));
    let mut growing: Vec<lsp::Range> = ranges.collect();
    // Of a line break's two halves the protocol knows one place only.
    growing.dedup();
    let mut ranges = growing.into_iter().rev();
    let document = lsp::SelectionRange {
        range: ranges.next().unwrap_or_default(),
        parent: None,
    };
    ranges.fold(document, |parent, range| lsp::SelectionRange {
        range,
        parent: Some(Box::new(parent)),
    })
}

/// A link.
pub fn document_link(note: &Snapshot, link: &Link) -> Option<lsp::DocumentLink> {
    Some(lsp::DocumentLink {
        range: range(&note.document, link.span, note.abilities),
        target: Some(link.target.parse().ok()?),
        tooltip: note
            .abilities
            .link_tooltips
            .then(|| link.tooltip.to_owned()),
        data: None,
    })
}
