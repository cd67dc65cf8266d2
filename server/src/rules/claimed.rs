//! Claimed units against the valid allocations: what `units-overclaimed` and `units-underclaimed`
//! share.

use super::day::billing;
use super::wording::units;
use super::{Draft, VisitCase};
use crate::billing::Discipline;
use crate::billing::claim::{Billing, ClaimLine};
use crate::billing::units::{LEAST, units_of};
use crate::chart::UnitClaim;
use crate::length::Length;
use crate::policy::Level;
use crate::reference::limits::Limits;

/// A code whose claimed units are in no valid allocation.
#[derive(Debug)]
pub struct Slip {
    code: String,
    plan: Option<&'static str>,
    claimed: u32,
    right: u32,
    /// What the other way of counting gives, where the payer is not known and it differs.
    otherwise: Option<u32>,
    /// The other way of counting admits the claim.
    right_otherwise: bool,
    timed: bool,
}

impl Slip {
    /// More is claimed than was earned.
    pub fn is_too_many(&self) -> bool {
        self.claimed > self.right
    }
}

/// Every code whose claim is wrong. What is wrong about a whole day is said where its last block stands.
pub fn slips(case: &VisitCase<'_>) -> Vec<Slip> {
    let alone = case.visit.modalities.iter().filter_map(|modality| {
        let claimed = modality.claimed?.units;
        let (code, plan, billing) = (&modality.code, case.plan(modality), billing(modality));
        let right = match billing {
            // The parts that were done are as many as the note says.
            Billing::Quarter | Billing::Counted => return None,
            Billing::Once => {
                case.policy
                    .limits
                    .find(code)
                    .filter(|l| l.practitioner == 1 && claimed > 1)?;
                1
            }
            Billing::Period { .. } => {
                modality.minutes().stated()?;
                let alone = case.on_day(plan, code).count() == 1;
                alone.then(|| case.claim.units_under(plan, code))?
            }
        };
        (claimed != right).then(|| Slip {
            code: code.clone(),
            plan,
            claimed,
            right,
            otherwise: None,
            right_otherwise: false,
            timed: billing != Billing::Once,
        })
    });
    let disciplines = case.claim.disciplines.iter();
    let pooled = disciplines.flat_map(|discipline| pooled(case, discipline));
    pooled.chain(alone).collect()
}

fn pooled(case: &VisitCase<'_>, discipline: &Discipline) -> Vec<Slip> {
    let (plan, allocations) = (discipline.plan, &discipline.allocations);
    let claimed = case.claimed(plan);
    if case.claim.incomplete || allocations.admits(&claimed) {
        return Vec::new();
    }
    // A payer whose counting is not known may count the other way.
    let other = discipline
        .otherwise
        .as_ref()
        .filter(|_| case.payer.counting.is_none());
    let codes = allocations.codes().iter();
    let slips = codes
        .zip(allocations.suggested())
        .filter_map(|(pooled, right)| {
            let code = &pooled.code;
            let claimed_here = *claimed.get(code)?;
            let (least, most) = allocations.bounds(code)?;
            let is_outside = !(least..=most).contains(&claimed_here);
            let slip = Slip {
                code: code.clone(),
                plan,
                claimed: claimed_here,
                right,
                otherwise: other
                    .and_then(|o| o.bounds(code))
                    .map(|(least, _)| least)
                    .filter(|o| *o != right),
                right_otherwise: other.is_some_and(|other| other.admits(&claimed)),
                timed: true,
            };
            let by_rule = !case.claim.by_total;
            let wrong = claimed_here != right
                && !(by_rule
                    && explained(
                        &case.policy.limits,
                        code,
                        pooled.minutes,
                        claimed_here,
                        right,
                    ));
            wrong.then_some((is_outside, slip))
        });
    // Codes outside their bounds are wrong by themselves; else the tied codes are wrong together.
    let (outside, within): (Vec<_>, Vec<_>) = slips.partition(|(is_outside, _)| *is_outside);
    let told = if outside.is_empty() { within } else { outside };
    let slips = told.into_iter().map(|(_, slip)| slip);
    slips
        .filter(|slip| case.last_here(plan, &slip.code).is_some())
        .collect()
}

/// Whether another rule, or no rule at all, should speak of this claim.
fn explained(limits: &Limits, code: &str, minutes: Length, claimed: u32, right: u32) -> bool {
    // `under-eight-minutes` says it.
    let too_short = minutes < LEAST && right == 0;
    // Claiming no more than the limit is what `units-limit` asks for.
    let at_limit = claimed < right
        && limits
            .find(code)
            .is_some_and(|l| u32::from(l.practitioner) == claimed);
    too_short || at_limit
}

/// The finding about a slip.
pub fn draft(case: &VisitCase<'_>, slip: &Slip) -> Draft {
    let here = case.on_day(slip.plan, &slip.code).filter(|b| b.is_here);
    let claims: Vec<UnitClaim> = here.filter_map(|b| b.modality.claimed).collect();
    let is_whole = case.on_day(slip.plan, &slip.code).count() == claims.len();
    let span = claims.last().map_or_else(|| case.anchor(), |c| c.span);
    let (code, claimed, right) = (&slip.code, units(slip.claimed), units(slip.right));
    let minutes = case.minutes_of(slip.plan, code).unwrap_or_default();
    let discipline = case.claim.discipline(slip.plan);
    let visits = case.of_several_visits();
    let day = visits.map_or_else(String::new, |visits| {
        format!(" in {visits} visits of this day")
    });
    let earned = match discipline.map_or(minutes.minutes(), |d| d.timed_minutes) {
        total if case.claim.by_total => format!(
            "the note's {total} timed minutes earn {} in all, which leaves it {right}",
            units(case.claim.timed_units())
        ),
        _ if !slip.timed => format!("it is billed once a day, as {right}"),
        total if minutes == total => format!("its {minutes} minutes{day} earn {right}"),
        total => {
            let whose = case.whose_minutes(slip.plan);
            format!("its {minutes} of {whose} {total} timed minutes{day} earn {right}")
        }
    };
    let other = slip.otherwise.map_or_else(String::new, |otherwise| format!(
        " That is by the CMS 8-minute rule; a payer that counts each code by itself allows {}. Name the payer to settle it.",
        units(otherwise)
    ));
    let consequence = match slip.is_too_many() {
        _ if slip.right_otherwise => "",
        true => " A payer will deny the rest or ask for it back.",
        false => " The rest goes unpaid.",
    };
    let message = format!("{code} claims {claimed}, but {earned}.{other}{consequence}");
    let mut draft = Draft::new(span, message);
    if slip.right_otherwise {
        draft = draft.level(Level::Information);
    }
    let is_tie = discipline.is_some_and(|d| d.allocations.is_tie());
    if let [claim] = claims.as_slice()
        && is_whole
    {
        let text = with_units(case.str(claim.span), slip.right);
        draft = draft.fix(format!("Claim {right}"), claim.span, text);
        if !slip.right_otherwise && !is_tie {
            draft = draft.preferred();
        }
    }
    draft
}

/// A note that gives the total of its timed minutes alone and claims fewer units than that earns: said at the last claim.
/// Which code the others belong to is not known.
pub fn too_few_of_the_total(case: &VisitCase<'_>) -> Option<Draft> {
    let mut disciplines = case.claim.disciplines.iter();
    let earned = disciplines.next().map(|d| units_of(d.timed_minutes));
    let earned = earned.filter(|_| case.claim.by_total && disciplines.next().is_none())?;
    let claimed = case.claim.timed_units();
    let is_pooled = |b: &&super::day::DayBlock<'_>| b.modality.is_pooled();
    let last = case.day_blocks.iter().rfind(is_pooled)?;
    let claim = last.modality.claimed.filter(|_| last.is_here)?;
    // Claiming no more than the limit is what `units-limit` asks for.
    let is_at_limit = |line: &ClaimLine| {
        let limit = case.policy.limits.find(&line.code);
        limit.is_some_and(|l| u32::from(l.practitioner) <= line.units)
    };
    if case.claim.lines.iter().any(is_at_limit) {
        return None;
    }
    (claimed < earned).then(|| {
        Draft::new(
            claim.span,
            format!(
                "The note claims {} in all, and its {} timed minutes earn {earned}. The rest goes unpaid.",
                units(claimed),
                case.claim.timed_minutes
            ),
        )
    })
}

/// The claim's text with another figure.
pub(super) fn with_units(text: &str, units: u32) -> String {
    let is_digit = |c: char| c.is_ascii_digit();
    let start = text.find(is_digit).unwrap_or(text.len());
    let rest = text[start..].trim_start_matches(is_digit);
    let rest = match (units, rest) {
        (1, " units") => " unit",
        (_, " unit") => " units",
        _ => rest,
    };
    format!("{}{units}{rest}", &text[..start])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_claim_keeps_its_form() {
        for (text, expected) in [
            ("x2", "x1"),
            ("2u", "1u"),
            ("2 units", "1 unit"),
            ("x 2", "x 1"),
        ] {
            assert_eq!(with_units(text, 1), expected);
        }
        assert_eq!(with_units("1 unit", 3), "3 units");
    }
}
