//! `textDocument/semanticTokens/full`, its `delta`, and `range`, in the protocol's numbers: five for
//! each token, its line and character counted from the token before.
//!
//! The legend is [`TYPES`] and [`MODIFIERS`]. All but two of its words are the protocol's own, so
//! that a theme knows them without being taught; what stands for what is in [`crate::editor::tokens`].
//! Of its own are the modifiers `timed`, a code that is billed by time, and `unknown`, a code,
//! modifier, day or rule that there is not.

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::analysis::{Analysis, Piece};
use crate::editor::tokens::{Marks, Token, TokenKind, tokens};
use crate::lsp::backend::Backend;
use crate::lsp::position::position;
use crate::text::Encoding;

pub async fn full(
    backend: &Backend,
    params: lsp::SemanticTokensParams,
) -> Result<Option<lsp::SemanticTokens>> {
    let answer = backend.answer(&params.text_document.uri, |note, analysis| {
        let mut memory = note.tokens.lock();
        memory.full(analysis, note.abilities.encoding)
    });
    answer.await
}

/// What changed in them since a result.
pub async fn delta(
    backend: &Backend,
    params: lsp::SemanticTokensDeltaParams,
) -> Result<Option<lsp::SemanticTokensDeltaResponse>> {
    let since = params.previous_result_id;
    let answer = backend.answer(&params.text_document.uri, move |note, analysis| {
        let mut memory = note.tokens.lock();
        memory.delta(analysis, note.abilities.encoding, &since)
    });
    answer.await
}

pub async fn range(
    backend: &Backend,
    params: lsp::SemanticTokensRangeParams,
) -> Result<Option<lsp::SemanticTokens>> {
    let lines = params.range.start.line..=params.range.end.line;
    let answer = backend.answer(&params.text_document.uri, move |note, analysis| {
        let line_of = |offset| position(&note.document, offset, note.abilities).line;
        of_lines(analysis, note.abilities.encoding, &lines, line_of)
    });
    answer.await
}

/// The types of the legend, in the order of [`TokenKind`].
const TYPES: [&str; 14] = [
    "namespace",
    "keyword",
    "property",
    "function",
    "decorator",
    "type",
    "modifier",
    "method",
    "number",
    "string",
    "enumMember",
    "variable",
    "macro",
    "comment",
];

/// The modifiers of the legend, in the order of the bits.
const MODIFIERS: [&str; 3] = ["timed", "deprecated", "unknown"];

/// How many results of a note are remembered: an editor may ask for the changes since its last one
/// while the answer before is still on its way.
const REMEMBERED: usize = 2;

pub fn options() -> lsp::SemanticTokensOptions {
    let words = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect();
    lsp::SemanticTokensOptions {
        legend: lsp::SemanticTokensLegend {
            token_types: words(&TYPES),
            token_modifiers: words(&MODIFIERS),
        },
        range: Some(true.into()),
        full: Some(lsp::Full::SemanticTokensFullDelta(
            lsp::SemanticTokensFullDelta { delta: Some(true) },
        )),
        ..Default::default()
    }
}

type RelativeToken = [u32; 5];

/// The tokens of a piece of the note.
#[derive(Debug, PartialEq, Eq)]
struct PieceTokens {
    /// The first one's line is counted from the piece's first line.
    rows: Vec<RelativeToken>,
    /// The lines that end in the piece.
    lines: u32,
}

/// The tokens of a note that were sent.
#[derive(Debug, Default)]
pub struct Memory {
    sent: Vec<(String, Arc<Vec<RelativeToken>>)>,
}

impl Memory {
    pub fn full(&mut self, analysis: &Analysis, encoding: Encoding) -> lsp::SemanticTokens {
        let rows = Arc::new(all(analysis, encoding));
        let data = rows.iter().map(|row| (*row).into()).collect();
        lsp::SemanticTokens {
            result_id: Some(self.remember(rows)),
            data,
        }
    }

    /// What changed in the tokens since a result; all of them if it is not remembered.
    pub fn delta(
        &mut self,
        analysis: &Analysis,
        encoding: Encoding,
        since: &str,
    ) -> lsp::SemanticTokensDeltaResponse {
        let before = self.sent.iter().find(|(id, _)| id == since);
        let Some(before) = before.map(|(_, rows)| Arc::clone(rows)) else {
            return self.full(analysis, encoding).into();
        };
        let rows = Arc::new(all(analysis, encoding));
        let edits = difference(&before, &rows).into_iter().collect();
        lsp::SemanticTokensDelta {
            result_id: Some(self.remember(rows)),
            edits,
        }
        .into()
    }

    /// Keeps a result, and gives it a name that no other result of this or another run has.
    fn remember(&mut self, rows: Arc<Vec<RelativeToken>>) -> String {
        static TOLD: AtomicU64 = AtomicU64::new(1);
        let number = TOLD.fetch_add(1, Ordering::Relaxed);
        let id = format!("{}-{number}", std::process::id());
        if self.sent.len() == REMEMBERED {
            self.sent.remove(0);
        }
        self.sent.push((id.clone(), rows));
        id
    }
}

/// The tokens of some lines, the last included. `line_of` is the line of an offset.
fn of_lines(
    analysis: &Analysis,
    encoding: Encoding,
    wanted: &RangeInclusive<u32>,
    line_of: impl Fn(usize) -> u32,
) -> lsp::SemanticTokens {
    let pieces = analysis.pieces();
    let mut pieces = pieces
        .skip_while(|p| line_of(p.end()) < *wanted.start())
        .peekable();
    let mut rows = TokenList::from(pieces.peek().map_or(0, |p| line_of(p.start)));
    for piece in pieces {
        if rows.line > *wanted.end() {
            break;
        }
        rows.add(&of_piece(piece, encoding), wanted);
    }
    lsp::SemanticTokens {
        result_id: None,
        data: rows.all.into_iter().map(Into::into).collect(),
    }
}

fn all(analysis: &Analysis, encoding: Encoding) -> Vec<RelativeToken> {
    let mut rows = TokenList::from(0);
    for piece in analysis.pieces() {
        rows.add(&of_piece(piece, encoding), &(0..=u32::MAX));
    }
    rows.all
}

/// Tokens one after the other.
struct TokenList {
    all: Vec<RelativeToken>,
    /// The line that the next piece begins on.
    line: u32,
    /// The line of the last token that was kept.
    last: u32,
}

impl TokenList {
    fn from(line: u32) -> Self {
        Self {
            all: Vec::new(),
            line,
            last: 0,
        }
    }

    /// Adds the tokens of the next piece that stand on the lines that are wanted.
    fn add(&mut self, piece: &PieceTokens, wanted: &RangeInclusive<u32>) {
        let mut line = self.line;
        for row in &piece.rows {
            line += row[0];
            // A line is wanted or it is not, so that what counts from the token before on the same
            // line holds still.
            if wanted.contains(&line) {
                self.all
                    .push([line - self.last, row[1], row[2], row[3], row[4]]);
                self.last = line;
            }
        }
        self.line += piece.lines;
    }
}

fn of_piece(piece: &Piece, encoding: Encoding) -> PieceTokens {
    let text = &*piece.text;
    let mut rows = Vec::new();
    let mut at = 0;
    let mut character = 0;
    let mut lines = 0;
    let (mut last_line, mut last_start) = (0, 0);
    let mut go_to = |to: usize, lines: &mut u32| {
        let (breaks, rest) = line_breaks(&text[at..to]);
        if breaks > 0 {
            character = 0;
            *lines += breaks;
        }
        character += units(rest, encoding);
        at = to;
        character
    };
    for Token { span, kind, marks } in tokens(piece) {
        let start = go_to(span.start, &mut lines);
        let length = units(&text[span.range()], encoding);
        let from = if lines == last_line { last_start } else { 0 };
        rows.push([
            lines - last_line,
            start - from,
            length,
            kind_number(kind),
            marks_bits(marks),
        ]);
        (last_line, last_start) = (lines, start);
    }
    go_to(text.len(), &mut lines);
    PieceTokens { rows, lines }
}

/// How many lines end in a text, and what stands after the last of their breaks.
fn line_breaks(text: &str) -> (u32, &str) {
    let bytes = text.as_bytes();
    let (mut breaks, mut rest) = (0, 0);
    for (at, byte) in bytes.iter().enumerate() {
        let ends = *byte == b'\n' || (*byte == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
        if ends {
            breaks += 1;
            rest = at + 1;
        }
    }
    (breaks, &text[rest..])
}

fn units(text: &str, encoding: Encoding) -> u32 {
    let count = match encoding {
        Encoding::Utf8 => text.len(),
        Encoding::Utf16 => text.chars().map(char::len_utf16).sum(),
        Encoding::Utf32 => text.chars().count(),
    };
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn kind_number(kind: TokenKind) -> u32 {
    kind as u32
}

fn marks_bits(marks: Marks) -> u32 {
    u32::from(marks.timed) | u32::from(marks.retired) << 1 | u32::from(marks.unknown) << 2
}

/// The one edit that makes the new rows of the old: what lies between their common beginning and
/// their common end.
fn difference(old: &[RelativeToken], new: &[RelativeToken]) -> Option<lsp::SemanticTokensEdit> {
    let same = |(a, b): &(&RelativeToken, &RelativeToken)| a == b;
    let head = old.iter().zip(new).take_while(same).count();
    let (old, new) = (&old[head..], &new[head..]);
    let tail = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take_while(same)
        .count();
    let (old, new) = (&old[..old.len() - tail], &new[..new.len() - tail]);
    if old.is_empty() && new.is_empty() {
        return None;
    }
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Some(lsp::SemanticTokensEdit {
        start: number(head * 5),
        delete_count: number(old.len() * 5),
        data: (!new.is_empty()).then(|| new.concat()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;
    use crate::text::{Document, Span};
    use proptest::prelude::*;

    const ENCODINGS: [Encoding; 3] = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32];

    fn analysis(document: &Document) -> Analysis {
        Analysis::of(document, &Arc::new(Policy::default()))
    }

    /// The rows that a document's tokens should have, by way of its own positions.
    fn expected(document: &Document, encoding: Encoding) -> Vec<RelativeToken> {
        let (mut line, mut start) = (0, 0);
        let mut rows = Vec::new();
        for piece in analysis(document).pieces() {
            for token in tokens(piece) {
                let span = token.span.shifted(piece.start);
                let [from, to] = [span.start, span.end].map(|o| document.position(o, encoding));
                assert_eq!(from.line, to.line, "a token of two lines");
                let number = |n: usize| u32::try_from(n).unwrap();
                let (at_line, at) = (number(from.line), number(from.character));
                let before = if at_line == line { start } else { 0 };
                rows.push([
                    at_line - line,
                    at - before,
                    number(to.character) - at,
                    kind_number(token.kind),
                    marks_bits(token.marks),
                ]);
                (line, start) = (at_line, at);
            }
        }
        rows
    }

    fn flat(tokens: &lsp::SemanticTokens) -> Vec<RelativeToken> {
        tokens.data.iter().map(|t| (*t).into()).collect()
    }

    /// What an editor makes of its last rows and an answer.
    fn applied(
        before: &[RelativeToken],
        answer: &lsp::SemanticTokensDeltaResponse,
    ) -> Vec<RelativeToken> {
        match answer {
            lsp::SemanticTokensDeltaResponse::SemanticTokens(all) => flat(all),
            lsp::SemanticTokensDeltaResponse::SemanticTokensDelta(delta) => {
                let mut numbers = before.concat();
                for edit in &delta.edits {
                    let start = edit.start as usize;
                    let new = edit.data.clone().unwrap_or_default();
                    numbers.splice(start..start + edit.delete_count as usize, new);
                }
                numbers.as_chunks::<5>().0.to_vec()
            }
        }
    }

    fn id_of(answer: &lsp::SemanticTokensDeltaResponse) -> String {
        let id = match answer {
            lsp::SemanticTokensDeltaResponse::SemanticTokens(all) => &all.result_id,
            lsp::SemanticTokensDeltaResponse::SemanticTokensDelta(delta) => &delta.result_id,
        };
        id.clone().unwrap()
    }

    #[test]
    fn every_kind_has_its_type() {
        assert_eq!(TYPES[TokenKind::Comment as usize], "comment");
        assert_eq!(TYPES[TokenKind::Number as usize], "number");
        assert_eq!(TYPES[TokenKind::Code as usize], "function");
        assert_eq!(TYPES.len(), TokenKind::Comment as usize + 1);
    }

    #[test]
    fn a_change_in_one_visit_is_reported_alone() {
        let mut document = Document::new(
            "payer: x\nvisit: 2026-01-01\n97124 lumbar 10 min\nvisit: 2026-01-02\n97110 5 min\n",
        );
        let mut memory = Memory::default();
        let full = memory.full(&analysis(&document), Encoding::Utf16);
        let at = document.text().find("10 min").unwrap();
        document.replace(Span::new(at, at + 2), "12 x");
        let since = full.result_id.clone().unwrap();
        let answer = memory.delta(&analysis(&document), Encoding::Utf16, &since);
        let lsp::SemanticTokensDeltaResponse::SemanticTokensDelta(delta) = &answer else {
            panic!("{answer:?}")
        };
        assert_eq!(delta.edits.len(), 1);
        assert!(
            delta.edits[0].data.as_ref().is_none_or(|d| d.len() <= 10),
            "{delta:?}"
        );
        assert_eq!(
            applied(&flat(&full), &answer),
            expected(&document, Encoding::Utf16)
        );
        // Nothing changed since, and nothing is sent.
        let again = memory.delta(&analysis(&document), Encoding::Utf16, &id_of(&answer));
        let lsp::SemanticTokensDeltaResponse::SemanticTokensDelta(delta) = again else {
            panic!("{again:?}")
        };
        assert_eq!(delta.edits, []);
        // A result that is not remembered any more gets all.
        let all = memory.delta(&analysis(&document), Encoding::Utf16, &since);
        assert!(
            matches!(all, lsp::SemanticTokensDeltaResponse::SemanticTokens(_)),
            "{all:?}"
        );
    }

    fn pieces() -> impl Strategy<Value = String> {
        prop::collection::vec(
            prop::sample::select(vec![
                "visit: 2026-01-02",
                "\n",
                "\r",
                "\r\n",
                " ",
                "é",
                "\u{1F600}",
                "97140-59",
                " R hip ",
                "25 min",
                "\nS: ",
                "6/10",
                "// \u{1F600}",
                "dx: M54.50",
                "\u{2028}",
                "technique: stroking",
            ]),
            0..30,
        )
        .prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn rows_agree_with_the_positions(text in pieces()) {
            let document = Document::new(&text);
            for encoding in ENCODINGS {
                let all = Memory::default().full(&analysis(&document), encoding);
                prop_assert_eq!(flat(&all), expected(&document, encoding));
            }
        }

        #[test]
        fn changes_lead_where_the_whole_does(
            text in pieces(),
            edits in prop::collection::vec((0usize..200, 0usize..30, pieces()), 1..5),
        ) {
            let mut document = Document::new(&text);
            let mut known = analysis(&document);
            let mut memory = Memory::default();
            let full = memory.full(&known, Encoding::Utf16);
            let (mut rows, mut id) = (flat(&full), full.result_id.unwrap());
            for (start, len, insert) in edits {
                document.replace(Span::new(start, start + len), &insert);
                known = known.updated(&document, &Arc::new(Policy::default()));
                let answer = memory.delta(&known, Encoding::Utf16, &id);
                rows = applied(&rows, &answer);
                id = id_of(&answer);
                prop_assert_eq!(&rows, &expected(&document, Encoding::Utf16));
            }
        }

        #[test]
        fn a_range_holds_the_tokens_of_its_lines(text in pieces(), first in 0u32..8, more in 0u32..4) {
            let document = Document::new(&text);
            let known = analysis(&document);
            let wanted = first..=first + more;
            let line_of = |o| u32::try_from(document.position(o, Encoding::Utf16).line).unwrap();
            let some = of_lines(&known, Encoding::Utf16, &wanted, line_of);
            let absolute = |rows: Vec<RelativeToken>| {
                let mut line = 0;
                let rows = rows.into_iter().map(move |row| {
                    line += row[0];
                    (line, row[1..].to_vec())
                });
                rows.collect::<Vec<_>>()
            };
            let mut all = absolute(expected(&document, Encoding::Utf16));
            all.retain(|(line, _)| wanted.contains(line));
            prop_assert_eq!(absolute(flat(&some)), all);
        }
    }
}
