//! `textDocument/formatting`, `rangeFormatting`, `rangesFormatting` and `onTypeFormatting`.

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::editor::format::{Wishes, after_enter, format};
use crate::lsp::backend::Backend;
use crate::lsp::position::{offset, span, text_edits};

/// The edits that put some ranges, or the whole note, into their usual form.
pub async fn formatting(
    backend: &Backend,
    note: lsp::TextDocumentIdentifier,
    ranges: Option<Vec<lsp::Range>>,
    options: lsp::FormattingOptions,
) -> Result<Option<Vec<lsp::TextEdit>>> {
    let answer = backend.answer(&note.uri, move |note, analysis| {
        let spans: Option<Vec<_>> = ranges.map(|ranges| {
            let ranges = ranges.into_iter();
            let spans = ranges.map(|range| span(&note.document, range, note.abilities));
            spans.collect()
        });
        text_edits(note, format(analysis, spans.as_deref(), wishes(options)))
    });
    answer.await
}

/// What the key that ends a line puts onto the next one.
pub async fn on_type_formatting(
    backend: &Backend,
    params: lsp::DocumentOnTypeFormattingParams,
) -> Result<Option<Vec<lsp::TextEdit>>> {
    let answer = backend.answer(&params.text_document.uri, move |note, analysis| {
        if params.ch != "\n" {
            return Vec::new();
        }
        let offset = offset(&note.document, params.position, note.abilities);
        text_edits(note, after_enter(analysis, offset))
    });
    answer.await
}

/// What the client wishes. The width of a tab is no matter: a note is indented by spaces, two of
/// them below a modality.
fn wishes(options: lsp::FormattingOptions) -> Wishes {
    Wishes {
        trims_spaces: options.trim_trailing_whitespace.unwrap_or(true),
        ends_with_break: options.insert_final_newline.unwrap_or(true),
    }
}
