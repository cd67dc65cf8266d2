//! A visit as its claim lines.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::units::{Allocations, CodeMinutes, Counting, LEAST, MOST_LISTED, ama, cms, units_of};
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
        /// The fewest minutes that count as a period.
        least: u32,
        /// The most periods, if there is a limit (a "first" period is one).
        most: Option<u32>,
    },
    /// Once, whatever the minutes.
    Once,
    /// Once for each part that was done: as often as it is claimed, else once for each block.
    Counted,
}

/// One modality, as far as billing sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block<'a> {
    pub code: &'a str,
    pub billing: Billing,
    /// The plan of care that it belongs to, GP, GO or GN; none if the note does not say.
    pub plan: Option<&'static str>,
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
    /// The plan of care that it belongs to.
    #[serde(skip)]
    pub plan: Option<&'static str>,
    pub modifiers: Vec<String>,
    /// All minutes of the blocks that the line stands for.
    pub minutes: Length,
    pub units: u32,
    pub diagnoses: Vec<String>,
    /// The code of one of the blocks was proposed and is not confirmed yet; told only where it is so.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub proposed: bool,
    /// The units that the note claims, if each of its blocks claims some.
    #[serde(skip)]
    claimed: Option<u32>,
    /// How its code is billed.
    #[serde(skip)]
    billing: Billing,
}

impl ClaimLine {
    fn of(block: &Block<'_>) -> Self {
        let owned = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect();
        Self {
            code: block.code.to_owned(),
            plan: block.plan,
            modifiers: owned(&block.modifiers),
            minutes: block.minutes.unwrap_or_default(),
            units: 0,
            diagnoses: owned(&block.diagnoses),
            proposed: block.proposed,
            claimed: block.claimed,
            billing: block.billing,
        }
    }

    /// Whether a block is billed on this line: the order of the modifiers says nothing.
    fn takes(&self, block: &Block<'_>) -> bool {
        let has = |modifier: &&str| self.modifiers.iter().any(|own| own == modifier);
        self.code == block.code
            && self.plan == block.plan
            && self.modifiers.len() == block.modifiers.len()
            && block.modifiers.iter().all(has)
    }

    fn add(&mut self, block: &Block<'_>) {
        self.minutes += block.minutes.unwrap_or_default();
        self.proposed |= block.proposed;
        self.claimed = self.claimed.zip(block.claimed).map(|(all, one)| all + one);
        for diagnosis in &block.diagnoses {
            if !self.diagnoses.iter().any(|known| known == diagnosis) {
                self.diagnoses.push((*diagnosis).to_owned());
            }
        }
    }

    /// It has an assistant's modifier.
    pub fn is_assistants(&self) -> bool {
        self.modifiers.iter().any(|m| matches!(&**m, "CQ" | "CO"))
    }

    /// The minutes that do not fill a unit.
    const fn left_over(&self) -> Length {
        self.minutes.divided(15).1
    }
}

/// The pooled codes of one plan of care: each discipline is counted by itself (CMS Pub. 100-04 ch. 5 §20.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discipline {
    /// GP, GO or GN; none if the note does not say.
    pub plan: Option<&'static str>,
    /// The full minutes of its pooled codes.
    pub timed_minutes: u32,
    /// The valid allocations of its pooled units.
    pub allocations: Allocations,
    /// What the other way of counting would give, where it differs.
    pub otherwise: Option<Allocations>,
}

/// The minutes, units and claim lines of a day: of all visits of one date for one payer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    pub counting: Counting,
    /// The full minutes of the pooled codes, over every discipline.
    pub timed_minutes: u32,
    /// The full minutes of all blocks.
    pub total_minutes: u32,
    /// The disciplines that have pooled codes, in the order of the note.
    pub disciplines: Vec<Discipline>,
    /// In the order of the note.
    pub lines: Vec<ClaimLine>,
    /// Some pooled block's minutes are not known, so that the totals are no more than a beginning.
    pub incomplete: bool,
    /// The note gives the total of timed minutes and the units of each code, and minutes of none.
    pub by_total: bool,
}

impl Claim {
    /// The pooled units of the day.
    pub fn timed_units(&self) -> u32 {
        self.disciplines.iter().map(|d| d.allocations.total()).sum()
    }

    /// The units that the lines of a code get, by the suggestion or by a valid claim.
    pub fn units_of(&self, code: &str) -> u32 {
        let lines = self.lines.iter().filter(|l| l.code == code);
        lines.map(|l| l.units).sum()
    }

    /// The units that the lines of a code get under one plan of care.
    pub fn units_under(&self, plan: Option<&str>, code: &str) -> u32 {
        let lines = self.lines.iter();
        let own = lines.filter(|l| l.code == code && l.plan == plan);
        own.map(|l| l.units).sum()
    }

    /// The discipline of a plan of care, if it has pooled codes.
    pub fn discipline(&self, plan: Option<&str>) -> Option<&Discipline> {
        self.disciplines.iter().find(|d| d.plan == plan)
    }

    /// The fewest and the most units that a pooled code may have under a plan of care.
    pub fn bounds(&self, plan: Option<&str>, code: &str) -> Option<(u32, u32)> {
        self.discipline(plan)?.allocations.bounds(code)
    }

    /// The pooled codes of every discipline.
    pub fn pooled_codes(&self) -> impl Iterator<Item = &CodeMinutes> {
        let disciplines = self.disciplines.iter();
        disciplines.flat_map(|d| d.allocations.codes())
    }

    /// Every valid way to share the day's pooled units among its codes, over every discipline, the
    /// suggested one first; at most 500 of them, each in the order of the note.
    pub fn allocations(&self) -> Vec<Vec<(&str, u32)>> {
        let mut all: Vec<Vec<(&str, u32)>> = vec![Vec::new()];
        for discipline in &self.disciplines {
            let mut longer = Vec::new();
            for before in &all {
                for units in discipline.allocations.all() {
                    let mut shares = before.clone();
                    for (code, units) in discipline.allocations.codes().iter().zip(units) {
                        match shares.iter_mut().find(|(known, _)| *known == code.code) {
                            Some((_, sum)) => *sum += units,
                            None => shares.push((&code.code, units)),
                        }
                    }
                    longer.push(shares);
                }
            }
            longer.truncate(MOST_LISTED);
            all = longer;
        }
        all
    }
}

/// Counts a day. The same code in several blocks is one service: its minutes are added first.
///
/// `total` is the timed minutes as the note gives them in one figure. Where no block has minutes and each
/// claims units, Medicare is content with that (Pub. 100-02 ch. 15 §220.3.E), and the units are held against it.
pub fn claim(blocks: &[Block<'_>], counting: Counting, total: Option<u32>) -> Claim {
    let pooled: Vec<&Block<'_>> = blocks
        .iter()
        .filter(|b| b.billing == Billing::Quarter)
        .collect();
    let plans = plans(&pooled);
    let only_claims = |b: &&Block<'_>| b.minutes.is_none() && b.claimed.is_some();
    let total = total.filter(|_| {
        counting == Counting::Cms && plans.len() == 1 && pooled.iter().all(only_claims)
    });
    let mut lines: Vec<ClaimLine> = Vec::new();
    let mut of_code: HashMap<&str, Vec<usize>> = HashMap::new();
    for block in blocks {
        let known = of_code.entry(block.code).or_default();
        if let Some(at) = known.iter().find(|at| lines[**at].takes(block)) {
            lines[*at].add(block);
        } else {
            known.push(lines.len());
            lines.push(ClaimLine::of(block));
        }
    }
    // A chart keeps the claim of each of its visits, most of which have one line.
    lines.shrink_to_fit();
    let mut disciplines = Vec::with_capacity(plans.len());
    for plan in plans {
        let claimed = claimed_units(blocks, plan);
        let codes = code_minutes(pooled.iter().filter(|b| b.plan == plan));
        let discipline = match total {
            Some(total) => by_total(plan, codes, &claimed, total),
            None => counted(plan, &codes, counting),
        };
        let units = chosen(&discipline.allocations, &claimed);
        for (code, units) in discipline.allocations.codes().iter().zip(units) {
            let of_code = |l: &&mut ClaimLine| l.code == code.code && l.plan == plan;
            share(units, lines.iter_mut().filter(of_code).collect());
        }
        disciplines.push(discipline);
    }
    for line in &mut lines {
        match line.billing {
            Billing::Quarter => {}
            // Who writes `x0` behind a code does not bill it.
            Billing::Once => line.units = u32::from(line.claimed != Some(0)),
            Billing::Counted => {
                let own = blocks.iter().filter(|block| line.takes(block));
                line.units = own.map(|block| block.claimed.unwrap_or(1)).sum();
            }
            Billing::Period {
                minutes,
                least,
                most,
            } => {
                let whole = line.minutes.minutes();
                let periods = (whole + minutes.saturating_sub(least)) / minutes.max(1);
                line.units = most.map_or(periods, |most| periods.min(most));
            }
        }
    }
    give_once(&mut lines);
    let of_all: Length = blocks.iter().filter_map(|b| b.minutes).sum();
    Claim {
        counting,
        timed_minutes: disciplines.iter().map(|d| d.timed_minutes).sum(),
        total_minutes: of_all.minutes().max(total.unwrap_or_default()),
        incomplete: total.is_none() && pooled.iter().any(|b| b.minutes.is_none()),
        by_total: total.is_some(),
        disciplines,
        lines,
    }
}

/// A code that is billed once, on a line with an assistant's modifier and on one without, is billed on one of them: the
/// assistant's, if more than a tenth of its time was theirs (CMS, "Billing Examples Using CQ/CO Modifiers").
fn give_once(lines: &mut [ClaimLine]) {
    let others = |line: &ClaimLine| -> Vec<String> {
        let modifiers = line.modifiers.iter();
        let others = modifiers.filter(|m| !matches!(&***m, "CQ" | "CO"));
        let mut others: Vec<String> = others.cloned().collect();
        others.sort_unstable();
        others
    };
    let is_once = |line: &ClaimLine| line.units == 1 && line.billing == Billing::Once;
    for assistants in 0..lines.len() {
        let own = &lines[assistants];
        if !own.is_assistants() || !is_once(own) {
            continue;
        }
        let is_same = |line: &ClaimLine| {
            !line.is_assistants()
                && is_once(line)
                && line.code == own.code
                && line.plan == own.plan
                && others(line) == others(own)
        };
        let Some(therapists) = lines.iter().position(is_same) else {
            continue;
        };
        let (given, theirs) = (own.minutes, lines[therapists].minutes);
        let is_small = given > 0 && given.minutes() * 10 <= (given + theirs).minutes();
        lines[if is_small { assistants } else { therapists }].units = 0;
    }
}

/// The plans of care of some blocks, each once.
fn plans(blocks: &[&Block<'_>]) -> Vec<Option<&'static str>> {
    let mut plans = Vec::new();
    for block in blocks {
        if !plans.contains(&block.plan) {
            plans.push(block.plan);
        }
    }
    plans
}

fn code_minutes<'b>(blocks: impl Iterator<Item = &'b &'b Block<'b>>) -> Vec<CodeMinutes> {
    let mut codes: Vec<CodeMinutes> = Vec::new();
    for block in blocks {
        let minutes = block.minutes.unwrap_or_default();
        match codes.iter_mut().find(|c| c.code == block.code) {
            Some(known) => known.minutes += minutes,
            None => codes.push(CodeMinutes {
                code: block.code.to_owned(),
                minutes,
            }),
        }
    }
    codes
}

/// A discipline by the minutes of its codes.
fn counted(plan: Option<&'static str>, codes: &[CodeMinutes], counting: Counting) -> Discipline {
    let (allocations, other) = match counting {
        Counting::Cms => (cms(codes), ama(codes)),
        Counting::Ama => (ama(codes), cms(codes)),
    };
    let differs = other.suggested() != allocations.suggested();
    Discipline {
        plan,
        timed_minutes: codes.iter().map(|c| c.minutes).sum::<Length>().minutes(),
        otherwise: differs.then_some(other),
        allocations,
    }
}

/// A discipline of which only the total of minutes is known: the claimed units as far as it earns them.
fn by_total(
    plan: Option<&'static str>,
    codes: Vec<CodeMinutes>,
    claimed: &BTreeMap<String, u32>,
    total: u32,
) -> Discipline {
    let mut left = units_of(total);
    let units = codes.iter().map(|code| {
        let units = claimed
            .get(&code.code)
            .copied()
            .unwrap_or_default()
            .min(left);
        left -= units;
        units
    });
    let units = units.collect();
    Discipline {
        plan,
        timed_minutes: total,
        allocations: Allocations::settled(codes, units),
        otherwise: None,
    }
}

/// The units that the note claims for each pooled code of a plan of care; a code with a block that claims
/// nothing is left out, since its claim is not whole.
pub fn claimed_units(blocks: &[Block<'_>], plan: Option<&str>) -> BTreeMap<String, u32> {
    let pooled = |b: &&Block<'_>| b.billing == Billing::Quarter && b.plan == plan;
    let mut claims: BTreeMap<&str, Option<u32>> = BTreeMap::new();
    for block in blocks.iter().filter(pooled) {
        let sum = claims.entry(block.code).or_insert(Some(0));
        *sum = sum.zip(block.claimed).map(|(sum, units)| sum + units);
    }
    let whole = |(code, sum): (&str, Option<u32>)| Some((code.to_owned(), sum?));
    claims.into_iter().filter_map(whole).collect()
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

/// How many of a code's units are the assistant's, of the minutes that therapist and assistant gave on one day.
///
/// Full 15-minute units of each come first. The last unit is the therapist's from 8 minutes of what is left, or if the
/// assistant's part of it is no more than a tenth; of two units each gets one (CMS, "Billing Examples Using CQ/CO
/// Modifiers"; Therapy Services page 2026).
pub fn units_of_assistant(units: u32, therapist: Length, assistant: Length) -> u32 {
    let (full, assistants_rest) = assistant.divided(15);
    let (therapists, therapists_rest) = therapist.divided(15);
    let small = assistants_rest.minutes() * 10 <= (therapists_rest + assistants_rest).minutes();
    let more = match units.saturating_sub(full + therapists) {
        left if therapist == 0 => left,
        _ if assistants_rest == 0 => 0,
        1 => u32::from(therapists_rest < LEAST && !small),
        left => left / 2,
    };
    if assistant == 0 {
        0
    } else {
        (full + more).min(units)
    }
}

/// Shares a code's units among its lines, which differ in their modifiers: first between therapist and assistant.
/// Units as the note claims them for each line stand, if they give the assistant no less.
fn share(units: u32, mut lines: Vec<&mut ClaimLine>) {
    let minutes = |lines: &[&mut ClaimLine], assistants: bool| -> Length {
        let lines = lines.iter().filter(|l| l.is_assistants() == assistants);
        lines.map(|line| line.minutes).sum()
    };
    let owed = units_of_assistant(units, minutes(&lines, false), minutes(&lines, true));
    let claimed: Option<Vec<u32>> = lines.iter().map(|line| line.claimed).collect();
    if let Some(claimed) = claimed.filter(|claimed| claimed.iter().sum::<u32>() == units) {
        let of_assistant = lines
            .iter()
            .zip(&claimed)
            .filter(|(l, _)| l.is_assistants());
        if of_assistant.map(|(_, claimed)| claimed).sum::<u32>() >= owed {
            for (line, claimed) in lines.iter_mut().zip(claimed) {
                line.units = claimed;
            }
            return;
        }
    }
    lines.sort_by_key(|line| std::cmp::Reverse(line.left_over()));
    for (assistants, mut left) in [(true, owed), (false, units - owed)] {
        let own = lines.iter_mut().filter(|l| l.is_assistants() == assistants);
        let mut own: Vec<_> = own.collect();
        for line in &mut own {
            line.units = line.minutes.divided(15).0.min(left);
            left -= line.units;
        }
        for line in own.into_iter().take(left as usize) {
            line.units += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block<'a>(code: &'a str, modifiers: &[&'a str], minutes: u32) -> Block<'a> {
        Block {
            code,
            billing: Billing::Quarter,
            plan: None,
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
        let counted = claim(&blocks, Counting::Cms, None);
        let units: Vec<u32> = counted.lines.iter().map(|l| l.units).collect();
        assert_eq!((counted.timed_units(), units), (4, vec![1, 1, 2]));
    }

    #[test]
    fn what_is_billed_once_is_billed_by_one_of_them_or_by_nobody() {
        let once = |modifiers, minutes| Block {
            billing: Billing::Once,
            ..block("97150", modifiers, minutes)
        };
        let units = |blocks: &[Block<'_>]| -> Vec<u32> {
            let lines = claim(blocks, Counting::Cms, None).lines;
            lines.iter().map(|line| line.units).collect()
        };
        for (therapist, assistant, expected) in [
            (20, 20, [0, 1]),
            (18, 2, [1, 0]),
            (17, 3, [0, 1]),
            (0, 0, [0, 1]),
        ] {
            let blocks = [once(&["GP"], therapist), once(&["CQ", "GP"], assistant)];
            assert_eq!(units(&blocks), expected, "{therapist} {assistant}");
        }
        // With another modifier it is another service.
        assert_eq!(units(&[once(&["59"], 20), once(&["CQ"], 20)]), [1, 1]);
        let mut unbilled = once(&[], 10);
        unbilled.claimed = Some(0);
        assert_eq!(units(&[unbilled]), [0]);
    }

    #[test]
    fn a_line_is_proposed_as_long_as_one_of_its_blocks_is() {
        let mut blocks = [
            block("97110", &[], 20),
            block("97110", &[], 10),
            block("97140", &[], 15),
        ];
        blocks[1].proposed = true;
        let lines = claim(&blocks, Counting::Cms, None).lines;
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
    fn a_line_points_to_each_diagnosis_of_its_blocks_once() {
        let mut blocks = [block("97110", &[], 20), block("97110", &[], 10)];
        blocks[0].diagnoses = vec!["M54.2", "M25.511"];
        blocks[1].diagnoses = vec!["M25.511", "M62.838"];
        let lines = claim(&blocks, Counting::Cms, None).lines;
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].diagnoses, ["M54.2", "M25.511", "M62.838"]);
    }

    #[test]
    fn a_line_claims_what_its_blocks_claim_together() {
        let mut blocks = [
            block("97110", &[], 23),
            block("97110", &[], 22),
            block("97110", &["CQ"], 5),
        ];
        for (block, units) in blocks.iter_mut().zip([1, 2, 0]) {
            block.claimed = Some(units);
        }
        let lines = claim(&blocks, Counting::Cms, None).lines;
        let told: Vec<_> = lines
            .iter()
            .map(|line| (line.claimed, line.units))
            .collect();
        assert_eq!(told, [(Some(3), 3), (Some(0), 0)]);
    }

    /// A code that two disciplines gave has the units of both in each way to share the day's.
    #[test]
    fn the_ways_to_share_are_those_of_every_discipline() {
        let of = |plan, code, minutes| Block {
            plan: Some(plan),
            ..block(code, &[], minutes)
        };
        let blocks = [
            of("GP", "97530", 30),
            of("GO", "97530", 20),
            of("GO", "97110", 20),
        ];
        let counted = claim(&blocks, Counting::Cms, None);
        let ways = counted.allocations();
        assert_eq!(
            ways,
            [
                vec![("97530", 4), ("97110", 1)],
                vec![("97530", 3), ("97110", 2)]
            ]
        );
    }

    /// Medicare is content with one total and the units; whoever writes minutes is counted by these.
    #[test]
    fn a_total_of_minutes_counts_where_no_block_has_its_own() {
        let only_units = |code, units| Block {
            minutes: None,
            claimed: units,
            ..block(code, &[], 0)
        };
        let of_plan = |plan, block| Block {
            plan: Some(plan),
            ..block
        };
        let minutes = |blocks: &[Block<'_>], counting| -> Vec<u32> {
            let counted = claim(blocks, counting, Some(38)).disciplines;
            counted.iter().map(|d| d.timed_minutes).collect()
        };
        let (exercise, manual) = (only_units("97110", Some(2)), only_units("97140", Some(1)));
        let units = [exercise.clone(), manual.clone()];
        assert_eq!(minutes(&units, Counting::Cms), [38]);
        assert_eq!(minutes(&units, Counting::Ama), [0]);
        let some = [exercise.clone(), block("97140", &[], 10)];
        assert_eq!(minutes(&some, Counting::Cms), [10]);
        let nothing = [exercise.clone(), only_units("97140", None)];
        assert_eq!(minutes(&nothing, Counting::Cms), [0]);
        let plans = [of_plan("GP", exercise), of_plan("GO", manual)];
        assert_eq!(minutes(&plans, Counting::Cms), [0, 0]);
        let lines = claim(&units, Counting::Cms, Some(25)).lines;
        let units: Vec<u32> = lines.iter().map(|line| line.units).collect();
        assert_eq!(units, [2, 0], "25 minutes are two units");
    }

    #[test]
    fn a_claim_decides_a_tie() {
        let mut blocks = [block("97112", &[], 20), block("97110", &[], 20)];
        assert_eq!(claim(&blocks, Counting::Cms, None).units_of("97112"), 2);
        blocks[0].claimed = Some(1);
        blocks[1].claimed = Some(2);
        assert_eq!(claim(&blocks, Counting::Cms, None).units_of("97112"), 1);
    }

    #[test]
    fn periods_count_from_their_midpoint() {
        let mut hours = block("97546", &[], 30);
        hours.billing = Billing::Period {
            minutes: 60,
            least: 31,
            most: None,
        };
        assert_eq!(
            claim(&[hours.clone()], Counting::Cms, None).lines[0].units,
            0
        );
        hours.minutes = Some(31.into());
        assert_eq!(
            claim(&[hours.clone()], Counting::Cms, None).lines[0].units,
            1
        );
        hours.minutes = Some(91.into());
        assert_eq!(claim(&[hours], Counting::Cms, None).lines[0].units, 2);
    }

    fn units(blocks: &[Block<'_>], total: Option<u32>) -> Vec<u32> {
        let lines = claim(blocks, Counting::Cms, total).lines;
        lines.iter().map(|line| line.units).collect()
    }

    /// The rule of CMS' billing examples for one code by therapist and assistant.
    #[test]
    fn the_last_unit_of_therapist_and_assistant() {
        for (therapist, assistant, expected) in [
            // 8 minutes or more of the last unit are the therapist's.
            (8, 14, [1, 0]),
            (23, 12, [2, 0]),
            (7, 15, [0, 1]),
            (5, 10, [0, 1]),
            (22, 8, [1, 1]),
            // Two units are left, of which each gave 9 to 14 minutes.
            (12, 14, [1, 1]),
            (9, 14, [1, 1]),
            // Full quarters of an hour come first.
            (30, 15, [2, 1]),
            (0, 23, [0, 2]),
        ] {
            let mut blocks = [
                block("97110", &["GP"], therapist),
                block("97110", &["GP", "CQ"], assistant),
            ];
            for block in &mut blocks {
                block.plan = Some("GP");
            }
            assert_eq!(
                units(&blocks, None),
                expected,
                "{therapist} and {assistant}"
            );
            blocks.reverse();
            assert_eq!(units(&blocks, None), [expected[1], expected[0]]);
        }
    }

    #[test]
    fn units_claimed_line_by_line_stand_unless_they_spare_the_assistant() {
        let mut blocks = [block("97110", &[], 23), block("97110", &["CQ"], 12)];
        let mut with = |claimed: [u32; 2]| {
            for (block, claimed) in blocks.iter_mut().zip(claimed) {
                block.claimed = Some(claimed);
            }
            units(&blocks, None)
        };
        assert_eq!(with([2, 0]), [2, 0]);
        assert_eq!(with([1, 1]), [1, 1]);
        assert_eq!(with([3, 0]), [2, 0]);
        let mut blocks = [block("97110", &[], 7), block("97110", &["CQ"], 15)];
        (blocks[0].claimed, blocks[1].claimed) = (Some(1), Some(0));
        assert_eq!(units(&blocks, None), [0, 1]);
    }

    /// Pub. 100-04 ch. 5 §20.2: the minutes of each plan of care are counted by themselves.
    #[test]
    fn disciplines_are_not_pooled() {
        let mut blocks = [block("97110", &["GP"], 33), block("97110", &["GO"], 7)];
        (blocks[0].plan, blocks[1].plan) = (Some("GP"), Some("GO"));
        let counted = claim(&blocks, Counting::Cms, None);
        assert_eq!((counted.timed_minutes, counted.timed_units()), (40, 2));
        assert_eq!(counted.units_under(Some("GP"), "97110"), 2);
        assert_eq!(counted.units_under(Some("GO"), "97110"), 0);
        assert_eq!(counted.allocations(), [[("97110", 2)]]);
    }

    #[test]
    fn ties_of_several_disciplines_are_all_listed() {
        let mut blocks = [
            block("97112", &[], 20),
            block("97110", &[], 20),
            block("97535", &[], 20),
            block("97530", &[], 20),
        ];
        (blocks[2].plan, blocks[3].plan) = (Some("GO"), Some("GO"));
        let counted = claim(&blocks, Counting::Cms, None);
        let all = counted.allocations();
        assert_eq!(all.len(), 4);
        assert_eq!(
            all[0],
            [("97112", 2), ("97110", 1), ("97535", 2), ("97530", 1)]
        );
    }

    #[test]
    fn blocks_of_a_day_with_the_same_modifiers_are_one_line() {
        let blocks = [
            block("97140", &["59", "GP"], 20),
            block("97140", &["GP", "59"], 20),
        ];
        let lines = claim(&blocks, Counting::Cms, None).lines;
        assert_eq!((lines.len(), lines[0].units), (1, 3));
    }

    /// Pub. 100-02 ch. 15 §220.3.E asks for the total of timed minutes, not for those of each code.
    #[test]
    fn a_total_of_minutes_bears_the_claimed_units() {
        let bare = |claimed: [u32; 2]| {
            let mut blocks = [block("97110", &[], 0), block("97140", &[], 0)];
            for (block, claimed) in blocks.iter_mut().zip(claimed) {
                (block.minutes, block.claimed) = (None, Some(claimed));
            }
            claim(&blocks, Counting::Cms, Some(40))
        };
        let right = bare([2, 1]);
        assert_eq!(
            (right.timed_minutes, right.timed_units(), right.incomplete),
            (40, 3, false)
        );
        let units: Vec<u32> = bare([3, 1]).lines.iter().map(|l| l.units).collect();
        assert_eq!(units, [3, 0]);
        // Minutes of a block, once given, decide.
        let given = claim(&[block("97110", &[], 20)], Counting::Cms, Some(40));
        assert_eq!((given.timed_minutes, given.by_total), (20, false));
    }

    #[test]
    fn some_periods_count_in_full_only() {
        let mut month = block("98980", &[], 19);
        month.billing = Billing::Period {
            minutes: 20,
            least: 20,
            most: Some(1),
        };
        assert_eq!(units(&[month.clone()], None), [0]);
        month.minutes = Some(20.into());
        assert_eq!(units(&[month.clone()], None), [1]);
        month.minutes = Some(45.into());
        assert_eq!(units(&[month], None), [1]);
    }
}
