//! Wording that payers object to, where it counts: what the rules about wording share.

use std::borrow::Cow;
use std::cell::LazyCell;

use super::VisitCase;
use super::sections::has_figures;
use crate::chart::{FieldKind, Modality, SectionKind, Visit};
use crate::reference::wording::{DenialKind, DenialPhrase, Profession, Weight, find_those};
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

/// A stretch of text that is read as a whole.
struct Stretch<'v> {
    span: Span,
    place: Place<'v>,
}

/// Where a stretch stands.
#[derive(Clone, Copy)]
enum Place<'v> {
    Section(SectionKind),
    Modality(&'v Modality),
}

impl Place<'_> {
    /// Whether figures stand beside the wording, anywhere in its section or below its code.
    fn has_figures(self, case: &VisitCase<'_>) -> bool {
        match self {
            Self::Section(kind) => has_figures(case.text, case.visit, kind),
            Self::Modality(modality) => {
                let below = modality.line.end..modality.span.end.max(modality.line.end);
                case.text[below].bytes().any(|b| b.is_ascii_digit())
            }
        }
    }
}

/// The wording of the visit, in order. The patient's own words are not judged but for one phrase
/// that says nothing of what he can do.
pub fn found_in<'c>(case: &'c VisitCase<'_>) -> &'c [Mention] {
    case.wording.get_or_init(|| find(case))
}

fn find(case: &VisitCase<'_>) -> Vec<Mention> {
    let open = case.last && !case.visit.is_signed();
    let mut found: Vec<Mention> = Vec::new();
    for stretch in stretches(case.text, case.visit) {
        let text = unwrapped(&case.text[stretch.span.range()]);
        let has_figures = LazyCell::new(|| stretch.place.has_figures(case));
        let subjective = matches!(stretch.place, Place::Section(SectionKind::Subjective));
        let counts = |phrase: &DenialPhrase| {
            let misplaced = phrase.subjective != subjective;
            // Times of a modality are the business of inexact-minutes, and elsewhere they are advice.
            let times = phrase.kind == DenialKind::Inexact;
            !(misplaced || times || phrase.alone && *has_figures)
        };
        for mention in find_those(&text, counts) {
            let span = Span::from(mention.range).shifted(stretch.span.start);
            let phrase = mention.phrase;
            if !(open && span.end >= case.visit.ink_end) {
                found.push(Mention {
                    span,
                    phrase,
                    weight: phrase.weight(profession(case)),
                });
            }
        }
    }
    found.sort_by_key(|m| m.span);
    found
}

fn stretches<'v>(text: &str, visit: &'v Visit) -> Vec<Stretch<'v>> {
    let mut all: Vec<Stretch<'v>> = Vec::with_capacity(visit.prose.len());
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
                place: Place::Section(kind),
            }),
        }
        last = Some(kind);
    }
    for modality in &visit.modalities {
        let on_the_line = Span::new(
            modality.modifiers_end,
            modality.line.end.max(modality.modifiers_end),
        );
        let details = modality.details.iter().filter(|d| {
            matches!(
                d.kind,
                None | Some(
                    FieldKind::Technique
                        | FieldKind::Response
                        | FieldKind::Note
                        | FieldKind::Region
                )
            )
        });
        for span in std::iter::once(on_the_line).chain(details.map(|d| d.span)) {
            all.push(Stretch {
                span,
                place: Place::Modality(modality),
            });
        }
    }
    all
}

/// The text with the breaks of wrapped sentences as blanks, so that `not a` at a line's end still
/// clears what follows. Its length stays.
fn unwrapped(text: &str) -> Cow<'_, str> {
    if !text.contains('\n') && !text.contains('\r') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    // What of the text is in `out`.
    let mut done = 0;
    for (at, _) in text.match_indices(['\n', '\r']) {
        let ended = text[..at].trim_end().ends_with(['.', '!', '?', ';', ':']);
        let next = text[at..].trim_start().chars().next();
        if !ended && next.is_some_and(|c| !c.is_uppercase()) {
            out.push_str(&text[done..at]);
            out.push(' ');
            done = at + 1;
        }
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

/// Who writes the note, by the credentials.
fn profession(case: &VisitCase<'_>) -> Profession {
    let own = (case.text, case.visit);
    let of = |kind: FieldKind| {
        [Some(own), case.preamble]
            .into_iter()
            .flatten()
            .find_map(move |(text, visit)| Some(&text[visit.field(kind)?.value?.range()]))
    };
    [of(FieldKind::Signed), of(FieldKind::Provider)]
        .into_iter()
        .flatten()
        .find_map(by_credential)
        .unwrap_or(match case.payer.name.as_str() {
            "medicare-chiro" => Profession::Chiropractic,
            _ if case.payer.medicare => Profession::Therapy,
            _ => Profession::Massage,
        })
}

fn by_credential(name: &str) -> Option<Profession> {
    name.split([',', ' ', '\t', ';', '(', ')'])
        .find_map(
            |word| match word.to_ascii_uppercase().replace('.', "").as_str() {
                "PT" | "DPT" | "MPT" | "PTA" | "OT" | "OTR" | "OTR/L" | "OTD" | "COTA"
                | "COTA/L" => Some(Profession::Therapy),
                "DC" | "CCSP" | "DACBSP" => Some(Profession::Chiropractic),
                "LMT" | "LMP" | "RMT" | "CMT" | "BCTMB" | "NCTMB" | "MMP" => {
                    Some(Profession::Massage)
                }
                _ => None,
            },
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::corpus;

    #[test]
    fn wrapped_sentences_are_joined() {
        corpus::each(
            &[
                "not a\n  b",
                "ends.\nNext",
                "a\r\n b",
                "x;\ny",
                "\n",
                "\n\n",
            ],
            |text| {
                let mut right = String::new();
                for (at, c) in text.char_indices() {
                    let wraps = matches!(c, '\n' | '\r') && {
                        let ended = text[..at].trim_end().ends_with(['.', '!', '?', ';', ':']);
                        let next = text[at..].trim_start().chars().next();
                        !ended && next.is_some_and(|c| !c.is_uppercase())
                    };
                    right.push(if wraps { ' ' } else { c });
                }
                assert_eq!(unwrapped(text), right, "{text:?}");
            },
        );
    }
}
