//! Words: regions, techniques and abbreviations.

use std::fmt::Write;
use std::ops::Range;

use crate::chart::FieldKind;
use crate::reference::regions::{self, RegionMention, Side};
use crate::reference::techniques::{self, Certainty, TechniqueMention};
use crate::reference::{abbreviations, procedures};
use crate::rules::VisitCase;
use crate::rules::wording::{either, list};
use crate::text::Span;

/// So many bytes on either side of the pointer are looked at: no word is longer.
const NEAR: usize = 100;
/// A longer word is no abbreviation.
const SHORT: usize = 7;

/// A word on a modality's line or below it.
pub(super) fn of_modality(case: &VisitCase<'_>, at: usize) -> Option<(Span, String)> {
    let modality = case.visit.modalities.iter().find(|m| m.span.touches(at))?;
    let on_the_line = modality.line.touches(at);
    let (within, in_response) = if on_the_line {
        (Span::new(modality.modifiers_end, modality.line.end), false)
    } else {
        use FieldKind as F;
        let spoken = [F::Technique, F::Region, F::Response, F::Note];
        let spoken = |kind: Option<F>| kind.is_none_or(|kind| spoken.contains(&kind));
        let mut details = modality.details.iter();
        let detail = details.find(|d| spoken(d.kind) && d.span.touches(at))?;
        let mut responses = modality.details_of(F::Response);
        (detail.span, responses.any(|d| d.span.touches(at)))
    };
    if !within.touches(at) {
        return None;
    }
    let region = modality.regions.iter().find(|m| covers(&m.range, at));
    let mut techniques = modality.techniques.iter().filter(|m| m.decisive);
    // `posture` in a response is no technique.
    let technique = techniques.find(|m| !in_response && covers(&m.range, at));
    let abbreviation = abbreviation(case, within, at);
    // What the tables of regions and techniques are sure of goes before the abbreviations.
    if let Some(region) = region.filter(|m| m.decisive || abbreviation.is_none()) {
        return Some((region.range.clone().into(), of_region(region)));
    }
    if let Some(technique) = technique {
        let text = of_technique(technique, Some(&modality.code));
        return Some((technique.range.clone().into(), text));
    }
    abbreviation
}

/// An abbreviation in prose.
pub(super) fn of_prose(case: &VisitCase<'_>, at: usize) -> Option<(Span, String)> {
    let within = open_words(case, at)?;
    let near = around(case.text, within, at);
    let words = case.str(near);
    let short = |range: &Range<usize>| {
        let word = &words[range.clone()];
        range.len() <= SHORT && word.chars().filter(char::is_ascii_uppercase).count() > 1
            || word.contains('/')
    };
    let here = |range: &Range<usize>| covers(range, at - near.start) && short(range);
    let span = |range: &Range<usize>| Span::from(range.clone()).shifted(near.start);
    let mut regions = regions::find_in(words).into_iter();
    if let Some(found) = regions.find(|m| m.decisive && here(&m.range)) {
        return Some((span(&found.range), of_region(&found)));
    }
    let mut techniques = techniques::find_in(words).into_iter();
    if let Some(found) = techniques.find(|m| m.decisive && here(&m.range)) {
        return Some((span(&found.range), of_technique(&found, None)));
    }
    abbreviation(case, within, at)
}

/// The line of prose, or the value of a field that is prose, that an offset lies in; no names, no
/// codes.
pub(super) fn open_words(case: &VisitCase<'_>, at: usize) -> Option<Span> {
    use FieldKind as F;
    let spoken = [F::Limitation, F::Note, F::PlanOfCare];
    let fields = case.visit.fields.iter();
    let fields = fields.filter(|f| spoken.contains(&f.kind));
    let prose = case.visit.prose.iter().map(|p| p.span);
    let mut prose = prose.chain(fields.filter_map(|f| f.value));
    prose.find(|span| span.touches(at))
}

fn abbreviation(case: &VisitCase<'_>, within: Span, at: usize) -> Option<(Span, String)> {
    let near = around(case.text, within, at);
    let words = case.str(near);
    let mut found = abbreviations::find_in(words).into_iter();
    let found = found.find(|m| covers(&m.range, at - near.start))?;
    let word = super::literal(&words[found.range.clone()]);
    let text = match &*found.abbreviation.meanings {
        [one] => format!("**{word}**: {one}"),
        several => format!("**{word}** means several things: {}", either(several)),
    };
    Some((Span::from(found.range).shifted(near.start), text))
}

/// Whether the pointer is on the word or at its end.
fn covers(range: &Range<usize>, at: usize) -> bool {
    range.start <= at && at <= range.end
}

/// The part of a span near the pointer, cut at characters.
fn around(text: &str, within: Span, at: usize) -> Span {
    let start = text.floor_char_boundary(at.saturating_sub(NEAR));
    let end = text.ceil_char_boundary((at + NEAR).min(text.len()));
    Span::new(start.max(within.start).min(at), end.min(within.end).max(at))
}

fn of_region(mention: &RegionMention) -> String {
    let names: Vec<&str> = mention.regions.iter().map(regions::Region::name).collect();
    let spinal = mention.regions.iter().filter(|r| r.is_spinal()).count();
    let kind = match (names.len(), spinal) {
        (1, 1) => "one of the five spinal regions",
        (1, _) => "one of the five regions outside the spine",
        (_, 0) => "regions outside the spine",
        (all, spinal) if all == spinal => "spinal regions",
        _ => "spinal and other regions",
    };
    let mut text = match names.as_slice() {
        [one] => format!("Region: **{one}**, {kind}."),
        names if mention.one_of => format!(
            "Region: **{}**; it may be counted toward any of them.",
            either(names)
        ),
        names => format!("Regions: **{}**, {kind}.", list(names)),
    };
    text.push_str(match mention.side {
        Side::Left => " Left side.",
        Side::Right => " Right side.",
        Side::Both => " Both sides.",
        Side::Unstated => "",
    });
    if !mention.decisive {
        text.push_str(" By itself the word can mean other things, so it is not enough to decide.");
    }
    text
}

/// What a technique belongs to; `here` is the code that it stands under.
fn of_technique(mention: &TechniqueMention, here: Option<&str>) -> String {
    let technique = mention.technique;
    let mut text = format!("**{}**", technique.name);
    let label = |code: &str| procedures::find(code).map_or("", |p| p.label);
    let fits = here.and_then(|code| technique.accepted.iter().find(|c| **c == code));
    let first = fits.copied().or(technique.default_code);
    let mut others = technique.accepted.clone();
    others.retain(|code| Some(*code) != first);
    if let Some(code) = first {
        let verb = if fits.is_some() { "fits" } else { "belongs to" };
        let _ = write!(text, ": {verb} {code} ({})", label(code));
        if others.is_empty() {
            text.push('.');
        } else {
            let _ = write!(text, "; also accepted under {}.", either(&others));
        }
    } else if others.is_empty() {
        text.push_str(": there is no clear code for it.");
    } else {
        let _ = write!(text, ": there is no single clear code for it; ");
        let _ = write!(text, "{} are in use.", list(&others));
    }
    if technique.certainty == Certainty::Disputed {
        text.push_str(" Sources disagree.");
    }
    if !technique.specific {
        text.push_str(" It names the service; payers want to see which technique was used.");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::tests::at_mark;

    #[test]
    fn regions_and_techniques_of_a_modality() {
        assert_eq!(
            at_mark("97140 cervical, R shou^lder 15 min"),
            "shoulder|Region: **upper extremity**, one of the five regions outside the spine. Right side."
        );
        assert!(at_mark("97140 lum^bar 15 min").contains("**lumbar**, one of the five spinal"));
        assert!(at_mark("97140 R upper tr^ap 15 min").contains("**cervical or upper extremity**"));
        let text = at_mark("97124 back 15 min\n  technique: effleu^rage");
        assert!(
            text.starts_with("effleurage|**effleurage**: fits 97124 ("),
            "{text}"
        );
        assert!(at_mark("97140 neck 15 min\n  joint mobil^ization C4").contains("fits 97140"));
        let text = at_mark("97124 back 15 min\n  technique: joint mobil^ization");
        assert!(text.contains("belongs to 97140 ("), "{text}");
        assert_eq!(
            at_mark("97124 back 15 min\n  response: better pos^ture"),
            ""
        );
    }

    #[test]
    fn abbreviations_in_prose_and_under_a_modality() {
        assert_eq!(at_mark("S: pt c^/o LBP"), "c/o|**c/o**: complains of");
        assert_eq!(at_mark("S: p^t c/o LBP"), "pt|**pt**: patient");
        assert_eq!(
            at_mark("O: R >^ L tone"),
            "R > L|**R > L**: right more than left"
        );
        assert_eq!(
            at_mark("P: M^T next week"),
            "MT|**MT** means several things: massage therapy, manual therapy or middle trapezius"
        );
        assert!(at_mark("97124 neck 15 min\n  response: R^OM full").starts_with("ROM|"));
        assert!(at_mark("P: MF^R").contains("myofascial"));
    }

    #[test]
    fn names_and_codes_are_left_alone() {
        for none in [
            "signed: A. Rivera, P^T",
            "provider: A. Rivera, D^C",
            "patient: P^T",
            "S: Pat^ient sleeps",
            "97140-G^P neck 15 min\nprovider: x",
        ] {
            assert!(!at_mark(none).contains("means"), "{none}");
        }
        assert_eq!(at_mark("S: the pro^cess"), "");
    }
}
