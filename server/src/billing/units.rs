//! How many 15-minute units a day's minutes earn, and which codes may carry them.

use std::collections::BTreeMap;

use crate::length::Length;

/// The length of a unit in minutes.
const UNIT: u32 = 15;
/// The fewest minutes that earn a unit.
pub const LEAST: u32 = 8;
/// No more allocations than this are ever listed; the set itself is not limited.
pub const MOST_LISTED: usize = 500;

/// How a payer counts units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Counting {
    /// The 8-minute rule: all timed minutes of the day are pooled.
    Cms,
    /// The midpoint rule: each code by itself.
    Ama,
}

impl Counting {
    /// The word that the settings and other programs have for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Cms => "cms",
            Self::Ama => "ama",
        }
    }
}

/// A timed code with all of its minutes on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeMinutes {
    pub code: String,
    /// Its minutes on that day, over all of its blocks.
    pub minutes: Length,
}

impl CodeMinutes {
    /// How many units its minutes fill.
    pub const fn full_units(&self) -> u32 {
        self.minutes.divided(UNIT).0
    }

    /// The minutes that do not fill a unit.
    pub const fn left_over(&self) -> Length {
        self.minutes.divided(UNIT).1
    }
}

/// The units that so many minutes earn together: none below 8, then one more from 23, 38, 53 ...
/// (CMS Pub. 100-04 ch. 5 §20.2).
pub const fn units_of(minutes: u32) -> u32 {
    if minutes < LEAST {
        0
    } else {
        (minutes + 7) / UNIT
    }
}

/// Every valid way to share a day's units among its codes.
///
/// Where left-over minutes tie, the clinician chooses (§20.2, example 2), so that there are several
/// right answers: some units are certain, and `choose` of the `tied` codes get one more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allocations {
    codes: Vec<CodeMinutes>,
    certain: Vec<u32>,
    tied: Vec<usize>,
    choose: usize,
}

/// The allocations of the 8-minute rule. The codes are in the order of the note, each once.
pub fn cms(codes: &[CodeMinutes]) -> Allocations {
    let total: Length = codes.iter().map(|c| c.minutes).sum();
    let mut certain: Vec<u32> = codes.iter().map(CodeMinutes::full_units).collect();
    let full: u32 = certain.iter().sum();
    // Remainders are less than 15 each, so that there are never more units left than codes.
    let left = (units_of(total.minutes()).saturating_sub(full)) as usize;
    let remainder = |index: &usize| codes[*index].left_over();
    let mut by_remainder: Vec<usize> = (0..codes.len())
        .filter(|i| remainder(i) > Length::default())
        .collect();
    by_remainder.sort_by_key(|i| std::cmp::Reverse(remainder(i)));
    let (mut tied, mut choose) = (Vec::new(), 0);
    if let Some(last) = left.checked_sub(1).and_then(|last| by_remainder.get(last)) {
        let cut = remainder(last);
        let (mut above, rest): (Vec<usize>, Vec<usize>) =
            by_remainder.iter().partition(|i| remainder(i) > cut);
        tied.extend(rest.into_iter().filter(|i| remainder(i) == cut));
        choose = left - above.len();
        if choose == tied.len() {
            above.append(&mut tied);
            choose = 0;
        }
        for index in above {
            certain[index] += 1;
        }
    }
    Allocations {
        codes: codes.to_vec(),
        certain,
        tied,
        choose,
    }
}

/// The one allocation of the midpoint rule.
pub fn ama(codes: &[CodeMinutes]) -> Allocations {
    let units = codes.iter().map(|c| units_of(c.minutes.minutes()));
    Allocations::settled(codes.to_vec(), units.collect())
}

impl Allocations {
    /// The one way that is right where the units of each code are settled.
    pub fn settled(codes: Vec<CodeMinutes>, units: Vec<u32>) -> Self {
        Self {
            codes,
            certain: units,
            tied: Vec::new(),
            choose: 0,
        }
    }

    /// The codes, in the order of the note.
    pub fn codes(&self) -> &[CodeMinutes] {
        &self.codes
    }

    /// The units of the day.
    pub fn total(&self) -> u32 {
        self.certain.iter().sum::<u32>() + u32::try_from(self.choose).unwrap_or(u32::MAX)
    }

    /// The fewest and the most units that a code may have, or `None` for a code that is not there.
    pub fn bounds(&self, code: &str) -> Option<(u32, u32)> {
        let index = self.codes.iter().position(|c| c.code == code)?;
        let certain = self.certain[index];
        Some((certain, certain + u32::from(self.tied.contains(&index))))
    }

    /// Whether some codes tie for the last units.
    pub fn is_tie(&self) -> bool {
        self.choose > 0
    }

    /// Whether some valid allocation gives these codes these units; codes that are not named are
    /// free.
    pub fn admits(&self, claimed: &BTreeMap<String, u32>) -> bool {
        let mut extra_taken = 0;
        let mut extra_free = 0;
        for (index, code) in self.codes.iter().enumerate() {
            let certain = self.certain[index];
            let tied = self.tied.contains(&index);
            match claimed.get(&code.code) {
                None if tied => extra_free += 1,
                None => {}
                Some(&units) if units == certain => {}
                Some(&units) if tied && units == certain + 1 => extra_taken += 1,
                Some(_) => return false,
            }
        }
        extra_taken <= self.choose && extra_taken + extra_free >= self.choose
    }

    /// The allocation to suggest: in a tie the code with the larger total minutes first, then the
    /// order of the note.
    pub fn suggested(&self) -> Vec<u32> {
        let mut order = self.tied.clone();
        order.sort_by_key(|&i| (std::cmp::Reverse(self.codes[i].minutes), i));
        let mut units = self.certain.clone();
        for index in order.into_iter().take(self.choose) {
            units[index] += 1;
        }
        units
    }

    /// Every valid allocation, the suggested one first; at most 500 of them.
    pub fn all(&self) -> Vec<Vec<u32>> {
        let suggested = self.suggested();
        let mut all = vec![suggested.clone()];
        let mut chosen = Vec::new();
        self.combinations(0, &mut chosen, &mut |chosen| {
            let mut units = self.certain.clone();
            for &index in chosen {
                units[index] += 1;
            }
            if units != suggested {
                all.push(units);
            }
            all.len() < MOST_LISTED
        });
        all
    }

    fn combinations(
        &self,
        from: usize,
        chosen: &mut Vec<usize>,
        each: &mut impl FnMut(&[usize]) -> bool,
    ) -> bool {
        if chosen.len() == self.choose {
            return each(chosen);
        }
        for next in from..self.tied.len() {
            chosen.push(self.tied[next]);
            let go_on = self.combinations(next + 1, chosen, each);
            chosen.pop();
            if !go_on {
                return false;
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn minutes(pairs: &str) -> Vec<CodeMinutes> {
        pairs
            .split(',')
            .map(|pair| {
                let (code, minutes) = pair.split_once('=').unwrap();
                CodeMinutes {
                    code: code.into(),
                    minutes: minutes.parse::<u32>().unwrap().into(),
                }
            })
            .collect()
    }

    fn units(pairs: &str) -> Vec<u32> {
        minutes(pairs)
            .into_iter()
            .map(|c| c.minutes.minutes())
            .collect()
    }

    /// The worked examples of CMS and of others, every row of the table.
    #[test]
    fn worked_examples() {
        let table = include_str!("../../data/unit-examples.tsv");
        let mut rows = 0;
        for row in table.lines().filter(|l| !l.starts_with('#')).skip(1) {
            let cells: Vec<&str> = row.split('\t').collect();
            let codes = minutes(cells[1]);
            let found = cms(&codes);
            assert_eq!(found.total().to_string(), cells[3], "{row}");
            let valid: BTreeSet<Vec<u32>> = cells[4].split('|').map(units).collect();
            assert_eq!(
                found.all().into_iter().collect::<BTreeSet<_>>(),
                valid,
                "{row}"
            );
            assert!(valid.contains(&found.suggested()), "{row}");
            assert_eq!(ama(&codes).suggested(), units(cells[5]), "{row}");
            rows += 1;
        }
        assert!(rows >= 25, "the table is there");
    }

    /// The bands of §20.2 at both of their ends.
    #[test]
    fn bands() {
        for unit in 1..=12 {
            let (first, last) = if unit == 1 {
                (8, 22)
            } else {
                (15 * unit - 7, 15 * unit + 7)
            };
            assert_eq!(units_of(first - 1), unit - 1);
            assert_eq!(units_of(first), unit);
            assert_eq!(units_of(last), unit);
            assert_eq!(units_of(last + 1), unit + 1);
        }
        assert_eq!((units_of(0), units_of(7), units_of(8)), (0, 0, 1));
    }

    /// What is claimed for some of the codes is admitted just where one of all allocations gives it.
    #[test]
    fn what_a_tie_admits() {
        for day in [
            "97110=20,97140=20,97112=20",
            "97110=20,97140=20",
            "97110=24,97140=20,97112=20,97530=4",
            "97110=33,97140=7",
            "97110=15,97140=30",
        ] {
            let codes = minutes(day);
            let found = cms(&codes);
            let all = found.all();
            assert_eq!(found.is_tie(), all.len() > 1, "{day}");
            // Of each code 0 to 3 units are claimed, or it is not named.
            for claim in 0..5_u32.pow(u32::try_from(codes.len()).unwrap()) {
                let units = |at: usize| claim / 5_u32.pow(u32::try_from(at).unwrap()) % 5;
                let claimed: BTreeMap<String, u32> = (0..codes.len())
                    .filter(|at| units(*at) < 4)
                    .map(|at| (codes[at].code.clone(), units(at)))
                    .collect();
                let agrees = |one: &Vec<u32>| {
                    let mut shares = codes.iter().zip(one);
                    shares.all(|(code, units)| claimed.get(&code.code).is_none_or(|c| c == units))
                };
                let expected = all.iter().any(agrees);
                assert_eq!(found.admits(&claimed), expected, "{day} {claimed:?}");
            }
        }
    }

    #[test]
    fn no_more_than_500_allocations_are_listed() {
        let many = |count: u32| -> Vec<CodeMinutes> {
            let codes = (0..count).map(|code| CodeMinutes {
                code: code.to_string(),
                minutes: 20.into(),
            });
            codes.collect()
        };
        // Four units more for 12 of 20 minutes, of which there are 495 ways, and for 13 of them, of which there are 715.
        assert_eq!(cms(&many(12)).all().len(), 495);
        assert_eq!(cms(&many(13)).all().len(), MOST_LISTED);
    }

    proptest::proptest! {
        #[test]
        fn every_allocation_is_sound(minutes in proptest::collection::vec(0u32..70, 0..6)) {
            let codes: Vec<CodeMinutes> = minutes.iter().enumerate()
                .map(|(i, m)| CodeMinutes { code: format!("{i}"), minutes: (*m).into() }).collect();
            let found = cms(&codes);
            proptest::prop_assert_eq!(found.total(), units_of(minutes.iter().sum()));
            for units in found.all() {
                proptest::prop_assert_eq!(units.iter().sum::<u32>(), found.total());
                let claimed = codes.iter().map(|c| c.code.clone()).zip(units.iter().copied()).collect();
                proptest::prop_assert!(found.admits(&claimed));
                for (code, given) in codes.iter().zip(units) {
                    let full = code.full_units();
                    proptest::prop_assert!(given == full || given == full + 1);
                    proptest::prop_assert!(code.minutes > 0 || given == 0);
                }
            }
            // The order of the note does not change the set.
            let reversed: Vec<CodeMinutes> = codes.iter().rev().cloned().collect();
            let mirror: BTreeSet<Vec<u32>> = cms(&reversed).all().into_iter()
                .map(|mut u| { u.reverse(); u }).collect();
            proptest::prop_assert_eq!(found.all().into_iter().collect::<BTreeSet<_>>(), mirror);
        }
    }
}
