//! How a selection grows: word, value, line, modality or field, section, visit, document.

use super::layout::{Block, blocks};
use super::{around, line_start, names};
use crate::analysis::{Analysis, Piece};
use crate::chart::{Modality, Visit};
use crate::text::Span;

/// The spans to select from an offset on, each one holding the one before and more.
pub fn selections(analysis: &Analysis, offset: usize) -> Vec<Span> {
    let end = analysis.pieces().last().map_or(0, Piece::end);
    let document = Span::new(0, end);
    let Some(piece) = analysis.piece_at(offset) else {
        return vec![document];
    };
    let text = &*piece.text;
    let at = (offset - piece.start).min(text.len());
    let mut spans = vec![word(text, at)];
    values(&piece.visit, &mut spans);
    spans.extend(names::at(analysis, offset).map(|found| {
        let Span { start, end } = found.span;
        Span::new(start - piece.start, end - piece.start)
    }));
    let line = line(text, at);
    spans.extend([trimmed(text, line), line]);
    for span in &mut spans {
        *span = span.shifted(piece.start);
    }
    of_blocks(&blocks(piece), &mut spans);
    spans.extend([Span::new(piece.start, piece.end()), document]);
    spans.retain(|span| span.touches(offset));
    spans.sort_by_key(|span| span.len());
    let mut before: Option<Span> = None;
    spans.retain(|span| {
        let grows = before.is_none_or(|last| {
            span.start <= last.start && last.end <= span.end && span.len() > last.len()
        });
        before = if grows { Some(*span) } else { before };
        grows
    });
    spans
}

fn of_blocks(blocks: &[Block<'_>], spans: &mut Vec<Span>) {
    for block in blocks {
        spans.extend([block.name, block.span]);
        of_blocks(&block.inside, spans);
    }
}

fn values(visit: &Visit, spans: &mut Vec<Span>) {
    let heading = visit.heading.iter();
    spans.extend(heading.flat_map(|h| [h.date.map(|d| d.span), h.value].into_iter().flatten()));
    for field in &visit.fields {
        if let Some(value) = field.value {
            spans.extend([value, Span::new(field.key.start, value.end)]);
        }
    }
    spans.extend(visit.diagnoses.iter().map(|d| d.span));
    spans.extend(visit.prose.iter().map(|p| p.span));
    for modality in &visit.modalities {
        of_modality(modality, spans);
    }
}

fn of_modality(modality: &Modality, spans: &mut Vec<Span>) {
    spans.extend([modality.code_span, modality.line, modality.span]);
    spans.extend(modality.modifiers.iter().map(|m| m.span));
    spans.extend(modality.clock.iter().map(|c| c.span));
    spans.extend(modality.durations.iter().map(|d| d.span));
    spans.extend(modality.claimed.iter().map(|c| c.span));
    spans.extend(modality.diagnoses.iter().map(|d| d.span));
    spans.extend(modality.regions.iter().map(|r| Span::from(r.range.clone())));
    let techniques = modality.techniques.iter();
    spans.extend(techniques.map(|t| Span::from(t.range.clone())));
    spans.extend(modality.details.iter().map(|d| d.span));
}

/// The word at an offset, or just before it; the empty span if there is none.
fn word(text: &str, at: usize) -> Span {
    around(text, at, |c| {
        c.is_alphanumeric() || matches!(c, '_' | '\'' | '’')
    })
}

fn line(text: &str, at: usize) -> Span {
    let end = text[at..]
        .find(['\n', '\r'])
        .map_or(text.len(), |length| at + length);
    Span::new(line_start(text, at), end)
}

fn trimmed(text: &str, line: Span) -> Span {
    let inside = &text[line.range()];
    let lead = inside.len() - inside.trim_start().len();
    Span::new(line.start + lead, line.start + lead + inside.trim().len())
}

#[cfg(test)]
mod tests {
    use super::super::layout::testing::{analysis, notes};
    use super::*;
    use proptest::prelude::*;

    /// The texts that are selected one after the other from the mark `^` on.
    fn grown(text: &str) -> Vec<String> {
        let offset = text.find('^').unwrap();
        let (document, analysis) = analysis(&text.replacen('^', "", 1));
        let spans = selections(&analysis, offset);
        spans.into_iter().map(|s| document.slice(s)).collect()
    }

    #[test]
    fn from_a_word_to_the_document() {
        let visit = "visit: 2026-11-02\nO: Tight.\n97124 lumbar 10:02-10:27\n  technique: deep effleurage\nP: x";
        let modality = "97124 lumbar 10:02-10:27\n  technique: deep effleurage";
        assert_eq!(
            grown(
                "payer: x\n\nvisit: 2026-11-02\nO: Tight.\n97124 lumbar 10:02-10:27\n  technique: deep eff^leurage\nP: x\n\n"
            ),
            [
                "effleurage",
                "deep effleurage",
                "technique: deep effleurage",
                "  technique: deep effleurage",
                modality,
                visit,
                &format!("{visit}\n\n"),
                &format!("payer: x\n\n{visit}\n\n"),
            ]
        );
        assert_eq!(
            grown("visit: 2026-11-02\n97124 lumbar 10:0^2-10:27\n  x\nA: y")[..4],
            [
                "02",
                "10:02-10:27",
                "97124 lumbar 10:02-10:27",
                "97124 lumbar 10:02-10:27\n  x"
            ]
        );
        assert_eq!(
            grown("goal 1: sit ^60 minutes\n  by May\npatient: 1")[..4],
            [
                "60",
                "goal 1: sit 60 minutes",
                "goal 1: sit 60 minutes\n  by May",
                "goal 1: sit 60 minutes\n  by May\npatient: 1"
            ]
        );
        assert_eq!(grown("^"), [""]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn selections_grow(text in notes(), at in 0usize..300) {
            let (document, analysis) = analysis(&text);
            let mut at = at.min(text.len());
            while !text.is_char_boundary(at) { at -= 1; }
            let spans = selections(&analysis, at);
            prop_assert_eq!(spans.last(), Some(&Span::new(0, document.len())));
            prop_assert!(spans.iter().all(|s| s.touches(at) && text.get(s.range()).is_some()));
            for pair in spans.windows(2) {
                prop_assert!(pair[1].start <= pair[0].start && pair[0].end <= pair[1].end);
                prop_assert!(pair[1].len() > pair[0].len());
            }
        }
    }
}
