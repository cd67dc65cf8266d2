//! `textDocument/documentLink`.

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::editor::links::{self, Link};
use crate::lsp::backend::Backend;
use crate::lsp::position::range;
use crate::lsp::state::Snapshot;

pub async fn document_link(
    backend: &Backend,
    params: lsp::DocumentLinkParams,
) -> Result<Option<Vec<lsp::DocumentLink>>> {
    let answer = backend.answer(&params.text_document.uri, |note, analysis| {
        let links = links::links(analysis);
        links
            .iter()
            .filter_map(|link| link_to(note, link))
            .collect()
    });
    answer.await
}

fn link_to(note: &Snapshot, link: &Link) -> Option<lsp::DocumentLink> {
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
