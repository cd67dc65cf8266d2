//! The diagnoses that massage therapists, physical therapists and chiropractors use most, the body
//! regions of diagnoses, and codes that say too little.
//!
//! Source: the project's domain notes, sections 8.4 and 8.5, see `data/common-diagnoses.tsv`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::Release;
use super::rows::Code;
use crate::reference::regions::{self, RegionSet};
use crate::reference::table;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Common {
    /// The code in capitals, with its dot.
    pub code: &'static str,
    /// The part of the body or the kind of complaint it is listed under.
    pub group: &'static str,
    /// The regions it has to do with; empty where the code does not say.
    pub regions: RegionSet,
}

static ALL: LazyLock<Vec<Common>> = LazyLock::new(|| {
    table::read(
        include_str!("../../../data/common-diagnoses.tsv"),
        "code group regions",
        |[code, group, regions]| {
            Code::of_table(code).filter(|_| !group.is_empty())?;
            Some(Common {
                code,
                group,
                regions: RegionSet::of_cell(regions, '+')?,
            })
        },
    )
});

/// Their codes, each with its place among them.
static RANKS: LazyLock<BTreeMap<Code, usize>> = LazyLock::new(|| {
    let codes = all().iter().zip(0..);
    let ranks = codes.filter_map(|(common, rank)| Some((Code::parse(common.code)?, rank)));
    ranks.collect()
});

/// All of them, the likeliest of each group first.
pub fn all() -> &'static [Common] {
    &ALL
}

/// The diagnosis, in any case, with or without its dot, if it is a common one.
pub fn find(code: &str) -> Option<&'static Common> {
    all().get(rank(Code::parse(code)?)?)
}

pub(super) fn ranks() -> &'static BTreeMap<Code, usize> {
    &RANKS
}

pub(super) fn rank(code: Code) -> Option<usize> {
    RANKS.get(&code).copied()
}

/// The body regions that a diagnosis has to do with, where its code says: those in the table for a
/// common one, else those named in the title of a musculoskeletal, nerve or injury code. Of a muscle
/// that may be counted to several regions, all of them.
pub fn region_of(code: &str) -> Option<RegionSet> {
    let regions = match find(code) {
        Some(common) => common.regions,
        None => of_title(code)?,
    };
    (!regions.is_empty()).then_some(regions)
}

/// Elsewhere `cervical` may be the womb's and `head` the pancreas'.
const CHAPTERS: [&str; 8] = ["M", "S", "G43", "G44", "G50", "G54", "G56", "G57"];

fn of_title(code: &str) -> Option<RegionSet> {
    let entry = Release::built_in().find(code)?;
    let mut chapters = CHAPTERS.iter();
    chapters.find(|chapter| entry.code.starts_with(**chapter))?;
    let mentions = regions::find_in(&entry.title).into_iter();
    let decisive = mentions.filter(|mention| mention.decisive);
    Some(
        decisive
            .flat_map(|mention| mention.regions.iter())
            .collect(),
    )
}

/// Why a diagnosis, alone, is weak.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Weakness {
    /// It names no place and no cause.
    NothingLocated,
    /// Low back pain without more: payers limit its visits.
    UnspecifiedLowBack,
    /// Stress, worry or bad sleep: massage for it is not covered.
    Stress,
    /// An examination or advice: no condition is treated.
    NoCondition,
}

impl Weakness {
    pub fn reason(self) -> &'static str {
        match self {
            Self::NothingLocated => "It names a symptom without a place or a cause.",
            Self::UnspecifiedLowBack => {
                "Many payers limit visits for low back pain that is not specified further."
            }
            Self::Stress => "Care for stress, anxiety or poor sleep alone is rarely covered.",
            Self::NoCondition => "It names an encounter, not a condition to treat.",
        }
    }
}

/// The codes; those below one where it ends in `-`.
const WEAK: [(&str, Weakness); 4] = [
    (
        "R52 M54.9 M25.50 M79.10 M79.609 M62.9 R51.9 R53.1",
        Weakness::NothingLocated,
    ),
    ("M54.50", Weakness::UnspecifiedLowBack),
    ("F41.9 F43.9 F32.A Z73.3 G47.00", Weakness::Stress),
    ("Z00- Z13- Z71-", Weakness::NoCondition),
];

/// Why the code is weak where it stands alone. A side left open is given by [`Release::side`].
pub fn weakness(code: &str) -> Option<Weakness> {
    let code = Code::parse(code)?;
    let is = |weak: &str| match weak.strip_suffix('-') {
        Some(above) => Code::parse(above).is_some_and(|above| code.is_under(above)),
        None => Code::parse(weak) == Some(code),
    };
    let mut weak = WEAK.iter();
    let (_, weakness) = weak.find(|(codes, _)| codes.split(' ').any(is))?;
    Some(*weakness)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::regions::Region;

    #[test]
    fn every_row_loads_once_and_can_be_billed() {
        assert_eq!(all().len(), 261);
        assert_eq!(RANKS.len(), 261);
        for common in all() {
            let entry = Release::built_in().find(common.code);
            let is_billable = entry.is_some_and(|entry| entry.billable);
            assert!(
                is_billable || Release::was_billable(common.code),
                "{}",
                common.code
            );
        }
    }

    #[test]
    fn weak_codes_exist() {
        for weak in WEAK.iter().flat_map(|(codes, _)| codes.split(' ')) {
            let code = weak.trim_end_matches('-');
            let entry = Release::built_in().find(code).expect("in the release");
            assert_eq!(entry.billable, !weak.ends_with('-'), "{code}");
        }
    }

    #[test]
    fn regions_of_diagnoses() {
        for (code, regions) in [
            ("M54.2", &[Region::Cervical][..]),
            ("S13.4XXA", &[Region::Cervical]),
            ("m54.50", &[Region::Lumbar]),
            ("M25.511", &[Region::UpperExtremity]),
            ("M25.561", &[Region::LowerExtremity]),
            ("M25.551", &[Region::Pelvic, Region::LowerExtremity]),
            ("M47.815", &[Region::Thoracic, Region::Lumbar]),
            ("S80.01XA", &[Region::LowerExtremity]),
            ("M24.011", &[Region::UpperExtremity]),
            ("M99.04", &[Region::Sacral]),
        ] {
            let expected: RegionSet = regions.iter().copied().collect();
            assert_eq!(region_of(code), Some(expected), "{code}");
        }
        for code in [
            "M79.18", "M62.838", "M54.9", "R52", "N87.0", "C53.9", "C25.0", "M79.7", "", "é",
            "M99.99Z",
        ] {
            assert_eq!(region_of(code), None, "{code}");
        }
    }

    #[test]
    fn weaknesses() {
        assert_eq!(weakness("r52"), Some(Weakness::NothingLocated));
        assert_eq!(weakness("M5450"), Some(Weakness::UnspecifiedLowBack));
        assert_eq!(weakness("Z71.89"), Some(Weakness::NoCondition));
        assert_eq!(weakness("F41.9"), Some(Weakness::Stress));
        for code in ["M54.2", "M54.5", "M79.601", "R5", ""] {
            assert_eq!(weakness(code), None, "{code}");
        }
    }
}
