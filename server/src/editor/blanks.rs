//! The way from one blank to the next.

use crate::analysis::Analysis;
use crate::rules;
use crate::text::Span;

/// The first blank from an offset of the document on, else the first of all. Backwards it is the last one that ends there or
/// before, else the last of all.
pub fn next_blank(analysis: &Analysis, offset: usize, backwards: bool) -> Option<Span> {
    let of_piece = |piece: &crate::analysis::Piece| {
        let (start, text) = (piece.start, &piece.text);
        let blanks = rules::blanks(text).into_iter();
        blanks
            .map(move |blank| blank.shifted(start))
            .collect::<Vec<_>>()
    };
    let all: Vec<Span> = analysis.pieces().flat_map(of_piece).collect();
    if backwards {
        let before = all.iter().rfind(|blank| blank.end <= offset);
        before.or(all.last()).copied()
    } else {
        let after = all.iter().find(|blank| blank.start >= offset);
        after.or(all.first()).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::super::layout::testing::analysis;
    use super::*;

    #[test]
    fn round_and_round() {
        let text = "dx: ___\n\nvisit: 2026-11-20\nS: ___ and {side}\n// ___\n";
        let (_, analysis) = analysis(text);
        let blanks: Vec<Span> = ["___", "___ and", "{side}"]
            .iter()
            .map(|words| {
                let at = text.find(words).unwrap();
                Span::new(at, at + words.split(' ').next().unwrap().len())
            })
            .collect();
        let ways = [(false, [0, 1, 2, 0]), (true, [2, 1, 0, 2])];
        for (backwards, order) in ways {
            let mut at = 0;
            for next in order {
                let blank = next_blank(&analysis, at, backwards).unwrap();
                assert_eq!(blank, blanks[next]);
                at = if backwards { blank.start } else { blank.end };
            }
        }
        assert_eq!(
            next_blank(&analysis, blanks[1].start, false),
            Some(blanks[1])
        );
    }

    #[test]
    fn nothing_is_left_to_fill() {
        for text in ["visit: 2026-11-20\n// ___\n", ""] {
            let (_, analysis) = analysis(text);
            assert_eq!(next_blank(&analysis, 0, false), None);
        }
    }
}
