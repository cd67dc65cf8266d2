//! Wording that payers object to, where it counts: what the rules about wording share.

use std::cell::LazyCell;

use memchr::memchr2_iter;

use super::VisitCase;
use super::sections::has_figures;
use crate::chart::{Credential, FieldKind, SectionKind, Visit, credential};
use crate::reference::wording::{DenialPhrase, Profession, Weight, find_in};
use crate::text::Span;

/// Such wording in the visit.
#[derive(Clone, Copy, Debug)]
pub struct Mention {
    /// Where.
    pub span: Span,
    /// What.
    pub phrase: &'static DenialPhrase,
    /// How much it matters to whoever writes the note.
    pub weight: Weight,
}

/// How many kinds of sections there are, about; sections come before blocks.
const KINDS_OF_SECTION: usize = 8;

/// A stretch of text that is read as a whole.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    span: Span,
    place: StretchKind,
}

/// Where a stretch stands.
#[derive(Clone, Copy, Debug, PartialEq)]
enum StretchKind {
    Section(SectionKind),
    /// At or below the modality of this place among those of the visit.
    Modality(usize),
}

impl StretchKind {
    /// Whether figures stand beside the wording, anywhere in its section or below its code.
    fn has_figures(self, case: &VisitCase<'_>) -> bool {
        match self {
            Self::Section(kind) => has_figures(case.text, case.visit, kind),
            Self::Modality(index) => case.visit.modalities.get(index).is_some_and(|modality| {
                let below = modality.line.end..modality.span.end.max(modality.line.end);
                case.text[below].bytes().any(|b| b.is_ascii_digit())
            }),
        }
    }
}

/// The wording of the visit, in order. The patient's own words are not judged but for one phrase
/// that says nothing of what he can do.
pub fn found_in<'c>(case: &'c VisitCase<'_>) -> &'c [Mention] {
    case.wording.get_or_init(|| find(case))
}

fn find(case: &VisitCase<'_>) -> Vec<Mention> {
    let mut found: Vec<Mention> = Vec::new();
    // Of each kind of section there is one answer, and of the block that is looked at.
    let mut figures: Vec<(StretchKind, bool)> = Vec::new();
    let writes = LazyCell::new(|| profession(case).0);
    for stretch in stretches(case.text, case.visit) {
        let subjective = stretch.place == StretchKind::Section(SectionKind::Subjective);
        let mut has_figures = || {
            let known = figures.iter().find(|(place, _)| *place == stretch.place);
            if let Some((_, has)) = known {
                return *has;
            }
            let has = stretch.place.has_figures(case);
            figures.truncate(KINDS_OF_SECTION);
            figures.push((stretch.place, has));
            has
        };
        for mention in find_in(&unwrapped(case.str(stretch.span))) {
            let phrase = mention.phrase;
            if phrase.subjective != subjective {
                continue;
            }
            let span = Span::from(mention.range).shifted(stretch.span.start);
            if case.is_open_at(span) || phrase.alone && has_figures() {
                continue;
            }
            found.push(Mention {
                span,
                phrase,
                weight: phrase.weight(*writes),
            });
        }
    }
    found.sort_by_key(|m| m.span);
    found
}

/// The fields below a modality that are read for their wording.
const IN_WORDS: [FieldKind; 4] = [
    FieldKind::Technique,
    FieldKind::Response,
    FieldKind::Note,
    FieldKind::Region,
];

fn stretches(text: &str, visit: &Visit) -> Vec<Stretch> {
    let mut all: Vec<Stretch> = Vec::new();
    let mut last: Option<SectionKind> = None;
    for line in &visit.prose {
        let Some(kind) = line.section.filter(|kind| *kind != SectionKind::Objective) else {
            last = None;
            continue;
        };
        match all.last_mut() {
            Some(before)
                if last == Some(kind)
                    && text[before.span.end..line.span.start].trim().is_empty() =>
            {
                before.span.end = line.span.end;
            }
            _ => all.push(Stretch {
                span: line.span,
                place: StretchKind::Section(kind),
            }),
        }
        last = Some(kind);
    }
    for (index, modality) in visit.modalities.iter().enumerate() {
        let start = modality.modifiers_end;
        let on_the_line = Span::new(start, modality.line.end.max(start));
        let details = modality.details.iter();
        let details = details.filter(|d| d.kind.is_none_or(|kind| IN_WORDS.contains(&kind)));
        let spans = std::iter::once(on_the_line).chain(details.map(|d| d.span));
        let place = StretchKind::Modality(index);
        all.extend(spans.map(|span| Stretch { span, place }));
    }
    all
}

/// The text with the breaks of wrapped sentences as spaces, so that `not a` at a line's end still
/// clears what follows. Its length stays.
fn unwrapped(text: &str) -> String {
    let wraps = |at: usize| {
        let ended = text[..at].trim_end().ends_with(['.', '!', '?', ';', ':']);
        let next = text[at..].trim_start().chars().next();
        !ended && next.is_some_and(|c| !c.is_uppercase())
    };
    let mut unwrapped = text.to_owned();
    let breaks = memchr2_iter(b'\n', b'\r', text.as_bytes());
    for at in breaks.filter(|at| wraps(*at)) {
        unwrapped.replace_range(at..=at, " ");
    }
    unwrapped
}

/// Who writes the note, by the credentials, and the kind of line that has them; else whose notes the payer sees.
pub fn profession(case: &VisitCase<'_>) -> (Profession, Option<FieldKind>) {
    let of = |kind: FieldKind| {
        let mut pieces = std::iter::once((case.text, case.visit)).chain(case.preamble);
        let name = pieces.find_map(|(text, visit)| Some(&text[visit.field(kind)?.value?.range()]));
        let mut known = credential::find_in(name?).into_iter();
        let profession = known.find_map(Credential::profession)?;
        Some((profession, Some(kind)))
    };
    let mut named = [FieldKind::Signed, FieldKind::Provider].into_iter();
    let named = named.find_map(of);
    named.unwrap_or((case.payer.profession, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapped_sentences_are_joined() {
        for (text, joined) in [
            ("not a\n  maintenance visit", "not a   maintenance visit"),
            ("a\r\n b", "a   b"),
            ("a\n\nb", "a  b"),
            ("It ends.\nthen", "It ends.\nthen"),
            ("x;\ny", "x;\ny"),
            ("one\nTwo", "one\nTwo"),
            ("one\n", "one\n"),
            ("\nà la", " à la"),
        ] {
            assert_eq!(unwrapped(text), joined, "{text:?}");
        }
    }
}
