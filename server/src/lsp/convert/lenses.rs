//! Code lenses, with commands of the editor where it has them, else the server's.

use serde_json::json;
use tower_lsp::gen_lsp_types as lsp;

use super::{position, range};
use crate::editor::lenses::{Lens, Press};
use crate::lsp::requests::commands;
use crate::lsp::state::Snapshot;

/// A code lens.
pub fn code_lens(note: &Snapshot, lens: Lens) -> lsp::CodeLens {
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
        Press::NextVisit => (commands::NEXT_VISIT, vec![uri, json!("carried")]),
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
