//! Claimed units against the valid allocations: what `units-overclaimed` and `units-underclaimed`
//! share.

use super::wording::units;
use super::{Draft, VisitCase};
use crate::billing::claim::Billing;
use crate::billing::units::LEAST;
use crate::chart::UnitClaim;
use crate::length::Length;
use crate::policy::Level;
use crate::reference::limits;

/// A code whose claimed units are in no valid allocation.
#[derive(Debug)]
pub struct Slip {
    code: String,
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

/// Every code whose claim is wrong.
pub fn slips(case: &VisitCase<'_>) -> Vec<Slip> {
    let alone = super::blocks(case.visit).into_iter().filter_map(|block| {
        let claimed = block.claimed?;
        let right = match block.billing {
            Billing::Quarter => return None,
            Billing::Once => {
                // Some untimed codes count limbs or sections; their limit says which.
                limits::find(block.code).filter(|l| l.practitioner == 1 && claimed > 1)?;
                1
            }
            Billing::Period { .. } => {
                block.minutes?;
                let alone = case.modalities_of(block.code).count() == 1;
                alone.then(|| case.claim.units_of(block.code))?
            }
        };
        (claimed != right).then(|| Slip {
            code: block.code.to_owned(),
            claimed,
            right,
            otherwise: None,
            right_otherwise: false,
            timed: block.billing != Billing::Once,
        })
    });
    pooled(case).into_iter().chain(alone).collect()
}

fn pooled(case: &VisitCase<'_>) -> Vec<Slip> {
    let claim = &case.claim;
    let claimed = case.claimed();
    if claim.incomplete || claim.allocations.admits(&claimed) {
        return Vec::new();
    }
    // A payer whose counting is not known may count the other way.
    let other = claim
        .otherwise
        .as_ref()
        .filter(|_| case.payer.counting.is_none());
    let codes = claim.allocations.codes().iter();
    let slips = codes
        .zip(claim.allocations.suggested())
        .filter_map(|(pooled, right)| {
            let code = &pooled.code;
            let claimed_here = *claimed.get(code)?;
            let (least, most) = claim.allocations.bounds(code)?;
            let is_outside = !(least..=most).contains(&claimed_here);
            let slip = Slip {
                code: code.clone(),
                claimed: claimed_here,
                right,
                otherwise: other
                    .and_then(|o| o.bounds(code))
                    .map(|(least, _)| least)
                    .filter(|o| *o != right),
                right_otherwise: other.is_some_and(|other| other.admits(&claimed)),
                timed: true,
            };
            let wrong =
                claimed_here != right && !explained(code, pooled.minutes, claimed_here, right);
            wrong.then_some((is_outside, slip))
        });
    // Codes outside their bounds are wrong by themselves; else the tied codes are wrong together.
    let (outside, within): (Vec<_>, Vec<_>) = slips.partition(|(is_outside, _)| *is_outside);
    let told = if outside.is_empty() { within } else { outside };
    told.into_iter().map(|(_, slip)| slip).collect()
}

/// Whether another rule, or no rule at all, should speak of this claim.
fn explained(code: &str, minutes: Length, claimed: u32, right: u32) -> bool {
    // `under-eight-minutes` says it.
    let too_short = minutes < LEAST && right == 0;
    // Claiming no more than the limit is what `units-limit` asks for.
    let at_limit =
        claimed < right && limits::find(code).is_some_and(|l| u32::from(l.practitioner) == claimed);
    too_short || at_limit
}

/// The finding about a slip.
pub fn draft(case: &VisitCase<'_>, slip: &Slip) -> Draft {
    let claims = case.modalities_of(&slip.code).filter_map(|m| m.claimed);
    let claims: Vec<UnitClaim> = claims.collect();
    let span = claims.last().map_or_else(|| case.anchor(), |c| c.span);
    let (code, claimed, right) = (&slip.code, units(slip.claimed), units(slip.right));
    let minutes = case.minutes_of(code).unwrap_or_default();
    let earned = match case.claim.timed_minutes {
        _ if !slip.timed => format!("it is billed once a day, as {right}"),
        total if minutes == total => format!("its {minutes} minutes earn {right}"),
        total => format!("its {minutes} of the day's {total} timed minutes earn {right}"),
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
    if let [claim] = claims.as_slice() {
        let text = with_units(case.str(claim.span), slip.right);
        draft = draft.fix(format!("Claim {right}"), claim.span, text);
        if !slip.right_otherwise && !case.claim.allocations.is_tie() {
            draft = draft.preferred();
        }
    }
    draft
}

/// The claim's text with another figure.
fn with_units(text: &str, units: u32) -> String {
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
