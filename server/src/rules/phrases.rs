//! Wording that payers object to, where it counts: what the rules about wording share.

use std::borrow::Cow;
use std::cell::LazyCell;
use std::ops::Range;

use super::VisitCase;
use super::sections::{has_figures, next_break};
use crate::chart::{FieldKind, SectionKind, Visit};
use crate::reference::wording::{DenialMention, DenialPhrase, Profession, Weight, find_in};
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
#[derive(Clone, Copy, Debug)]
struct Stretch {
    span: Span,
    place: Place,
}

/// Where a stretch stands.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    Section(SectionKind),
    /// At or below the modality of this place among those of the visit.
    Modality(usize),
}

impl Place {
    /// Whether the words are the patient's own.
    fn is_subjective(self) -> bool {
        self == Self::Section(SectionKind::Subjective)
    }

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

/// What wording is in a stretch, beside figures or not. It hangs on the words of the stretch alone.
#[derive(Clone, Debug)]
pub(super) struct Searched {
    stretch: Stretch,
    /// Relative to the stretch.
    found: Vec<DenialMention>,
}

impl Searched {
    /// What it is after a change that made these lines of those up to `old_end`; `None` of a stretch
    /// that may have changed.
    pub(super) fn after(&self, lines: &Range<usize>, old_end: usize) -> Option<Self> {
        let mut after = self.clone();
        let span = &mut after.stretch.span;
        if span.end > lines.start {
            let moved = |at: usize| Some(at.checked_sub(old_end)? + lines.end);
            *span = Span::new(moved(span.start)?, moved(span.end)?);
        }
        Some(after)
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
    let searched = || search(case.text, case.visit, &case.facts.earlier_wording);
    let searched = case.facts.wording.get_or_init(searched).iter();
    for Searched {
        stretch,
        found: here,
    } in searched.filter(|s| !s.found.is_empty())
    {
        let has_figures = LazyCell::new(|| stretch.place.has_figures(case));
        for mention in here {
            let span = Span::from(mention.range.clone()).shifted(stretch.span.start);
            let phrase = mention.phrase;
            let being_typed = open && span.end >= case.visit.ink_end;
            if being_typed || phrase.alone && *has_figures {
                continue;
            }
            found.push(Mention {
                span,
                phrase,
                weight: phrase.weight(profession(case)),
            });
        }
    }
    found.sort_by_key(|m| m.span);
    found
}

/// What is in each stretch; the ones that are known from before a change are not read again.
fn search(text: &str, visit: &Visit, known: &[Searched]) -> Vec<Searched> {
    // They come in the same order as before, mostly.
    let mut next = 0;
    let stretches = stretches(text, visit).into_iter();
    let searched = stretches.map(|stretch| {
        let subjective = stretch.place.is_subjective();
        let same = |known: &Searched| {
            known.stretch.span == stretch.span && known.stretch.place.is_subjective() == subjective
        };
        let later = known[next..].iter().position(same).map(|at| next + at);
        let found = match later.or_else(|| known.iter().position(same)) {
            Some(at) => {
                next = at + 1;
                known[at].found.clone()
            }
            None => {
                let mut found = find_in(&unwrapped(&text[stretch.span.range()]));
                found.retain(|mention| mention.phrase.subjective == subjective);
                found
            }
        };
        Searched { stretch, found }
    });
    searched.collect()
}

fn stretches(text: &str, visit: &Visit) -> Vec<Stretch> {
    let mut all: Vec<Stretch> = Vec::with_capacity(visit.prose.len() + 2 * visit.modalities.len());
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
    for (index, modality) in visit.modalities.iter().enumerate() {
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
                place: Place::Modality(index),
            });
        }
    }
    all
}

/// The text with the breaks of wrapped sentences as blanks, so that `not a` at a line's end still
/// clears what follows. Its length stays.
fn unwrapped(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    // What of the text is in `out`, and what of it was looked at.
    let (mut done, mut from) = (0, 0);
    while let Some(length) = next_break(&text.as_bytes()[from..]) {
        let at = from + length;
        from = at + 1;
        let ended = text[..at].trim_end().ends_with(['.', '!', '?', ';', ':']);
        let next = text[at..].trim_start().chars().next();
        if !ended && next.is_some_and(|c| !c.is_uppercase()) {
            if done == 0 {
                out.reserve(text.len());
            }
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
    use crate::chart::lower;
    use crate::rules::signs::new_lines;
    use crate::syntax::Syntax;
    use crate::text::Difference;
    use crate::trial;

    #[test]
    fn a_change_hides_no_wording() {
        let words = [
            "S:",
            "A:",
            "P:",
            "not",
            "maintenance",
            "97140",
            "technique:",
            "\n",
            "\n\n",
            "no change",
            "relaxation",
            "tolerated well",
            "same as last visit",
        ];
        let mut text = String::new();
        let mut steps = 0;
        trial::each(&words, |line| {
            steps += 1;
            // A line goes in somewhere, and another one or a part of it out.
            let at = text.floor_char_boundary(steps * 7919 % (text.len() + 1));
            let end = text.ceil_char_boundary(text.len().min(at + steps * 31 % 90));
            let mut new = text.clone();
            match steps % 3 {
                0 => new.replace_range(at..end, ""),
                1 => new.insert_str(at, line),
                _ => new.insert_str(at, &format!("{line}\n")),
            }
            if new.len() > 1500 {
                new.truncate(new.floor_char_boundary(300));
            }
            if steps % 7 == 0 {
                let visit = lower(&text, &Syntax::of(&text));
                let known = search(&text, &visit, &[]);
                let lines = new_lines(&new, &Difference::between(&text, &new));
                let old_end = text.len() - (new.len() - lines.end);
                let kept = known.iter().filter_map(|s| s.after(&lines, old_end));
                let kept: Vec<_> = kept.collect();
                let visit = lower(&new, &Syntax::of(&new));
                let plain = |all: Vec<Searched>| {
                    let all = all.into_iter();
                    let plain = all.map(|s| {
                        let found = s.found.into_iter().map(|m| (m.range, m.phrase.name));
                        (s.stretch.span, s.stretch.place, found.collect::<Vec<_>>())
                    });
                    plain.collect::<Vec<_>>()
                };
                let after = plain(search(&new, &visit, &kept));
                assert_eq!(after, plain(search(&new, &visit, &[])), "{text:?} {new:?}");
            }
            text = new;
        });
    }

    #[test]
    fn wrapped_sentences_are_joined() {
        trial::each(
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
