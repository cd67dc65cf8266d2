//! The body regions that notes name, with their sides.
//!
//! Source: the project's domain notes, section 9.2 (the five spinal and five extraspinal regions of
//! chiropractic and therapy coding), see `data/regions.tsv`.

use std::ops::Range;
use std::sync::LazyLock;

use super::table;
use super::vocabulary::{Even, Vocabulary};
use crate::pattern::pattern;

/// One of the ten regions.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Region {
    /// The neck, with the joint to the head.
    Cervical,
    /// The upper and middle back.
    Thoracic,
    /// The low back.
    Lumbar,
    /// The sacrum and tailbone.
    Sacral,
    /// The pelvis and sacroiliac joints.
    Pelvic,
    /// The head and jaw.
    Head,
    /// Hip to toes.
    LowerExtremity,
    /// Shoulder to fingers.
    UpperExtremity,
    /// Ribs and breastbone.
    RibCage,
    /// The belly.
    Abdomen,
}

impl Region {
    pub const ALL: [Self; 10] = [
        Self::Cervical,
        Self::Thoracic,
        Self::Lumbar,
        Self::Sacral,
        Self::Pelvic,
        Self::Head,
        Self::LowerExtremity,
        Self::UpperExtremity,
        Self::RibCage,
        Self::Abdomen,
    ];

    /// The word a clinician says.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cervical => "cervical",
            Self::Thoracic => "thoracic",
            Self::Lumbar => "lumbar",
            Self::Sacral => "sacral",
            Self::Pelvic => "pelvic",
            Self::Head => "head",
            Self::LowerExtremity => "lower extremity",
            Self::UpperExtremity => "upper extremity",
            Self::RibCage => "rib cage",
            Self::Abdomen => "abdomen",
        }
    }

    /// Whether it is one of the five regions an adjustment of the spine counts.
    pub fn is_spinal(self) -> bool {
        self <= Self::Pelvic
    }

    /// The region of a key of the tables: its name, with hyphens.
    fn of_key(key: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|region| region.name().replace(' ', "-") == key)
    }

    fn bit(self) -> u16 {
        1 << (self as u16)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug)]
pub struct RegionSet(u16);

impl RegionSet {
    /// Left and right are separate sites here.
    const EXTREMITIES: Self =
        Self(1 << (Region::LowerExtremity as u16) | 1 << (Region::UpperExtremity as u16));

    /// The regions of a cell of the tables, which `mark` stands between; `-` for none.
    pub(super) fn of_cell(cell: &str, mark: char) -> Option<Self> {
        if cell == "-" {
            return Some(Self::default());
        }
        cell.split(mark).map(Region::of_key).collect()
    }

    pub fn insert(&mut self, region: Region) {
        self.0 |= region.bit();
    }

    pub fn contains(self, region: Region) -> bool {
        self.0 & region.bit() != 0
    }

    pub fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    pub fn iter(self) -> impl Iterator<Item = Region> {
        let all = Region::ALL.into_iter();
        all.filter(move |&region| self.contains(region))
    }
}

impl FromIterator<Region> for RegionSet {
    fn from_iter<I: IntoIterator<Item = Region>>(regions: I) -> Self {
        let bits = regions.into_iter().map(Region::bit);
        Self(bits.fold(0, |set, bit| set | bit))
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    Left,
    Right,
    Both,
    Unstated,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RegionMention {
    /// Where, in bytes, without the side.
    pub range: Range<usize>,
    /// Which: all of them, or any of them if `one_of`.
    pub regions: RegionSet,
    /// The muscle may be counted to any one of several regions (upper trapezius: neck or shoulder).
    pub one_of: bool,
    /// The side said directly before or after it.
    pub side: Side,
    /// Whether the words mean nothing else: `LS` or `SI` alone decide nothing.
    pub decisive: bool,
    /// Left and right are separate sites: an extremity, or a muscle that may be counted to one.
    pub laterally_split: bool,
}

#[derive(Clone, Copy)]
struct Term {
    /// Empty for the phrases that must not be read as a region.
    regions: RegionSet,
    one_of: bool,
    decisive: bool,
}

static WORDS: LazyLock<Vocabulary<Term>> = LazyLock::new(|| {
    let rows = table::read(
        include_str!("../../data/regions.tsv"),
        "regions words ambiguous",
        |[regions, words, ambiguous]| {
            let one_of = regions.contains('|');
            let regions = RegionSet::of_cell(regions, if one_of { '|' } else { '+' })?;
            let term = |decisive| Term {
                regions,
                one_of,
                decisive,
            };
            let mut terms = Vec::new();
            for (cell, decisive) in [(words, true), (ambiguous, false)] {
                terms.extend(
                    table::words(cell)?
                        .into_iter()
                        .map(|word| (word, term(decisive))),
                );
            }
            Some(terms)
        },
    );
    Vocabulary::new(rows.into_iter().flatten())
});

static SIDES: LazyLock<Vocabulary<Side>> = LazyLock::new(|| {
    let rows = table::read(
        include_str!("../../data/sides.tsv"),
        "side words",
        |[side, words]| {
            let side = match side {
                "right" => Side::Right,
                "left" => Side::Left,
                "both" => Side::Both,
                _ => return None,
            };
            Some((side, table::words(words)?))
        },
    );
    let rows = rows.into_iter();
    Vocabulary::new(rows.flat_map(|(side, words)| words.into_iter().map(move |word| (word, side))))
});

/// Words that may stand between a side and its region.
const BEFORE: &str = "ant anterior deep dist distal inf inferior inner lat lateral lower med medial mid middle \
    of outer post posterior prox proximal side sup superior the their upper";

/// Words that may stand between a region and its side.
const AFTER: &str = "area areas group joint joints jt mm muscle muscles musculature on paraspinals region \
    side the tissue";

/// Two sides joined by one of these are both sides.
const JOINS: &str = "and|&|/|+|>|<|>>|greater than|more than|worse than";

struct Mark {
    range: Range<usize>,
    side: Side,
    used: bool,
}

/// The regions a text names, in order and without overlap.
pub fn find_in(text: &str) -> Vec<RegionMention> {
    let mut mentions = levels_in(text);
    let even = Even::of(text);
    let mut words = WORDS.find(&even);
    words.retain(|(range, term)| {
        let is_level = mentions.iter().any(|level| overlap(range, &level.range));
        !term.regions.is_empty() && !is_level
    });
    mentions.extend(words.into_iter().map(|(range, term)| mention(range, term)));
    if mentions.is_empty() {
        return mentions;
    }
    mentions.sort_by_key(|mention| mention.range.start);
    attach_sides(text, &mut mentions, marks_in(text, &even));
    mentions
}

fn mention(range: Range<usize>, term: Term) -> RegionMention {
    RegionMention {
        range,
        regions: term.regions,
        one_of: term.one_of,
        side: Side::Unstated,
        decisive: term.decisive,
        laterally_split: term.regions.intersects(RegionSet::EXTREMITIES),
    }
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

fn marks_in(text: &str, even: &Even<'_>) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    for (range, side) in SIDES.find(even) {
        if let Some(last) = marks.last_mut() {
            let gap = text[last.range.end..range.start].trim();
            let joined = JOINS.split('|').any(|join| join.eq_ignore_ascii_case(gap));
            if joined && last.side != side && last.side != Side::Both && side != Side::Both {
                last.range.end = range.end;
                last.side = Side::Both;
                continue;
            }
        }
        marks.push(Mark {
            range,
            side,
            used: false,
        });
    }
    marks
}

fn attach_sides(text: &str, mentions: &mut Vec<RegionMention>, mut marks: Vec<Mark>) {
    // A side belongs to the region that follows it ...
    for mention in mentions.iter_mut() {
        let next = marks.partition_point(|mark| mark.range.end <= mention.range.start);
        if let Some(mark) = next.checked_sub(1).map(|last| &mut marks[last])
            && leads(
                &text[mark.range.clone()],
                &text[mark.range.end..mention.range.start],
            )
        {
            mention.side = mark.side;
            mark.used = true;
        }
    }
    // ... `LT hip` is the left hip, no lower trapezius.
    mentions.retain(|mention| {
        let mut marks = marks.iter();
        !marks.any(|mark| mark.used && overlap(&mark.range, &mention.range))
    });
    // A side no region follows belongs to the one before it.
    for at in 0..mentions.len() {
        let range = mentions[at].range.clone();
        let following = mentions.get(at + 1);
        let limit = following.map_or(text.len(), |next| next.range.start);
        if mentions[at].side == Side::Unstated {
            let next = marks.partition_point(|mark| mark.range.start < range.end);
            if let Some(mark) = marks.get_mut(next)
                && !mark.used
                && mark.range.end <= limit
                && trails(
                    &text[mark.range.clone()],
                    &text[range.end..mark.range.start],
                )
            {
                mentions[at].side = mark.side;
                mark.used = true;
            }
        }
        // `R hip/knee`, `R shoulder infraspinatus`.
        if let [.., previous, mention] = &mut mentions[..=at]
            && mention.side == Side::Unstated
            && ["", "/"].contains(&text[previous.range.end..range.start].trim_matches(' '))
        {
            mention.side = previous.side;
        }
    }
}

/// Whether a side reaches over the gap to a region after it.
fn leads(side: &str, gap: &str) -> bool {
    let is_short = side.len() <= 5 && !matches!(side, "left" | "right");
    let gap = gap.strip_prefix('.').filter(|_| is_short).unwrap_or(gap);
    holds_only(gap, BEFORE, " -")
}

/// Whether a side reaches back over the gap to a region before it.
fn trails(side: &str, gap: &str) -> bool {
    let small_letter = matches!(side, "l" | "r");
    // `UT, LT` is a list of muscles.
    let muscle = matches!(side, "LT" | "RT") && gap.contains(',');
    !small_letter && !muscle && holds_only(gap, AFTER, " -,([:")
}

/// Whether a gap is short and holds no other words and marks than these.
fn holds_only(gap: &str, words: &str, marks: &str) -> bool {
    let mut found = gap
        .split(|c| marks.contains(c))
        .filter(|word| !word.is_empty());
    let known = |word: &str| {
        words
            .split(' ')
            .any(|known| known.eq_ignore_ascii_case(word))
    };
    gap.len() <= 32 && found.all(known)
}

pattern!(
    /// A number that a letter may stand before, whole: `C4`, `t12`, `R5`, `6`. A small r is no rib.
    LEVEL,
    r"^([CTLSRctls])?([1-9][0-9]?)(?:$|[^0-9A-Za-z.]|\.(?:$|[^0-9]))"
);

/// The letters of the spinal levels and of the ribs, and their last numbers.
const LEVELS: [(&str, Region, u8); 5] = [
    ("C", Region::Cervical, 7),
    ("T", Region::Thoracic, 12),
    ("L", Region::Lumbar, 5),
    ("S", Region::Sacral, 5),
    ("R", Region::RibCage, 12),
];
const LUMBAR: usize = 2;
const SACRAL: usize = 3;
const RIB: usize = 4;

/// A spinal level or a rib.
#[derive(Clone, Copy)]
struct Level {
    /// Which of [`LEVELS`].
    kind: usize,
    number: u8,
    end: usize,
}

impl Level {
    /// Reads the level that begins here; its kind is given if its letter is not written (`C4-6`).
    fn at(text: &str, start: usize, kind: Option<usize>) -> Option<Self> {
        let found = LEVEL.captures(&text[start..])?;
        let kind = match (kind, found.get(1)) {
            (Some(kind), None) => kind,
            (None, Some(letter)) => {
                let mut letters = LEVELS.iter().map(|(known, ..)| *known);
                letters.position(|known| letter.as_str().eq_ignore_ascii_case(known))?
            }
            _ => return None,
        };
        let digits = found.get(2)?;
        let (number, end) = (digits.as_str().parse().ok()?, start + digits.end());
        (number <= LEVELS[kind].2).then_some(Self { kind, number, end })
    }
}

fn levels_in(text: &str) -> Vec<RegionMention> {
    let mut found = Vec::new();
    let mut end = 0;
    for (at, _) in text.match_indices(['C', 'T', 'L', 'S', 'R', 'c', 't', 'l', 's']) {
        if at < end
            || !text[at + 1..].starts_with(|c: char| c.is_ascii_digit())
            || text[..at].ends_with(char::is_alphanumeric)
        {
            continue;
        }
        let Some(first) = Level::at(text, at, None) else {
            continue;
        };
        let last = second_level(text, first).unwrap_or(first);
        let kinds = first.kind.min(last.kind)..=first.kind.max(last.kind);
        let regions = LEVELS[kinds].iter().map(|(_, region, _)| *region).collect();
        let (one_of, decisive) = (false, first.kind != RIB);
        let term = Term {
            regions,
            one_of,
            decisive,
        };
        found.push(mention(at..last.end, term));
        end = last.end;
    }
    found
}

/// The other end of `C4-C6`, `C4-6`, `L5/S1`, `T4 to T8`.
fn second_level(text: &str, first: Level) -> Option<Level> {
    let rest = &text[first.end..];
    let trimmed = rest.trim_start_matches(' ');
    let joined = ["through", "thru", "to", "-", "–", "—", "/"]
        .iter()
        .find_map(|join| trimmed.strip_prefix(join))?;
    let target = joined.trim_start_matches(' ');
    let start = text.len() - target.len();
    if let Some(level) = Level::at(text, start, None) {
        return ((level.kind == RIB) == (first.kind == RIB)).then_some(level);
    }
    // Without its letter the second number must touch: `L3 - 5 min` is no range of levels.
    if rest.len() != trimmed.len() || joined.len() != target.len() {
        return None;
    }
    if first.kind == LUMBAR && first.number == 5 && target.starts_with('1') {
        return Level::at(text, start, Some(SACRAL)).filter(|level| level.number == 1);
    }
    Level::at(text, start, Some(first.kind)).filter(|level| level.number > first.number)
}

/// The regions that a text names, each once, as a block's line has them: `lumbar, R shoulder`.
pub fn written(text: &str) -> String {
    let mut places: Vec<String> = Vec::new();
    for region in find_in(text).into_iter().filter(|r| r.decisive) {
        let words: Vec<&str> = text[region.range].split_whitespace().collect();
        let side = match region.side {
            Side::Left => "L ",
            Side::Right => "R ",
            Side::Both => "bilateral ",
            Side::Unstated => "",
        };
        let place = format!("{side}{}", words.join(" "));
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> RegionMention {
        let found = find_in(text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        found[0].clone()
    }

    fn set(regions: &[Region]) -> RegionSet {
        regions.iter().copied().collect()
    }

    fn sides(text: &str) -> Vec<(String, Side)> {
        find_in(text)
            .into_iter()
            .map(|mention| (text[mention.range].to_owned(), mention.side))
            .collect()
    }

    #[test]
    fn the_words_between_are_in_order() {
        assert!(BEFORE.split(' ').is_sorted() && AFTER.split(' ').is_sorted());
    }

    #[test]
    fn sets() {
        let mut regions = RegionSet::default();
        assert!(regions.is_empty());
        regions.insert(Region::Lumbar);
        regions.insert(Region::Cervical);
        assert_eq!(regions.len(), 2);
        assert_eq!(
            regions.iter().collect::<Vec<_>>(),
            [Region::Cervical, Region::Lumbar]
        );
        assert!(regions.contains(Region::Lumbar) && !regions.contains(Region::Head));
        assert!(regions.intersects(set(&[Region::Lumbar, Region::Head])));
        assert!(!regions.intersects(set(&[Region::Head])));
        assert_eq!(regions.union(set(&[Region::Head])).len(), 3);
        assert_eq!(
            Region::ALL
                .into_iter()
                .filter(|region| region.is_spinal())
                .count(),
            5
        );
    }

    #[test]
    fn words_of_each_region() {
        for (text, region) in [
            ("neck", Region::Cervical),
            ("C/S", Region::Cervical),
            ("C-spine", Region::Cervical),
            ("suboccipitals", Region::Cervical),
            ("SCM", Region::Cervical),
            ("mid-back", Region::Thoracic),
            ("rhomboids", Region::Thoracic),
            ("low back", Region::Lumbar),
            ("Lower  back", Region::Lumbar),
            ("QL", Region::Lumbar),
            ("lumbar paraspinals", Region::Lumbar),
            ("sacrum", Region::Sacral),
            ("SI joint", Region::Pelvic),
            ("TMJ", Region::Head),
            ("shoulders", Region::UpperExtremity),
            ("rotator cuff", Region::UpperExtremity),
            ("biceps", Region::UpperExtremity),
            ("biceps femoris", Region::LowerExtremity),
            ("IT band", Region::LowerExtremity),
            ("hamstrings", Region::LowerExtremity),
            ("calves", Region::LowerExtremity),
            ("intercostals", Region::RibCage),
            ("diaphragm", Region::Abdomen),
            ("C4-C6", Region::Cervical),
            ("C4-6", Region::Cervical),
            ("T12", Region::Thoracic),
            ("T4 to T8", Region::Thoracic),
            ("l4/5", Region::Lumbar),
            ("S1", Region::Sacral),
        ] {
            let mention = one(text);
            assert_eq!(mention.regions, set(&[region]), "{text}");
            assert!(mention.decisive, "{text}");
            assert_eq!(mention.range, 0..text.len(), "{text}");
            assert_eq!(mention.side, Side::Unstated, "{text}");
        }
    }

    #[test]
    fn levels_that_reach_further() {
        let mention = one("L5-S1");
        assert_eq!(mention.side, Side::Unstated);
        assert_eq!(mention.regions, set(&[Region::Lumbar, Region::Sacral]));
        assert!(!mention.one_of);
        assert_eq!(one("L5/1").regions, set(&[Region::Lumbar, Region::Sacral]));
        assert_eq!(
            one("C7 – L1").regions,
            set(&[Region::Cervical, Region::Thoracic, Region::Lumbar])
        );
        assert_eq!(one("L3 - 5 min").range, 0..2);
        assert_eq!(one("L4-5").range, 0..4);
        for text in [
            "L6", "C8", "T13", "M54.2", "S13.4XXA", "L20.9", "C4x", "xC4", "T2DM", "C0", "L",
            "C123", "S1.1", "éC4",
        ] {
            assert_eq!(find_in(text), [], "{text}");
        }
    }

    #[test]
    fn a_rib_may_be_a_right_side() {
        let rib = one("R1");
        assert_eq!(
            (rib.regions, rib.decisive),
            (set(&[Region::RibCage]), false)
        );
        assert_eq!(find_in("r1"), []);
        assert_eq!(one("R5-R7").range, 0..5);
        assert_eq!(sides("R L5"), [("L5".to_owned(), Side::Right)]);
    }

    #[test]
    fn lists() {
        assert_eq!(
            sides("cervical/thoracic, C/S, T/S, L/S")
                .into_iter()
                .map(|(word, _)| word)
                .collect::<Vec<_>>(),
            ["cervical", "thoracic", "C/S", "T/S", "L/S"]
        );
        assert!(find_in("L/S")[0].one_of);
        assert_eq!(one("lumbosacral").regions.len(), 2);
        assert!(!one("lumbosacral").one_of);
    }

    #[test]
    fn muscles_of_several_regions() {
        let mention = one("levator scapulae");
        assert!(mention.one_of && mention.decisive && mention.laterally_split);
        assert_eq!(
            mention.regions,
            set(&[Region::Cervical, Region::UpperExtremity])
        );
        assert_eq!(
            one("piriformis").regions,
            set(&[Region::Pelvic, Region::LowerExtremity])
        );
        assert_eq!(
            one("pec minor").regions,
            set(&[Region::UpperExtremity, Region::RibCage])
        );
        assert_eq!(
            one("psoas").regions,
            set(&[Region::Lumbar, Region::Pelvic, Region::Abdomen])
        );
        assert!(one("shoulder").laterally_split && !one("lumbar").laterally_split);
    }

    #[test]
    fn lone_abbreviations_decide_nothing() {
        for text in [
            "LS",
            "MT",
            "SI",
            "SC",
            "GM",
            "ST",
            "LB",
            "RF",
            "HS",
            "PF",
            "LT",
            "back",
            "paraspinals in spine",
        ] {
            assert!(
                find_in(text).iter().any(|mention| !mention.decisive),
                "{text}"
            );
        }
        for text in ["so", "es", "lb", "si", "5 lbs", "pt", "PT"] {
            assert_eq!(find_in(text), [], "{text}");
        }
    }

    #[test]
    fn not_a_region() {
        for text in [
            "hands-on work",
            "back to work",
            "on the other hand",
            "headache",
            "necklace",
            "armchair",
            "hip hinge",
            "whip",
            "",
        ] {
            assert_eq!(find_in(text), [], "{text}");
        }
    }

    #[test]
    fn sides_before() {
        for (text, side) in [
            ("R shoulder", Side::Right),
            ("r shoulder", Side::Right),
            ("(R) UT", Side::Right),
            ("® UT", Side::Right),
            ("Rt. hip", Side::Right),
            ("LT hip", Side::Left),
            ("L hip", Side::Left),
            ("right-sided low back", Side::Right),
            ("left side of the neck", Side::Left),
            ("left posterior shoulder", Side::Left),
            ("bilateral UT", Side::Both),
            ("B/L hips", Side::Both),
            ("B UT", Side::Both),
            ("(B) knees", Side::Both),
            ("left and right shoulder", Side::Both),
            ("R/L hip", Side::Both),
            ("both knees", Side::Both),
            ("R C4-6", Side::Right),
        ] {
            assert_eq!(one(text).side, side, "{text}");
        }
    }

    #[test]
    fn sides_after() {
        for (text, side) in [
            ("shoulder, right", Side::Right),
            ("shoulder (R)", Side::Right),
            ("shoulder R", Side::Right),
            ("hip on the left", Side::Left),
            ("lumbar region, left", Side::Left),
            ("lumbar paraspinals, R > L", Side::Both),
            ("UT bilaterally", Side::Both),
            ("shoulder: L", Side::Left),
            ("C4-C6 L", Side::Left),
        ] {
            assert_eq!(one(text).side, side, "{text}");
        }
    }

    #[test]
    fn sides_go_to_their_own_region() {
        let all = |list: &[(&str, Side)]| -> Vec<(String, Side)> {
            list.iter()
                .map(|&(word, side)| (word.to_owned(), side))
                .collect()
        };
        assert_eq!(
            sides("cervical, R shoulder"),
            all(&[("cervical", Side::Unstated), ("shoulder", Side::Right)])
        );
        assert_eq!(
            sides("UT, L levator; R hip"),
            all(&[
                ("UT", Side::Unstated),
                ("levator", Side::Left),
                ("hip", Side::Right)
            ])
        );
        assert_eq!(
            sides("shoulder R, hip L"),
            all(&[("shoulder", Side::Right), ("hip", Side::Left)])
        );
        assert_eq!(
            sides("R hip/knee"),
            all(&[("hip", Side::Right), ("knee", Side::Right)])
        );
        assert_eq!(sides("neck. Right away"), all(&[("neck", Side::Unstated)]));
        assert_eq!(
            sides("UT, LT"),
            all(&[("UT", Side::Unstated), ("LT", Side::Unstated)])
        );
        assert_eq!(
            sides("L5 paraspinals")[0],
            ("L5".to_owned(), Side::Unstated)
        );
        assert_eq!(
            sides("turned right; neck"),
            all(&[("neck", Side::Unstated)])
        );
    }
}
