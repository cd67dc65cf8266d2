//! What a modality's lines say of techniques that no table knows.

use std::ops::Range;

use super::VisitCase;
use crate::chart::{FieldKind, Modality};
use crate::reference::regions;
use crate::text::Span;

/// Whether the lines below a modality name something that may be a technique which no table knows: a
/// part between commas with words that are neither a technique nor a region. Where `strict`, a part that
/// names a technique must not say more either: under an exercise code `kneading dough` is a task.
pub(super) fn says_more(case: &VisitCase<'_>, modality: &Modality, strict: bool) -> bool {
    let has_field = modality.details_of(FieldKind::Technique).next().is_some();
    let kind = if has_field {
        Some(FieldKind::Technique)
    } else {
        None
    };
    modality
        .details
        .iter()
        .filter(|d| d.kind == kind)
        .any(|detail| {
            let text = case.str(detail.span);
            let mut start = detail.span.start;
            text.split_inclusive([',', ';', '+', '/', '&', '\n', '\r'])
                .any(|part| {
                    let span = Span::new(start, start + part.len());
                    start = span.end;
                    let techniques = modality.techniques.iter().map(|m| m.range.clone());
                    let inside = techniques.filter(|r| r.start < span.end && span.start < r.end);
                    let mut known: Vec<_> = inside
                        .map(|r| r.start.max(span.start) - span.start..r.end - span.start)
                        .collect();
                    if !known.is_empty() && !strict {
                        return false;
                    }
                    known.extend(regions::find_in(part).into_iter().map(|m| m.range));
                    has_other_words(part, &known)
                })
        })
}

/// Whether words of a part are left, beside what is known, that say more than where and how strongly.
fn has_other_words(part: &str, known: &[Range<usize>]) -> bool {
    const WHERE: [&str; 16] = [
        "area",
        "areas",
        "bilateral",
        "bilaterally",
        "both",
        "deep",
        "grade",
        "left",
        "level",
        "light",
        "lower",
        "moderate",
        "muscle",
        "muscles",
        "right",
        "upper",
    ];
    let mut at = 0;
    part.split_inclusive(|c: char| !c.is_alphabetic())
        .any(|piece| {
            let start = at;
            at += piece.len();
            let word = piece.trim_end_matches(|c: char| !c.is_alphabetic());
            word.len() >= 4
                && !known.iter().any(|r| r.contains(&start))
                && !WHERE.iter().any(|plain| plain.eq_ignore_ascii_case(word))
        })
}
