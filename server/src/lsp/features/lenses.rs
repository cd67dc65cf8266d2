//! `textDocument/codeLens`, with commands of the editor where it has them, else the server's.

use serde_json::json;
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use super::commands;
use crate::editor::lenses::{self, Lens, Press};
use crate::lsp::backend::Backend;
use crate::lsp::position::{position, range};
use crate::lsp::state::Snapshot;

pub async fn code_lens(
    backend: &Backend,
    params: lsp::CodeLensParams,
) -> Result<Option<Vec<lsp::CodeLens>>> {
    let answer = backend.answer(&params.text_document.uri, |note, analysis| {
        let in_hints = note.abilities.inlay_hints && analysis.policy().hints.units;
        let lenses = lenses::lenses(analysis, in_hints).into_iter();
        lenses.map(|lens| converted(note, lens)).collect()
    });
    answer.await
}

fn converted(note: &Snapshot, lens: Lens) -> lsp::CodeLens {
    let own = note.abilities.commands;
    let place = json!(position(&note.document, lens.span.start, note.abilities));
    let uri = json!(note.uri);
    let (command, arguments) = match lens.press {
        Press::ShowClaim if own.show_claim => ("soapstone.showClaim", vec![uri, place]),
        Press::ShowClaim => (commands::SHOW_CLAIM, vec![uri, place]),
        Press::CopyClaimLines if own.copy_claim_lines => {
            ("soapstone.copyClaimLines", vec![uri, place])
        }
        // An editor without a command of its own does nothing with an answer, but shows messages.
        Press::CopyClaimLines => (commands::CLAIM_LINES, vec![uri, place, json!("show")]),
        Press::NextVisit if own.next_visit => ("soapstone.nextVisit", vec![uri, place]),
        Press::NextVisit => (
            commands::NEXT_VISIT,
            vec![uri, json!("carried"), json!("ask")],
        ),
    };
    lsp::CodeLens {
        range: range(&note.document, lens.span, note.abilities),
        command: Some(lsp::Command {
            title: lens.title,
            tooltip: None,
            command: command.to_owned(),
            arguments: Some(arguments),
        }),
        data: None,
    }
}
