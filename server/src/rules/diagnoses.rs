//! What the rules about diagnosis codes share: how a code stands in the release, which sides and
//! regions the note names, and which codes may be offered in its place.

use super::sections::whole_lines;
use super::{Draft, Edit, VisitCase, unique};
use crate::chart::{Diagnosis, DiagnosisKind, FieldKind, Modality, Visit, diagnosis};
use crate::pattern::words;
use crate::policy::Level;
use crate::reference::icd10::common::{self, region_of};
use crate::reference::icd10::split;
use crate::reference::icd10::{Entry, Release, Side};
use crate::reference::regions::{self, Region, RegionMention, RegionSet};
use crate::text::Span;

/// No more codes than this are offered for one.
const MOST_OFFERED: usize = 8;
/// No more codes than this are looked through below a category.
const MOST_READ: usize = 300;
/// A claim has room for twelve diagnoses. Of so many that no claim could carry them each is judged by itself, and no longer by
/// all others: that would take as long as there are pairs of them.
pub const MOST_COMPARED: usize = 60;

/// How a written code stands in the release.
pub enum Standing {
    /// A claim can carry it.
    Billable(Entry),
    /// There are finer codes below it.
    Category(Entry),
    /// It has the right shape and is not in the release.
    Unknown,
    /// ICD-9.
    Icd9,
    /// ICD-10-PCS.
    Procedure,
    /// Not the shape of a code.
    Shapeless,
    /// No code: a placeholder, words, the level of a vertebra.
    None,
}

/// The code as it was written, with what hangs on it (`M54.5.0`).
pub fn written(text: &str, diagnosis: &Diagnosis) -> Span {
    let rest = &text[diagnosis.span.end..];
    if diagnosis.kind != DiagnosisKind::Icd10 || !rest.starts_with('.') {
        return diagnosis.span;
    }
    let mut parts = rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '.');
    let tail = parts.next().unwrap_or_default().trim_end_matches('.');
    let has_digit = tail.bytes().any(|b| b.is_ascii_digit());
    let length = if has_digit { tail.len() } else { 0 };
    Span::new(diagnosis.span.start, diagnosis.span.end + length)
}

/// How the code stands.
pub fn standing(release: &Release, text: &str, diagnosis: &Diagnosis) -> Standing {
    match diagnosis.kind {
        DiagnosisKind::Icd9 => return Standing::Icd9,
        DiagnosisKind::Procedure => return Standing::Procedure,
        DiagnosisKind::Placeholder | DiagnosisKind::Words => return Standing::None,
        DiagnosisKind::Icd10 => {}
    }
    let span = written(text, diagnosis);
    let raw = &text[span.range()];
    let is_whole = span == diagnosis.span;
    match release.find(&diagnosis.code) {
        Some(entry) if is_whole && entry.billable => Standing::Billable(entry),
        _ if OLD_CAUSE.is_match(raw) => Standing::Icd9,
        _ if !is_whole => Standing::Shapeless,
        Some(entry) => Standing::Category(entry),
        None if LEVEL.is_match(raw)
            || raw.eq_ignore_ascii_case("H1N1")
            || is_word(text, raw, span) =>
        {
            Standing::None
        }
        None => Standing::Unknown,
    }
}

words!(
/// `V57.1` and `E849.0`: the reasons for an encounter and the outside causes of ICD-9.
    OLD_CAUSE,
    r"(?i)^(?:V\d{2}\.\d{0,2}|E\d{3}\.\d)$"
);

words!(
/// The level of a vertebra: `T12`, `L5S1`.
    LEVEL,
    r"(?i)^(?:[CTLS]\d{1,2})+$"
);

/// Three characters without a dot that begin a phrase (`B12 deficiency`) are a word of it.
fn is_word(text: &str, raw: &str, span: Span) -> bool {
    raw.len() == 3
        && text[span.end..]
            .trim_start_matches([' ', '\t'])
            .starts_with(char::is_alphabetic)
}

/// The diagnoses that stand in the visit itself, below its modalities too.
pub fn own(visit: &Visit) -> impl Iterator<Item = &Diagnosis> {
    let pointers = visit.modalities.iter().flat_map(|m| &m.diagnoses);
    visit.diagnoses.iter().chain(pointers)
}

/// Those and the preamble's, each with its text and whether it is the visit's own.
pub fn all<'c>(case: &'c VisitCase<'_>) -> impl Iterator<Item = (&'c str, &'c Diagnosis, bool)> {
    let before = case
        .preamble
        .into_iter()
        .flat_map(|(text, visit)| own(visit).map(move |d| (text, d, false)));
    own(case.visit).map(|d| (case.text, d, true)).chain(before)
}

/// Whether the code is still being typed: the document ends in it.
pub fn is_being_typed(case: &VisitCase<'_>, span: Span) -> bool {
    case.last && at_the_end(case.text, case.visit, span)
}

/// Whether nothing follows the code in the visit, but perhaps its dot.
pub fn at_the_end(text: &str, visit: &Visit, span: Span) -> bool {
    span.end >= visit.text_end || &text[span.end..visit.text_end] == "."
}

/// The values of the visit's own `dx:` fields.
fn fields(visit: &Visit) -> impl Iterator<Item = Span> {
    let fields = visit.fields_of(FieldKind::Diagnosis);
    fields.filter_map(|field| field.value)
}

/// What looks like a code and is none, at the head of a diagnosis: `M5.42`, `Ml7.11`.
pub fn shapeless(text: &str, visit: &Visit) -> Vec<Span> {
    let modalities = visit.modalities.iter();
    let details = modalities.flat_map(|m| m.details_of(FieldKind::Diagnosis));
    let mut known: Vec<Span> = own(visit)
        .filter(|d| d.kind != DiagnosisKind::Words)
        .map(|d| d.span)
        .collect();
    known.sort_unstable();
    let is_known = |span: Span| {
        let before = known.partition_point(|known| known.start <= span.end);
        known[..before]
            .last()
            .is_some_and(|known| known.meets(span))
    };
    let mut found = Vec::new();
    for value in fields(visit).chain(details.map(|d| d.span)) {
        let mut start = value.start;
        for part in text[value.range()].split_inclusive([';', ',', '\n', '\r']) {
            let lead = part.len() - part.trim_start().len();
            let token = part[lead..]
                .split(|c: char| c.is_whitespace() || ";,()".contains(c))
                .next()
                .unwrap_or_default()
                .trim_end_matches('.');
            let span = Span::new(start + lead, start + lead + token.len());
            start += part.len();
            if looks_like_a_code(token) && !is_known(span) {
                found.push(span);
            }
        }
    }
    found
}

fn looks_like_a_code(token: &str) -> bool {
    let Some((stem, tail)) = token.split_once('.') else {
        return false;
    };
    let is_level = stem.len() == 2 && stem.starts_with(|c| "CTLSctls".contains(c));
    let has_digit = |text: &str| text.bytes().any(|b| b.is_ascii_digit());
    let is_code = |b: u8| b.is_ascii_alphanumeric() || b == b'.';
    stem.starts_with(|c: char| c.is_ascii_alphabetic())
        && (2..=5).contains(&stem.len())
        && (1..=4).contains(&tail.len())
        && token.bytes().all(is_code)
        && has_digit(stem)
        && has_digit(tail)
        && !is_level
}

/// The code below a category that the note means first, at most a few, that can be billed.
pub fn finer(case: &VisitCase<'_>, entry: &Entry) -> Vec<Entry> {
    let release = case.release();
    let mut below = release.billable_under(&entry.code, MOST_READ);
    for code in split::also_under(&entry.code) {
        below.extend(release.billable_under(code, MOST_READ));
    }
    // Of a broad category the common codes come first; of a narrow one the book's order is best.
    let is_broad = below.len() > MOST_OFFERED;
    let side = side_named(release, case.sides(), &entry.code);
    below.sort_by_key(|e| {
        let fits = side.is_some() && release.side(&e.code) == side;
        (!fits, is_broad && common::find(&e.code).is_none())
    });
    below
}

/// The billable codes that the referral names: `Rx: Dr. Okafor, M54.2, 12 visits`.
pub fn of_referral(case: &VisitCase<'_>) -> Vec<String> {
    let own = (case.text, case.visit);
    let pieces = [own].into_iter().chain(case.preamble);
    let fields = pieces.flat_map(|(text, visit)| visit.fields.iter().map(move |f| (text, f)));
    let referrals = fields.filter(|(_, field)| field.kind == FieldKind::Referral);
    let codes = referrals.flat_map(|(text, field)| {
        let value = field.value.unwrap_or_default();
        diagnosis::find_in(&text[value.range()], value.start)
    });
    let codes = codes.filter(|d| d.kind == DiagnosisKind::Icd10 && d.code.contains('.'));
    let entries = codes.filter_map(|d| case.release().find(&d.code));
    let billable = entries.filter(|entry| entry.billable);
    unique(billable.map(|entry| entry.code))
        .into_iter()
        .take(MOST_OFFERED)
        .collect()
}

/// Whether codes are looked for in the place of others: not among so many that no one is compared with all.
pub fn may_offer(case: &VisitCase<'_>) -> bool {
    all(case).nth(MOST_COMPARED).is_none()
}

/// Offers codes in the place of one, but those that would bring a finding with them.
pub fn offer(
    case: &VisitCase<'_>,
    mut draft: Draft,
    diagnosis: &Diagnosis,
    entries: impl IntoIterator<Item = Entry>,
) -> Draft {
    if !may_offer(case) {
        return draft;
    }
    let span = written(case.text, diagnosis);
    let old = case.str(span);
    let entries = entries.into_iter();
    let fit = entries.filter(|e| e.billable && !brings_trouble(case, diagnosis, span, e));
    for entry in fit.take(MOST_OFFERED) {
        let title = format!("Replace {old} with {} ({})", entry.code, entry.title);
        draft = draft.fix(title, span, entry.code);
    }
    draft.preferred()
}

/// Whether the code in place of a diagnosis would be found fault with.
pub fn brings_trouble(
    case: &VisitCase<'_>,
    diagnosis: &Diagnosis,
    span: Span,
    entry: &Entry,
) -> bool {
    let clashes = all(case)
        .filter(|(_, other, is_own)| !(*is_own && other.span.meets(span)))
        .any(|(_, other, _)| {
            other.code == entry.code
                || (clash(case.release(), &entry.code, &other.code) == Some(Level::Warning)
                    && clash(case.release(), &diagnosis.code, &other.code) != Some(Level::Warning))
        });
    let mut modalities = case.visit.modalities.iter();
    clashes
        || open_side(case.release(), case.sides(), &entry.code).is_some()
        || modalities.any(|m| wrong_side(case, m, &entry.code, span).is_some())
}

/// Whether the two may not stand together: a warning, or information where practice differs.
pub fn clash(release: &Release, a: &str, b: &str) -> Option<Level> {
    let begins = |code: &str, stems: &[&str]| stems.iter().any(|stem| code.starts_with(stem));
    let current_injury = |back: &str, injury: &str| {
        begins(back, &["M50", "M51", "M53", "M54"])
            && begins(injury, &["S13", "S16", "S23", "S29.0", "S33", "S39.0"])
            && !injury.ends_with('S')
    };
    let nerve = |limb: &str, root: &str| {
        limb.starts_with("G5") && !limb.starts_with("G54") && root.starts_with("M54.1")
    };
    if nerve(a, b) || nerve(b, a) {
        return release.excludes1(a, b).map(|_| Level::Information);
    }
    if release.excludes1(a, b).is_some() {
        return Some(Level::Warning);
    }
    let region = |code| region_of(code).unwrap_or_default();
    let same = region(a).intersects(region(b));
    (same && (current_injury(a, b) || current_injury(b, a))).then_some(Level::Information)
}

/// The joints and parts that set apart what lies in one limb.
const PARTS: [&str; 12] = [
    "shoulder", "elbow", "forearm", "wrist", "hand", "finger", "hip", "thigh", "knee", "ankle",
    "foot", "toe",
];

/// Where left and right are distinguished.
fn sided_regions() -> RegionSet {
    [Region::UpperExtremity, Region::LowerExtremity, Region::Head]
        .into_iter()
        .collect()
}

fn side_of(side: regions::Side) -> Option<Side> {
    match side {
        regions::Side::Left => Some(Side::Left),
        regions::Side::Right => Some(Side::Right),
        regions::Side::Both => Some(Side::Both),
        regions::Side::Unstated => None,
    }
}

/// A side that a note names for some part of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SideMention {
    regions: RegionSet,
    /// Which of [`PARTS`] the words name, a bit each.
    parts: u16,
    side: Side,
}

impl SideMention {
    /// The sides that a note names: with its modalities, in its prose and beside its diagnoses. Each once.
    pub fn all_in(text: &str, visit: &Visit) -> Vec<Self> {
        let prose = visit.prose.iter().map(|p| p.span).chain(fields(visit));
        let in_prose = prose.flat_map(|span| {
            let words = &text[span.range()];
            let found = regions::find_in(words).into_iter();
            found.filter_map(|mention| Self::of(&words[mention.range.clone()], &mention))
        });
        let modalities = visit.modalities.iter().flat_map(|m| &m.regions);
        let beside = modalities.filter_map(|m| Self::of(&text[m.range.clone()], m));
        unique(beside.chain(in_prose))
    }

    fn of(words: &str, mention: &RegionMention) -> Option<Self> {
        let side = side_of(mention.side).filter(|_| mention.decisive)?;
        let regions = mention.regions.intersection(sided_regions());
        Some(Self {
            regions,
            parts: parts_in(&words.to_ascii_lowercase()),
            side,
        })
    }
}

/// Which of [`PARTS`] words in small letters name, a bit each.
fn parts_in(words: &str) -> u16 {
    let parts = PARTS.iter().enumerate();
    let named = parts.filter(|(_, part)| words.contains(*part));
    named.map(|(index, _)| 1 << index).sum()
}

/// The one side that the notes name for the place of a diagnosis.
pub fn side_named(release: &Release, mentions: &[SideMention], code: &str) -> Option<Side> {
    let place = region_of(code)?.intersection(sided_regions());
    let parts = parts_in(&release.find(code)?.title.to_ascii_lowercase());
    let meant = |mention: &&SideMention| {
        mention.regions.intersects(place) && (parts == 0 || parts & mention.parts != 0)
    };
    let mut sides = mentions.iter().filter(meant).map(|mention| mention.side);
    let side = sides.next()?;
    sides.all(|other| other == side).then_some(side)
}

/// The entry of a code that can be billed and leaves the side open that others beside it name.
pub fn with_open_side(release: &Release, text: &str, diagnosis: &Diagnosis) -> Option<Entry> {
    let Standing::Billable(entry) = standing(release, text, diagnosis) else {
        return None;
    };
    (release.side(&entry.code) == Some(Side::Unspecified)).then_some(entry)
}

/// The code of the side that the notes name, where this one leaves the side open.
pub fn open_side(release: &Release, mentions: &[SideMention], code: &str) -> Option<(Side, Entry)> {
    if release.side(code) != Some(Side::Unspecified) {
        return None;
    }
    let side = side_named(release, mentions, code)?;
    let sided = release.sided(code, side)?;
    (sided.billable && sided.code != code).then_some((side, sided))
}

/// Where a modality treats the other side alone of what a diagnosis is about. What another
/// diagnosis may be the reason for is not held against this one; `own` is where it stands itself.
pub fn wrong_side<'m>(
    case: &VisitCase<'_>,
    modality: &'m Modality,
    code: &str,
    own: Span,
) -> Option<&'m RegionMention> {
    let release = case.release();
    let side = release.side(code)?;
    let other = match side {
        Side::Left => Side::Right,
        Side::Right => Side::Left,
        Side::Both | Side::Unspecified => return None,
    };
    let place = region_of(code)?;
    let wrong = |m: &RegionMention| {
        m.decisive && !m.one_of && m.laterally_split && side_of(m.side) == Some(other)
    };
    let here = |m: &&RegionMention| m.regions.intersects(place);
    let mut treated = case.visit.modalities.iter().flat_map(where_treated);
    if !treated.all(|mention| !here(&mention) || wrong(mention)) {
        return None;
    }
    let explained = all(case).any(|(_, diagnosis, is_own)| {
        let itself = is_own && diagnosis.span.meets(own);
        !itself
            && diagnosis.code != code
            && region_of(&diagnosis.code).is_none_or(|regions| {
                regions.intersects(place) && release.side(&diagnosis.code) != Some(side)
            })
    });
    if explained {
        return None;
    }
    modality.regions.iter().find(here)
}

/// The regions of a block that say where it was: a line that names a side decides, whatever the details name.
fn where_treated(modality: &Modality) -> impl Iterator<Item = &RegionMention> {
    let on_line = |m: &RegionMention| modality.line.touches(m.range.start);
    let mut regions = modality.regions.iter();
    let decides = regions.any(|m| on_line(m) && side_of(m.side).is_some());
    let regions = modality.regions.iter();
    regions.filter(move |m| !decides || on_line(m))
}

/// The edits that take a code out of the visit's own `dx:` lines, with its words; none where it
/// also stands elsewhere or the line is written too freely.
pub fn without(case: &VisitCase<'_>, code: &str) -> Option<Vec<Edit>> {
    let pointers = case.visit.modalities.iter().flat_map(|m| &m.diagnoses);
    let before = case.preamble.into_iter().flat_map(|(_, v)| own(v));
    if pointers.chain(before).any(|d| d.code == code) {
        return None;
    }
    let places = own(case.visit).filter(|d| d.code == code).map(|d| d.span);
    let places: Vec<Span> = places.collect();
    // One that stands on a line twice need not be looked for.
    if places.len() > fields(case.visit).count() {
        return None;
    }
    let mut edits = Vec::new();
    for value in fields(case.visit) {
        match places
            .iter()
            .filter(|place| value.contains(**place))
            .count()
        {
            0 => continue,
            1 => {}
            _ => return None,
        }
        let found = diagnosis::find_in(case.str(value), value.start);
        edits.push(without_one(case, value, &found, code)?);
    }
    (!edits.is_empty()).then_some(edits)
}

fn without_one(case: &VisitCase<'_>, value: Span, found: &[Diagnosis], code: &str) -> Option<Edit> {
    // Where each code's words begin: its part, which it has for itself.
    let text = case.str(value);
    let mut starts = Vec::new();
    let mut at = 0;
    for part in text.split_inclusive([';', ',', '\n', '\r']) {
        let start = value.start + at + (part.len() - part.trim_start().len());
        let end = value.start + at + part.len();
        at += part.len();
        let here = |d: &&Diagnosis| (start..end).contains(&d.span.start);
        match found.iter().filter(here).count() {
            0 => {}
            1 => starts.push(start),
            _ => return None,
        }
    }
    let index = found.iter().position(|d| d.code == code)?;
    let span = if found.len() == 1 {
        whole_lines(case.text, value)
    } else if let Some(next) = starts.get(index + 1) {
        Span::new(*starts.get(index)?, *next)
    } else {
        let start = *starts.get(index)?;
        let before = case.text[value.start..start]
            .trim_end_matches(|c: char| c.is_whitespace() || ";,".contains(c));
        Span::new(value.start + before.len(), value.end)
    };
    Some(Edit::new(span, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_icd_9_that_begin_with_a_letter() {
        for old in ["V57.1", "v57.", "V72.89", "E849.0"] {
            assert!(OLD_CAUSE.is_match(old), "{old}");
        }
        for other in [
            "V57", "V57.123", "E849.", "E849.01", "E84.9", "M54.5", "V5.71", "V57.1.2",
        ] {
            assert!(!OLD_CAUSE.is_match(other), "{other}");
        }
    }

    #[test]
    fn levels_of_a_vertebra() {
        for level in ["T12", "L5S1", "c5c6c7", "S1"] {
            assert!(LEVEL.is_match(level), "{level}");
        }
        for other in ["T123", "M54", "L5-S1", "L", "5L", ""] {
            assert!(!LEVEL.is_match(other), "{other}");
        }
    }
}
