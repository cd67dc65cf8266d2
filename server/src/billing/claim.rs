//! A visit as its claim lines.

use std::collections::BTreeMap;

use serde::Serialize;

use super::units::{Allocations, CodeMinutes, Counting, ama, cms};
use crate::length::Length;

/// How a block's code is billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Billing {
    /// In 15-minute units, pooled under the 8-minute rule.
    Quarter,
    /// In periods of its own of this many minutes, at most `most` of them.
    Period {
        /// Length of a period in minutes.
        minutes: u32,
        /// The most periods, if there is a limit (a "first" period is one).
        most: Option<u32>,
    },
    /// Once, whatever the minutes.
    Once,
}

/// One modality, as far as billing sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block<'a> {
    pub code: &'a str,
    pub billing: Billing,
    pub modifiers: Vec<&'a str>,
    /// The minutes, if the note gives them.
    pub minutes: Option<Length>,
    /// The units that the note claims.
    pub claimed: Option<u32>,
    /// The diagnoses that the block points to.
    pub diagnoses: Vec<&'a str>,
    /// Its code was proposed, and nobody has confirmed it yet.
    pub proposed: bool,
}

/// A line of the claim, as `soapstone claim --output-format json` shows it, too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClaimLine {
    pub code: String,
    pub modifiers: Vec<String>,
    /// All minutes of the blocks that the line stands for.
    pub minutes: Length,
    pub units: u32,
    pub diagnoses: Vec<String>,
    /// The code of one of the blocks was proposed and is not confirmed yet; told only where it is so.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub proposed: bool,
}

/// A visit's minutes, units and claim lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    pub counting: Counting,
    /// The full minutes of the pooled codes.
    pub timed_minutes: u32,
    /// The full minutes of all blocks.
    pub total_minutes: u32,
    /// The valid allocations of the pooled units.
    pub allocations: Allocations,
    /// What the other way of counting would give, where it differs.
    pub otherwise: Option<Allocations>,
    /// In the order of the note.
    pub lines: Vec<ClaimLine>,
    /// Some pooled block's minutes are not known, so that the totals are no more than a beginning.
    pub incomplete: bool,
}

impl Claim {
    /// The pooled units of the day.
    pub fn timed_units(&self) -> u32 {
        self.allocations.total()
    }

    /// The units that the line of a code gets, by the suggestion or by a valid claim.
    pub fn units_of(&self, code: &str) -> u32 {
        let lines = self.lines.iter().filter(|l| l.code == code);
        lines.map(|l| l.units).sum()
    }
}

/// Counts a visit. The same code in several blocks is one service: its minutes are added first.
pub fn claim(blocks: &[Block<'_>], counting: Counting) -> Claim {
    let mut codes: Vec<CodeMinutes> = Vec::new();
    for block in blocks.iter().filter(|b| b.billing == Billing::Quarter) {
        let minutes = block.minutes.unwrap_or_default();
        match codes.iter_mut().find(|c| c.code == block.code) {
            Some(known) => known.minutes += minutes,
            None => codes.push(CodeMinutes {
                code: block.code.to_owned(),
                minutes,
            }),
        }
    }
    let (allocations, other) = match counting {
        Counting::Cms => (cms(&codes), ama(&codes)),
        Counting::Ama => (ama(&codes), cms(&codes)),
    };
    let owned = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect();
    let claimed = claimed_units(blocks);
    let units = chosen(&allocations, &claimed);
    let mut lines: Vec<ClaimLine> = Vec::new();
    for block in blocks {
        match lines
            .iter_mut()
            .find(|l| l.code == block.code && l.modifiers == block.modifiers)
        {
            Some(line) => {
                line.minutes += block.minutes.unwrap_or_default();
                line.proposed |= block.proposed;
                for diagnosis in &block.diagnoses {
                    if !line.diagnoses.iter().any(|known| known == diagnosis) {
                        line.diagnoses.push((*diagnosis).to_owned());
                    }
                }
            }
            None => lines.push(ClaimLine {
                code: block.code.to_owned(),
                modifiers: owned(&block.modifiers),
                minutes: block.minutes.unwrap_or_default(),
                units: 0,
                diagnoses: owned(&block.diagnoses),
                proposed: block.proposed,
            }),
        }
    }
    for (code, units) in codes.iter().zip(&units) {
        share(
            *units,
            lines.iter_mut().filter(|l| l.code == code.code).collect(),
        );
    }
    for line in &mut lines {
        let Some(block) = blocks.iter().find(|b| b.code == line.code) else {
            continue;
        };
        match block.billing {
            Billing::Quarter => {}
            Billing::Once => line.units = 1,
            Billing::Period { minutes, most } => {
                // A period counts when its midpoint is passed.
                let periods = (line.minutes.minutes() + minutes.div_ceil(2) - 1) / minutes.max(1);
                line.units = most.map_or(periods, |most| periods.min(most));
            }
        }
    }
    let total: Length = blocks.iter().filter_map(|b| b.minutes).sum();
    Claim {
        counting,
        timed_minutes: codes.iter().map(|c| c.minutes).sum::<Length>().minutes(),
        total_minutes: total.minutes(),
        otherwise: (other.suggested() != allocations.suggested()
            && other.all() != allocations.all())
        .then_some(other),
        allocations,
        lines,
        incomplete: blocks
            .iter()
            .any(|b| b.billing == Billing::Quarter && b.minutes.is_none()),
    }
}

/// The units that the note claims for each pooled code; a code with a block that claims nothing is
/// left out, since its claim is not whole.
pub fn claimed_units(blocks: &[Block<'_>]) -> BTreeMap<String, u32> {
    let mut claimed = BTreeMap::new();
    for block in blocks.iter().filter(|b| b.billing == Billing::Quarter) {
        let mut same = blocks.iter().filter(|b| b.code == block.code);
        let whole = same.all(|b| b.claimed.is_some());
        if whole {
            *claimed.entry(block.code.to_owned()).or_insert(0) += block.claimed.unwrap_or(0);
        }
    }
    claimed
}

/// The allocation to bill: one that agrees with the claimed units if there is any, else the
/// suggestion.
fn chosen(allocations: &Allocations, claimed: &BTreeMap<String, u32>) -> Vec<u32> {
    if claimed.is_empty() || !allocations.admits(claimed) {
        return allocations.suggested();
    }
    let agrees = |units: &Vec<u32>| {
        let mut pairs = allocations.codes().iter().zip(units);
        pairs.all(|(code, units)| claimed.get(&code.code).is_none_or(|c| c == units))
    };
    let mut all = allocations.all().into_iter();
    all.find(agrees).unwrap_or_else(|| allocations.suggested())
}

/// Shares a code's units among its lines, which differ in their modifiers: full quarters first,
/// then by left-over minutes.
fn share(units: u32, mut lines: Vec<&mut ClaimLine>) {
    let mut left = units;
    for line in &mut lines {
        line.units = line.minutes.divided(15).0.min(left);
        left -= line.units;
    }
    lines.sort_by_key(|l| std::cmp::Reverse(l.minutes.divided(15).1));
    for line in lines.into_iter().take(left as usize) {
        line.units += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block<'a>(code: &'a str, modifiers: &[&'a str], minutes: u32) -> Block<'a> {
        Block {
            code,
            billing: Billing::Quarter,
            modifiers: modifiers.to_vec(),
            minutes: Some(minutes.into()),
            claimed: None,
            diagnoses: Vec::new(),
            proposed: false,
        }
    }

    /// CMS, "Billing Examples Using CQ/CO Modifiers": 23 minutes of 97110 by the assistant, 13 by
    /// the therapist, 30 of 97140 by the therapist: one unit of 97110 with CQ, one without.
    #[test]
    fn an_assistants_minutes_make_a_line_of_their_own() {
        let blocks = [
            block("97110", &["CQ"], 23),
            block("97110", &[], 13),
            block("97140", &[], 30),
        ];
        let counted = claim(&blocks, Counting::Cms);
        let units: Vec<u32> = counted.lines.iter().map(|l| l.units).collect();
        assert_eq!((counted.timed_units(), units), (4, vec![1, 1, 2]));
    }

    #[test]
    fn a_line_is_proposed_as_long_as_one_of_its_blocks_is() {
        let mut blocks = [
            block("97110", &[], 20),
            block("97110", &[], 10),
            block("97140", &[], 15),
        ];
        blocks[1].proposed = true;
        let lines = claim(&blocks, Counting::Cms).lines;
        let told: Vec<String> = lines
            .iter()
            .map(|line| serde_json::to_string(line).unwrap_or_default())
            .filter(|line| line.contains("proposed"))
            .collect();
        assert_eq!(
            told,
            [
                r#"{"code":"97110","modifiers":[],"minutes":30,"units":2,"diagnoses":[],"proposed":true}"#
            ]
        );
    }

    #[test]
    fn a_claim_decides_a_tie() {
        let mut blocks = [block("97112", &[], 20), block("97110", &[], 20)];
        assert_eq!(claim(&blocks, Counting::Cms).units_of("97112"), 2);
        blocks[0].claimed = Some(1);
        blocks[1].claimed = Some(2);
        assert_eq!(claim(&blocks, Counting::Cms).units_of("97112"), 1);
    }

    #[test]
    fn periods_count_from_their_midpoint() {
        let mut hours = block("97546", &[], 30);
        hours.billing = Billing::Period {
            minutes: 60,
            most: None,
        };
        assert_eq!(claim(&[hours.clone()], Counting::Cms).lines[0].units, 0);
        hours.minutes = Some(31.into());
        assert_eq!(claim(&[hours.clone()], Counting::Cms).lines[0].units, 1);
        hours.minutes = Some(91.into());
        assert_eq!(claim(&[hours], Counting::Cms).lines[0].units, 2);
    }
}
