//! Two codes on one visit, and whether the note shows that they were distinct: what the rules about
//! pairs share.

use super::{Draft, Edit, VisitCase};
use crate::chart::{FieldKind, Modality};
use crate::reference::procedures::{Attendance, Procedure};
use crate::reference::regions::{Region, RegionMention, RegionSet, Side};
use crate::text::Span;

/// Modifiers that say two services were distinct.
pub const DISTINCT: &[&str] = &["59", "XE", "XP", "XS", "XU"];
/// Those of them whose reason may be the region; XE, XP and XU give another one.
pub const REGION: &[&str] = &["59", "XS"];
/// Modifiers that open an NCCI pair of indicator 1: the distinct ones, sides, and a separate visit.
pub const OPENING: &[&str] = &["59", "XE", "XP", "XS", "XU", "25", "LT", "RT"];

/// How the note shows that two codes were distinct.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distinct {
    /// They name regions that have nothing in common.
    ByRegion,
    /// Their clock times set them apart.
    ByTime,
    /// They name this region both.
    No(Region),
    /// One of them names no region.
    Unstated,
    /// Neither region nor time is asked for here, or the times that decide are not given.
    NotAsked,
}

/// Two codes on one visit, each with its blocks.
#[derive(Debug)]
pub struct Pair<'a> {
    /// The blocks of column 1, the code that is paid; at least one.
    pub first: Vec<&'a Modality>,
    /// The blocks of column 2; at least one.
    pub second: Vec<&'a Modality>,
    place: PairPlace,
}

/// Which of a pair's blocks stand on the visit that is judged; the others are on another visit of its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PairPlace {
    Here,
    FirstHere,
    SecondHere,
}

/// Whether one of the blocks has one of the modifiers.
pub fn has_modifier(modalities: &[&Modality], codes: &[&str]) -> bool {
    modalities.iter().any(|m| m.has_modifier(codes))
}

/// Whether a modifier on this code would be true: the note sets it apart from every code of the
/// visit that it makes an NCCI pair with.
pub fn is_set_apart(case: &VisitCase<'_>, code: &str) -> bool {
    case.codes().iter().all(|other| {
        let edit = case.policy.edits.pair(other, code);
        let pair = edit.and_then(|e| Pair::on(case, &e.column1, &e.column2));
        pair.is_none_or(|pair| pair.is_distinct())
    })
}

impl<'a> Pair<'a> {
    /// The pair, if both codes are on the visit, or one of them is and the other on a visit of the same day that
    /// stands before it: the later visit is where a pair comes about.
    pub fn on(case: &'a VisitCase<'_>, first: &str, second: &str) -> Option<Self> {
        // What is not billed is in no pair.
        let here = |code: &str| -> Vec<&'a Modality> {
            let blocks = case.modalities_of(code);
            blocks.filter(|m| m.is_billed()).collect()
        };
        let before = |code: &str| -> Vec<&'a Modality> {
            let visits = case.day.before.iter();
            let blocks = visits.flat_map(|day| &day.visit.modalities);
            blocks.filter(|m| m.code == code && m.is_billed()).collect()
        };
        let (first_here, second_here) = (here(first), here(second));
        let (first, second, place) = match (first_here.is_empty(), second_here.is_empty()) {
            (false, false) => (first_here, second_here, PairPlace::Here),
            (false, true) => (first_here, before(second), PairPlace::FirstHere),
            (true, false) => (before(first), second_here, PairPlace::SecondHere),
            (true, true) => return None,
        };
        (!first.is_empty() && !second.is_empty()).then_some(Self {
            first,
            second,
            place,
        })
    }

    /// What a finding about the pair points to: the code that is not paid, or the other one if that stands in
    /// another visit.
    pub fn span(&self) -> Span {
        match self.place {
            PairPlace::Here | PairPlace::SecondHere => self.second[0].code_span,
            PairPlace::FirstHere => self.first[0].code_span,
        }
    }

    /// Where the other code stands, if not on this visit: " (97140 is in another visit of this day)".
    pub fn elsewhere(&self) -> String {
        let code = match self.place {
            PairPlace::Here => return String::new(),
            PairPlace::FirstHere => &self.second[0].code,
            PairPlace::SecondHere => &self.first[0].code,
        };
        format!(" ({code} is in another visit of this day)")
    }

    /// The draft with a pointer to the code that is paid, if that stands on this visit as well.
    pub fn related(&self, draft: Draft, words: &'static str) -> Draft {
        match self.place {
            PairPlace::Here => draft.related(self.first[0].code_span, words),
            PairPlace::FirstHere | PairPlace::SecondHere => draft,
        }
    }

    /// The blocks of column 2 that a fix may change: those on this visit.
    pub fn second_here(&self) -> &[&'a Modality] {
        match self.place {
            PairPlace::Here | PairPlace::SecondHere => &self.second,
            PairPlace::FirstHere => &[],
        }
    }

    /// The blocks of column 1 that a fix may change: those on this visit.
    pub fn first_here(&self) -> &[&'a Modality] {
        match self.place {
            PairPlace::Here | PairPlace::FirstHere => &self.first,
            PairPlace::SecondHere => &[],
        }
    }

    fn all(&self) -> impl Iterator<Item = &'a Modality> {
        self.first.iter().chain(&self.second).copied()
    }

    /// How the note shows that they were distinct.
    ///
    /// Beside an adjustment the region decides and never the clock (NCCI policy manual, ch. 11); beside a group
    /// the time decides and never the region; an evaluation asks for neither.
    pub fn distinct(&self) -> Distinct {
        let is = |what: fn(&Procedure) -> bool| self.all().any(|m| m.procedure.is_some_and(what));
        if is(|procedure| procedure.evaluation) {
            return Distinct::NotAsked;
        }
        if self.has_adjustment() {
            return self.by_region();
        }
        if is(|procedure| procedure.attendance == Attendance::Group) {
            return if self.has_separate_times() {
                Distinct::ByTime
            } else {
                Distinct::NotAsked
            };
        }
        if self.has_separate_times() {
            return Distinct::ByTime;
        }
        self.by_region()
    }

    /// Whether one of the codes is an adjustment.
    pub fn has_adjustment(&self) -> bool {
        let mut all = self.all();
        all.any(|m| m.procedure.is_some_and(|p| p.adjustment))
    }

    fn by_region(&self) -> Distinct {
        let with = |one: &&'a Modality| {
            let mut second = self.second.iter();
            second.find_map(|two| common_region(one, two))
        };
        match self.first.iter().find_map(with) {
            Some(region) => Distinct::No(region),
            None if self.all().any(|m| m.regions.is_empty()) => Distinct::Unstated,
            None => Distinct::ByRegion,
        }
    }

    /// Whether the note shows in some way that they were distinct.
    pub fn is_distinct(&self) -> bool {
        matches!(self.distinct(), Distinct::ByRegion | Distinct::ByTime)
    }

    /// Whether they name regions that have nothing in common.
    pub fn has_separate_regions(&self) -> bool {
        self.by_region() == Distinct::ByRegion
    }

    fn has_separate_times(&self) -> bool {
        // Two visits are two sessions.
        if self.place != PairPlace::Here {
            return true;
        }
        let timed =
            |m: &Modality| !m.clock.is_empty() && m.clock.iter().all(|r| r.minutes().is_some());
        self.all().all(timed)
            && self.first.iter().flat_map(|m| &m.clock).all(|one| {
                let mut others = self.second.iter().flat_map(|m| &m.clock);
                others.all(|two| one.end <= two.start || two.end <= one.start)
            })
    }
}

/// An edit that puts a modifier after a code and its modifiers.
pub fn add_modifier(modality: &Modality, modifier: &str) -> Edit {
    Edit::insert(modality.modifiers_end, format!("-{modifier}"))
}

/// Whether blocks can be taken out without anything else in the note going wrong: something is left
/// to bill, and no total counts their minutes.
pub fn can_be_removed(case: &VisitCase<'_>, modalities: &[&Modality]) -> bool {
    !modalities.is_empty()
        && case.visit.modalities.len() > modalities.len()
        && case.visit.field(FieldKind::TimedMinutes).is_none()
        && !case.claims_units()
}

/// A region that both blocks name for certain, on the same side where sides are separate sites.
fn common_region(one: &Modality, two: &Modality) -> Option<Region> {
    for a in one.regions.iter().filter(|m| m.decisive) {
        for b in two.regions.iter().filter(|m| m.decisive) {
            // A muscle of two regions may have been treated in the other one.
            let certain = |m: &RegionMention| {
                if m.one_of && m.regions.len() > 1 {
                    RegionSet::default()
                } else {
                    m.regions
                }
            };
            let common = certain(a).intersection(certain(b));
            let split = a.laterally_split && b.laterally_split;
            let apart = split
                && matches!(
                    (a.side, b.side),
                    (Side::Left, Side::Right) | (Side::Right, Side::Left)
                );
            if !apart && let Some(region) = common.iter().next() {
                return Some(region);
            }
        }
    }
    None
}
