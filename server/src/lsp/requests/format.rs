//! `textDocument/formatting`, `rangeFormatting`, `rangesFormatting` and `onTypeFormatting`.

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::editor::format::{after_enter, format};
use crate::lsp::backend::Backend;
use crate::lsp::convert;

impl Backend {
    pub(in crate::lsp) async fn formatting(
        &self,
        params: lsp::DocumentFormattingParams,
    ) -> Result<Option<Vec<lsp::TextEdit>>> {
        self.formatted(params.text_document, None, params.options)
            .await
    }

    pub(in crate::lsp) async fn range_formatting(
        &self,
        params: lsp::DocumentRangeFormattingParams,
    ) -> Result<Option<Vec<lsp::TextEdit>>> {
        self.formatted(
            params.text_document,
            Some(vec![params.range]),
            params.options,
        )
        .await
    }

    pub(in crate::lsp) async fn ranges_formatting(
        &self,
        params: lsp::DocumentRangesFormattingParams,
    ) -> Result<Option<Vec<lsp::TextEdit>>> {
        self.formatted(params.text_document, Some(params.ranges), params.options)
            .await
    }

    pub(in crate::lsp) async fn on_type_formatting(
        &self,
        params: lsp::DocumentOnTypeFormattingParams,
    ) -> Result<Option<Vec<lsp::TextEdit>>> {
        let answer = self.answer(&params.text_document.uri, move |note, analysis| {
            if params.ch != "\n" {
                return Vec::new();
            }
            let offset = convert::offset(&note.document, params.position, note.abilities);
            convert::format::text_edits(note, after_enter(analysis, offset))
        });
        answer.await
    }

    async fn formatted(
        &self,
        note: lsp::TextDocumentIdentifier,
        ranges: Option<Vec<lsp::Range>>,
        options: lsp::FormattingOptions,
    ) -> Result<Option<Vec<lsp::TextEdit>>> {
        let answer = self.answer(&note.uri, move |note, analysis| {
            let spans: Option<Vec<_>> = ranges.map(|ranges| {
                let spans = ranges
                    .into_iter()
                    .map(|range| convert::span(&note.document, range, note.abilities));
                spans.collect()
            });
            let wishes = convert::format::wishes(options);
            convert::format::text_edits(note, format(analysis, spans.as_deref(), wishes))
        });
        answer.await
    }
}
