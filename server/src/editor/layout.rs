//! The blocks that a clinician sees in a chart: visits, sections, modalities, goals, diagnoses, one
//! inside the other. Outline, folding and selection go by them.

use std::cmp::Reverse;

use crate::analysis::Piece;
use crate::chart::{
    Diagnosis, DiagnosisKind, Field, FieldKind, Goal, Heading, Modality, Section, SectionKind,
    Visit,
};
use crate::text::Span;

#[derive(Clone, Copy, Debug)]
pub enum BlockKind<'a> {
    /// A visit; without a heading if it is the only one of its chart.
    Visit(Option<&'a Heading>),
    /// A section, without the modalities that follow it.
    Section(&'a Section),
    /// A modality with its detail lines.
    Modality(&'a Modality),
    Goal(&'a Goal),
    /// A diagnosis with the words beside it.
    Diagnosis(&'a Diagnosis),
}

/// A block with those inside it. Blocks beside each other do not overlap and are in order.
#[derive(Clone, Debug)]
pub struct Block<'a> {
    pub kind: BlockKind<'a>,
    /// From its first character to its last, in offsets of the document.
    pub span: Span,
    /// What names it: a heading, a key, a code.
    pub name: Span,
    pub inside: Vec<Block<'a>>,
}

pub fn blocks(piece: &Piece) -> Vec<Block<'_>> {
    let (text, visit) = (&*piece.text, &piece.visit);
    let mut items = items(text, visit);
    if let Some(heading) = &visit.heading {
        let span = Span::new(heading.span.start, heading.span.end.max(visit.text_end));
        items.push(block(BlockKind::Visit(Some(heading)), span, heading.span));
    } else if piece.is_visit() {
        // What stands before the first section or modality is said of the whole chart.
        let starts =
            |b: &&Block<'_>| matches!(b.kind, BlockKind::Section(_) | BlockKind::Modality(_));
        if let Some(first) = items.iter().filter(starts).min_by_key(|block| block.name) {
            let name = first.name;
            let span = Span::new(first.span.start, visit.text_end.max(name.end));
            items.push(block(BlockKind::Visit(None), span, name));
        }
    }
    nested(items, piece.start)
}

fn block(kind: BlockKind<'_>, span: Span, name: Span) -> Block<'_> {
    let inside = Vec::new();
    Block {
        kind,
        span,
        name,
        inside,
    }
}

fn items<'a>(text: &str, visit: &'a Visit) -> Vec<Block<'a>> {
    let modality_starts: Vec<usize> = visit.modalities.iter().map(|m| m.span.start).collect();
    let is_signature = |f: &&Field| matches!(f.kind, FieldKind::Signed | FieldKind::Addendum);
    let signatures = visit.fields.iter().filter(is_signature);
    let signatures: Vec<usize> = signatures.map(|f| f.span.start).collect();
    let sections = visit.sections.iter().map(|section| {
        // A section runs on to the next one in the grammar; to the reader what was done stands
        // beside the findings above it, not inside them, and the signature below the plan is the
        // visit's. `Tx:` is made to hold what was done.
        let start = section.span.start;
        let after = |starts: &[usize]| {
            let next = starts.iter().find(|s| **s >= start);
            next.map_or(section.span.end, |s| *s)
        };
        let mut end = section.span.end.min(after(&signatures));
        if section.kind != SectionKind::Treatment {
            end = end.min(after(&modality_starts));
        }
        let trimmed = text[section.span.start..end].trim_end().len();
        let end = (section.span.start + trimmed).max(section.name.end);
        let span = Span::new(section.name.start, end);
        block(BlockKind::Section(section), span, section.name)
    });
    let modalities = visit.modalities.iter().map(|modality| {
        let end = modality.modifiers_end.max(modality.code_span.end);
        let name = Span::new(modality.code_span.start, end);
        block(BlockKind::Modality(modality), modality.span, name)
    });
    let goals = visit.goals.iter().map(|goal| {
        let key = text[goal.key.range()].trim_end_matches([':', ' ', '\t']);
        let name = Span::new(goal.key.start, goal.key.start + key.len());
        let span = Span::new(goal.key.start, goal.span.end);
        block(BlockKind::Goal(goal), span, name)
    });
    let is_code = |d: &&Diagnosis| matches!(d.kind, DiagnosisKind::Icd10 | DiagnosisKind::Icd9);
    let diagnoses = visit.diagnoses.iter().filter(is_code).map(|diagnosis| {
        let words = words_beside(text, visit, diagnosis);
        let span = Span::new(diagnosis.span.start, words.end);
        block(BlockKind::Diagnosis(diagnosis), span, diagnosis.span)
    });
    let items = sections.chain(modalities).chain(goals);
    items.chain(diagnoses).collect()
}

/// The words that stand after a diagnosis code in a `dx` field; the empty span after the code if
/// there are none.
pub fn words_beside(text: &str, visit: &Visit, diagnosis: &Diagnosis) -> Span {
    let start = diagnosis.span.end;
    let field = visit.fields.iter().rfind(|f| f.span.start <= start);
    let Some(value) = field.and_then(|f| f.value).filter(|v| v.touches(start)) else {
        return Span::at(start);
    };
    // In `1) M54.2 2) M54.50` nothing parts one from the next.
    let next = visit.diagnoses.iter().find(|d| d.span.start >= start);
    let next = next.map_or(value.end, |d| d.span.start);
    let rest = &text[start..value.end.min(next).max(start)];
    // A comma may belong to the words, as in `osteoarthritis, left knee`.
    let rest = &rest[..rest.find([';', '\n', '\r']).unwrap_or(rest.len())];
    let rest = rest.trim_end_matches(|c: char| !c.is_alphanumeric() && c != ')');
    if !rest.contains(char::is_alphabetic) {
        return Span::at(start);
    }
    Span::new(start, start + rest.len())
}

/// Puts blocks into each other by their spans. One that begins in another and ends after it, which
/// no note should come to, is left out.
fn nested(mut items: Vec<Block<'_>>, offset: usize) -> Vec<Block<'_>> {
    items.sort_by_key(|b| {
        let visit = matches!(b.kind, BlockKind::Visit(_));
        (b.span.start, Reverse(b.span.end), Reverse(visit))
    });
    let mut open: Vec<Block<'_>> = Vec::new();
    let mut done: Vec<Block<'_>> = Vec::new();
    for mut block in items {
        block.span = block.span.shifted(offset);
        block.name = block.name.shifted(offset);
        while open.last().is_some_and(|b| b.span.end <= block.span.start) {
            close(&mut open, &mut done);
        }
        if open.last().is_none_or(|b| block.span.end <= b.span.end) {
            open.push(block);
        }
    }
    while !open.is_empty() {
        close(&mut open, &mut done);
    }
    done
}

fn close<'a>(open: &mut Vec<Block<'a>>, done: &mut Vec<Block<'a>>) {
    if let Some(block) = open.pop() {
        match open.last_mut() {
            Some(outer) => outer.inside.push(block),
            None => done.push(block),
        }
    }
}

/// Texts that no one would write on purpose, for the property tests of what goes by the blocks.
#[cfg(test)]
pub mod testing {
    use std::sync::Arc;

    use proptest::prelude::*;

    use crate::analysis::Analysis;
    use crate::policy::Policy;
    use crate::text::Document;

    pub fn notes() -> impl Strategy<Value = String> {
        prop::collection::vec(
            prop::sample::select(vec![
                "visit: 2026-01-02",
                "visit:",
                "payer: x",
                "dx: M54.50 low back; M54.2",
                "dx: 1) M54.2 2) M54.50 ",
                " dx M54.2",
                "goal 1: sit 60 minutes",
                "STG 1:",
                "goals 1 and 2",
                "\n",
                "\n",
                "\r",
                "\r\n",
                "\n\n",
                "\n  ",
                "é",
                "\u{1F600}",
                "\u{0}",
                "\u{FEFF}",
                "\u{A0}",
                "97140",
                "97124 lumbar 10:02-10:27",
                "-59",
                "S:",
                "O: x",
                "Tx:",
                "technique: x",
                "waive: missing-goal because x",
                "// x",
                "Manual therapy (97140): 12 minutes",
                "Ther ex 15 min (97110-GP), then stretches 8 min (97140).",
                "| CPT | Min |\n| 97110-GP | 25 |\n",
                "CPT\tMin\tMod\n97110\t25\tGP\n",
                "Units: 97110 (2 units, 30 min), 97140 (1 unit)",
                "97110/97112 15 min",
                "- CPT 97110:GP:59 ",
                "Medical Diagnosis: M54.5",
                "Goals:\n1. sit 60 minutes\n",
                "25 min",
                "x2",
                " ",
            ]),
            0..25,
        )
        .prop_map(|pieces| pieces.concat())
    }

    pub fn analysis(text: &str) -> (Document, Analysis) {
        let document = Document::new(text);
        let analysis = Analysis::of(&document, &Arc::new(Policy::default()));
        (document, analysis)
    }
}

#[cfg(test)]
mod tests {
    use super::testing::{analysis, notes};
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, blocks: &[Block<'_>], within: Span) -> Result<(), TestCaseError> {
        let mut before = within.start;
        for block in blocks {
            let (span, name) = (block.span, block.name);
            prop_assert!(before <= span.start && span.end <= within.end, "{block:?}");
            prop_assert!(
                span.start <= name.start && name.end <= span.end,
                "{block:?}"
            );
            prop_assert!(!name.is_empty());
            prop_assert!(text.get(span.range()).is_some() && text.get(name.range()).is_some());
            check(text, &block.inside, span)?;
            before = span.end;
        }
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn blocks_nest_and_never_overlap(text in notes()) {
            let (_, analysis) = analysis(&text);
            for piece in analysis.pieces() {
                let blocks = blocks(piece);
                check(&text, &blocks, Span::new(piece.start, piece.end()))?;
            }
        }
    }
}
