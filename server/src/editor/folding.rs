//! What can be folded: visits, sections, modalities with detail lines, the lines before the first
//! visit, runs of comments.

use super::layout::{Block, BlockKind, blocks};
use crate::analysis::{Analysis, Piece};
use crate::text::Span;

/// Something that can be folded. It reaches over a line's end, from its first character to its last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold {
    pub span: Span,
    pub comment: bool,
    /// In how many other folds it lies, more or less: what is to be kept of too many are the outer.
    pub depth: usize,
}

/// The folds of a document in order. No two begin on the same line.
pub fn folds(analysis: &Analysis) -> Vec<Fold> {
    let mut all = Vec::new();
    for piece in analysis.pieces() {
        let text = &*piece.text;
        let mut found = Vec::new();
        if piece.visit.heading.is_none() && piece.end() > piece.start {
            found.extend(preamble(analysis, piece));
        }
        of_blocks(&blocks(piece), 0, &mut found);
        found.extend(comments(text, piece.start));
        found.retain(|fold| {
            let span = Span::new(fold.span.start - piece.start, fold.span.end - piece.start);
            text[span.range()].contains(['\n', '\r'])
        });
        found.sort_by_key(|f| (f.span.start, f.depth, std::cmp::Reverse(f.span.end)));
        let mut line_end = 0;
        for fold in found {
            if fold.span.start < line_end {
                continue;
            }
            let rest = &text[fold.span.start - piece.start..];
            line_end = fold.span.start + rest.find(['\n', '\r']).unwrap_or(rest.len());
            all.push(fold);
        }
    }
    all
}

/// The lines before the first visit, from the first that is no comment.
fn preamble(analysis: &Analysis, piece: &Piece) -> Option<Fold> {
    if analysis.preamble()?.start != piece.start || piece.is_visit() {
        return None;
    }
    let has_words = |line: Span| !piece.text[line.range()].trim().is_empty();
    let mut lines = lines(&piece.text);
    let first = lines.find(|(line, comment)| !comment && has_words(*line));
    let start = first.map_or(0, |(line, _)| line.start);
    let end = piece.visit.text_end;
    (start < end).then(|| Fold {
        span: Span::new(start, end).shifted(piece.start),
        comment: false,
        depth: 0,
    })
}

fn of_blocks(blocks: &[Block<'_>], depth: usize, found: &mut Vec<Fold>) {
    for block in blocks {
        // The only visit of a note without headings is all there is to see of it.
        if !matches!(block.kind, BlockKind::Visit(None)) {
            found.push(Fold {
                span: block.span,
                comment: false,
                depth,
            });
        }
        of_blocks(&block.inside, depth + 1, found);
    }
}

fn comments(text: &str, offset: usize) -> Vec<Fold> {
    let mut runs: Vec<Span> = Vec::new();
    let mut before = false;
    for (line, comment) in lines(text) {
        if comment {
            match runs.last_mut() {
                Some(run) if before => run.end = line.end,
                _ => runs.push(line),
            }
        }
        before = comment;
    }
    let fold = |span: Span| Fold {
        span: span.shifted(offset),
        comment: true,
        depth: 1,
    };
    runs.into_iter().map(fold).collect()
}

/// The lines of a text without their breaks, and whether each is a comment.
fn lines(text: &str) -> impl Iterator<Item = (Span, bool)> {
    let mut start = 0;
    text.split_inclusive(['\n', '\r']).filter_map(move |line| {
        let at = start;
        start += line.len();
        // The second half of `\r\n`.
        if line == "\n" && text[..at].ends_with('\r') {
            return None;
        }
        let line = line.trim_end_matches(['\n', '\r']);
        let comment = line.trim_start_matches([' ', '\t']).starts_with("//");
        Some((Span::new(at, at + line.trim_end().len()), comment))
    })
}

#[cfg(test)]
mod tests {
    use super::super::layout::testing::{analysis, notes};
    use super::*;
    use proptest::prelude::*;

    /// First and last line of each fold, from 1.
    fn found(text: &str) -> Vec<(usize, usize)> {
        let (document, analysis) = analysis(text);
        let line = |at| document.position(at, crate::text::Encoding::Utf8).line + 1;
        let folds = folds(&analysis).into_iter();
        folds
            .map(|f| (line(f.span.start), line(f.span.end)))
            .collect()
    }

    #[test]
    fn what_a_chart_folds_to() {
        let text = "// a\n// b\npatient: 1\ngoal 1: sit\n   longer\n\nvisit: 2026-11-02\nS: Sore.\n   More.\n\nO: Tight.\n97124 lumbar 10:02-10:27\n  technique: effleurage\n97140 10 min\n\nA: Better.\n\n\nvisit: 2026-11-09\nS: x\n";
        let folds = [(1, 2), (3, 5), (4, 5), (7, 16), (8, 9), (12, 13), (19, 20)];
        assert_eq!(found(text), folds);
        for line_break in ["\r\n", "\r"] {
            assert_eq!(found(&text.replace('\n', line_break)), folds);
        }
    }

    #[test]
    fn a_note_without_a_heading_has_its_sections() {
        assert_eq!(found("S: x\n   y\nO: z\n"), [(1, 2)]);
        assert_eq!(found(""), []);
        assert_eq!(found("visit: 2026-11-02\n\n\n"), []);
    }

    #[test]
    fn a_block_in_a_sentence_or_a_row_folds_no_more_than_its_lines() {
        let text = "visit: 2026-11-02\nO: Tight.\n  Manual therapy (97140): 12 minutes\n  to the neck.\n\n| CPT | Min |\n| 97110 | 25 |\n\nGoals:\n1. sit 60 minutes\n2. walk 2 blocks\nP: Weekly.\n";
        assert_eq!(found(text), [(1, 12), (3, 4)]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn folds_reach_over_lines_and_start_on_lines_of_their_own(text in notes()) {
            let (document, analysis) = analysis(&text);
            let line = |at| document.position(at, crate::text::Encoding::Utf8).line;
            let mut last = None;
            for fold in folds(&analysis) {
                let (start, end) = (line(fold.span.start), line(fold.span.end));
                prop_assert!(start < end);
                prop_assert!(last < Some(start));
                last = Some(start);
                // It ends in text: not on an empty line, and so before the next heading.
                let trimmed = document.slice(fold.span);
                // To the grammar a no-break space is text.
                prop_assert!(!trimmed.ends_with([' ', '\t', '\r', '\n']), "{trimmed:?}");
            }
        }
    }
}
