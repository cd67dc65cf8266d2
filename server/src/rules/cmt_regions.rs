use super::wording::list;
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::{FieldKind, Modality, SectionKind};
use crate::pattern::words;
use crate::policy::Level;
use crate::reference::regions::{self, Region, RegionMention, RegionSet};
use crate::text::Span;

pub static RULE: Rule = Rule {
    name: "cmt-regions",
    group: Group::Coding,
    level: Level::Information,
    source: "CPT's five spinal regions; CMS Pub. 100-02 ch. 15 §240.1.4",
    page: page!("cmt-regions"),
    check: Check::Visit(check),
};

/// The codes for an adjustment of the spine, with the fewest and the most regions of each.
pub(super) const SPINAL: [(&str, usize, usize); 3] =
    [("98940", 1, 2), ("98941", 3, 4), ("98942", 5, 5)];

/// The code for an adjustment of so many spinal regions, of 1 to 5.
pub fn adjustment_of(regions: usize) -> Option<&'static str> {
    let mut codes = SPINAL.into_iter();
    let right = codes.find(|(_, least, most)| (*least..=*most).contains(&regions));
    right.map(|(code, ..)| code)
}

words!(
/// Words that may stand for more regions than the line names, and short forms of regions and
/// listings that no table knows: `C, T, lumbar`, `D6`, `L PI`.
    VAGUE,
    r"(?i)\b(?:full|entire|whole|all|multiple|various|several|other|rest|etc|per|see|as above|same|cerv|thor|dors|lumb|lum|sac|occ|atlas|axis|dorsal)\b|(?-i:\b(?:[CTSP]|D\d{1,2}|PI|AS|IN|EX|PIIN|PIEX|ASIN|ASEX)\b|\bL *(?:[,/&]|$))"
);

words!(
/// Words that speak of an adjustment in a line of prose.
    ADJUSTED,
    r"(?i)adjust|manipul|\bcmt\b|diversified|activator|\bdrop\b|thrust|hvla"
);

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let of = |m: &Modality| SPINAL.into_iter().find(|s| s.0 == m.code);
    let lines = case.visit.modalities.iter();
    let mut lines = lines.filter_map(|m| Some((m, of(m)?)));
    // Two spinal adjustment codes on a day are another matter.
    if let (Some((modality, rank)), None) = (lines.next(), lines.next())
        && !case.is_being_typed(modality)
    {
        found.extend(judge(case, modality, rank));
    }
}

fn judge(
    case: &VisitCase<'_>,
    modality: &Modality,
    (code, least, most): (&str, usize, usize),
) -> Option<Draft> {
    let certain = certain(modality);
    let possible = possible(case, modality);
    let too_few = !possible.is_empty() && possible.len() < least;
    let too_few = too_few && !VAGUE.is_match(case.str(modality.span));
    if !too_few && certain.len() <= most {
        return None;
    }
    let (counted, place, consequence) = if too_few {
        let consequence =
            "A payer that counts them pays the lower code or asks for the money back.";
        (possible, "the note", consequence)
    } else {
        let consequence = "A payer pays what is claimed, and the note says more.";
        (certain, "this line", consequence)
    };
    let range = match least {
        1 => "one or two",
        3 => "three or four",
        _ => "all five",
    };
    let count = ["no", "one", "two", "three", "four", "five"].get(counted.len());
    let count = count.unwrap_or(&"several");
    let names: Vec<&str> = counted.iter().map(Region::name).collect();
    let message = format!(
        "{code} is for {range} spinal regions, and {place} names {count} ({}). {consequence}",
        list(&names)
    );
    let mut draft = Draft::new(modality.code_span, message);
    if !too_few {
        // Less is claimed than was done, which no payer denies.
        draft = draft.level(Level::Information);
    }
    let right = adjustment_of(counted.len());
    if let Some(right) = right.filter(|r| certain == possible && case.may_bill(r)) {
        let title = format!("Change {code} to {right}");
        draft = draft.fix(title, modality.code_span, right);
    }
    Some(draft)
}

/// The spinal regions that the line and its `region` field name beyond doubt.
pub(super) fn certain(modality: &Modality) -> RegionSet {
    let on_the_line = |mention: &&RegionMention| {
        let holds = |span: Span| span.range().contains(&mention.range.start);
        holds(modality.line)
            || modality
                .details_of(FieldKind::Region)
                .any(|d| holds(d.span))
    };
    let clear = |m: &&RegionMention| m.decisive && (!m.one_of || m.regions.len() == 1);
    spinal(modality.regions.iter().filter(on_the_line).filter(clear))
}

/// The spinal regions that may have been adjusted, wherever the note speaks of it.
fn possible(case: &VisitCase<'_>, modality: &Modality) -> RegionSet {
    let mut set = spinal(&modality.regions);
    let details = modality.details.iter().map(|d| d.span);
    let prose = case.visit.prose.iter().filter(|p| match p.section {
        Some(SectionKind::Treatment) => true,
        Some(SectionKind::Subjective) => false,
        _ => ADJUSTED.is_match(case.str(p.span)),
    });
    for span in details.chain(prose.map(|p| p.span)) {
        set = set.union(spinal(&regions::find_in(case.str(span))));
    }
    set
}

fn spinal<'a>(mentions: impl IntoIterator<Item = &'a RegionMention>) -> RegionSet {
    let regions = mentions.into_iter().flat_map(|m| m.regions.iter());
    regions.filter(|r| r.is_spinal()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_an_adjustment() {
        for words in [
            "Adjusted C5",
            "readjusted",
            "spinal manipulation",
            "CMT to T6",
            "diversified",
            "Activator",
            "pelvic drop table",
            "thrust",
            "HVLA",
        ] {
            assert!(ADJUSTED.is_match(words), "{words}");
        }
        for other in ["foot drops", "dropped", "CMTs", "massage to T6", ""] {
            assert!(!ADJUSTED.is_match(other), "{other}");
        }
    }

    #[test]
    fn words_that_may_stand_for_more_regions() {
        for vague in [
            "full spine",
            "multiple segments",
            "as above",
            "C, T",
            "D6",
            "L PI",
            "L, T6",
            "adjusted L",
            "Atlas",
        ] {
            assert!(VAGUE.is_match(vague), "{vague}");
        }
        for clear in [
            "cervical, lumbar",
            "C5, T6, L4",
            "L shoulder",
            "pi",
            "d6",
            "fully",
        ] {
            assert!(!VAGUE.is_match(clear), "{clear}");
        }
    }
}
