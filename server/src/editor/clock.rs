//! How a note writes the time of day, so that a time that is put in looks like those that are there.

use crate::analysis::{Analysis, Piece};
use crate::chart::{ClockRange, FieldKind, time};

/// A time of day as the note writes others: `13:05`, `1305`, `1:05 pm` or `1:05`. The visit's own times are the model, else those
/// of the visit nearest before it, else of one after it. Times of a morning alone do not say how an afternoon is written.
pub fn written_like_the_note(analysis: &Analysis, piece: &Piece, minutes: u32) -> String {
    let before = analysis.pieces().rev().filter(|p| p.start <= piece.start);
    let after = analysis.pieces().filter(|p| p.start > piece.start);
    let mut nearest = None;
    for piece in before.chain(after) {
        for range in ranges(piece) {
            let words = &piece.text[range.ends[1].range()];
            if time::counts_twelve_hours(words, range.end).is_some() {
                return time::clock_beside((words, range.end), minutes);
            }
            nearest.get_or_insert(words);
        }
    }
    nearest.map_or_else(
        || time::clock(minutes),
        |words| time::clock_like(words, minutes),
    )
}

/// The clock times of a visit, that of the session first.
fn ranges(piece: &Piece) -> Vec<ClockRange> {
    let (text, visit) = (&piece.text, &piece.visit);
    let session = visit.field(FieldKind::Session).and_then(|f| f.value);
    let session = session.map(|value| time::clock_ranges(&text[value.range()], value.start));
    let blocks = visit.modalities.iter().flat_map(|m| &m.clock).copied();
    session.into_iter().flatten().chain(blocks).collect()
}

#[cfg(test)]
mod tests {
    use super::super::layout::testing::analysis;
    use super::*;

    #[test]
    fn as_the_rest_of_the_note() {
        for (session, written) in [
            ("1:00-1:50", "1:22"),
            ("13:00-13:50", "13:22"),
            ("1300-1350", "1322"),
            ("1:00-1:50 pm", "1:22 pm"),
            ("9:00-9:50 am", "1:22 pm"),
            ("0900-0950", "1322"),
            ("9:00-9:50", "13:22"),
        ] {
            for text in [
                format!("visit: 2026-11-20\nsession: {session}\n97124 lumbar"),
                format!("visit: 2026-11-13\nsession: {session}\n\nvisit: 2026-11-20\n97124 lumbar"),
                format!("visit: 2026-11-20\n97124 lumbar\n\nvisit: 2026-11-13\n97124 {session}\n"),
                format!(
                    "visit: 2026-11-20\nsession: 9:00-9:50\n\nvisit: 2026-11-13\n97124 {session}\n"
                ),
            ] {
                let (_, analysis) = analysis(&text);
                let here = text.find("2026-11-20").unwrap();
                let piece = analysis.piece_at(here).unwrap();
                assert_eq!(
                    written_like_the_note(&analysis, piece, 13 * 60 + 22),
                    written,
                    "{text}"
                );
            }
        }
        let (_, analysis) = analysis("97124 lumbar");
        let piece = analysis.piece_at(0).unwrap();
        assert_eq!(
            written_like_the_note(&analysis, piece, 13 * 60 + 22),
            "13:22"
        );
    }
}
