//! `textDocument/documentLink`.

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::editor::links::{self, Link};
use crate::lsp::backend::Backend;
use crate::lsp::capabilities::Abilities;
use crate::lsp::position::range;
use crate::lsp::state::Snapshot;
use crate::rules::{Group, Rule};

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

/// The address of a rule's page: the command of an extension that shows it, else that of a release, if it has one.
pub(super) fn page(rule: &Rule, abilities: Abilities) -> Option<lsp::Uri> {
    if rule.group == Group::Clinic {
        return None;
    }
    let address = if abilities.commands.explain_rule {
        format!("command:soapstone.explainRule?%5B%22{}%22%5D", rule.name)
    } else {
        rule.url()?
    };
    address.parse().ok()
}

fn link_to(note: &Snapshot, link: &Link) -> Option<lsp::DocumentLink> {
    Some(lsp::DocumentLink {
        range: range(&note.document, link.span, note.abilities),
        target: Some(page(link.rule, note.abilities)?),
        tooltip: note
            .abilities
            .link_tooltips
            .then(|| link.rule.summary().to_owned()),
        data: None,
    })
}
