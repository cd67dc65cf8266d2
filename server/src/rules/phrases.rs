//! Wording that payers object to, where it counts: what the rules about wording share.

use super::VisitCase;
use super::sections::has_figures;
use crate::chart::{FieldKind, SectionKind, Visit};
use crate::reference::wording::{DenialKind, DenialPhrase, Profession, Weight, find_in};
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
struct Stretch {
    span: Span,
    subjective: bool,
    /// Whether figures stand beside the wording, anywhere in its section or below its code.
    has_figures: bool,
}

/// The wording of the visit, in order. The patient's own words are not judged but for one phrase
/// that says nothing of what he can do.
pub fn found_in<'c>(case: &'c VisitCase<'_>) -> &'c [Mention] {
    case.wording.get_or_init(|| find(case))
}

fn find(case: &VisitCase<'_>) -> Vec<Mention> {
    let profession = profession(case);
    let open = case.last && !case.visit.is_signed();
    let mut found: Vec<Mention> = Vec::new();
    for stretch in stretches(case.text, case.visit) {
        let text = unwrapped(&case.text[stretch.span.range()]);
        for mention in find_in(&text) {
            let span = Span::from(mention.range).shifted(stretch.span.start);
            let phrase = mention.phrase;
            let misplaced = phrase.subjective != stretch.subjective;
            // Times of a modality are the business of inexact-minutes, and elsewhere they are advice.
            let times = phrase.kind == DenialKind::Inexact;
            let typed = open && span.end >= case.visit.ink_end;
            if !(misplaced || times || typed || phrase.alone && stretch.has_figures) {
                found.push(Mention {
                    span,
                    phrase,
                    weight: phrase.weight(profession),
                });
            }
        }
    }
    found.sort_by_key(|m| m.span);
    found
}

fn stretches(text: &str, visit: &Visit) -> Vec<Stretch> {
    let mut all: Vec<Stretch> = Vec::new();
    let with_figures: Vec<SectionKind> = [
        SectionKind::Subjective,
        SectionKind::Assessment,
        SectionKind::Plan,
        SectionKind::Treatment,
    ]
    .into_iter()
    .filter(|kind| has_figures(text, visit, *kind))
    .collect();
    let mut last: Option<SectionKind> = None;
    for line in &visit.prose {
        let Some(kind) = line.section.filter(|kind| *kind != SectionKind::Objective) else {
            last = None;
            continue;
        };
        let has_figures = with_figures.contains(&kind);
        match all.last_mut() {
            Some(before)
                if last == Some(kind)
                    && text[before.span.end..line.span.start].trim().is_empty() =>
            {
                before.span.end = line.span.end;
            }
            _ => all.push(Stretch {
                span: line.span,
                subjective: kind == SectionKind::Subjective,
                has_figures,
            }),
        }
        last = Some(kind);
    }
    for modality in &visit.modalities {
        let below = &text[modality.line.end..modality.span.end.max(modality.line.end)];
        let has_figures = below.bytes().any(|b| b.is_ascii_digit());
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
                subjective: false,
                has_figures,
            });
        }
    }
    all
}

/// The text with the breaks of wrapped sentences as blanks, so that `not a` at a line's end still
/// clears what follows. Its length stays.
fn unwrapped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let wraps = matches!(c, '\n' | '\r') && {
            let ended = text[..at].trim_end().ends_with(['.', '!', '?', ';', ':']);
            let next = text[at..].trim_start().chars().next();
            !ended && next.is_some_and(|c| !c.is_uppercase())
        };
        out.push(if wraps { ' ' } else { c });
    }
    out
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
