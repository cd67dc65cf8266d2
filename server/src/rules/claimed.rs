//! Claimed units against the valid allocations: what `units-overclaimed` and `units-underclaimed`
//! share.

use std::collections::BTreeMap;

use super::wording::units;
use super::{Draft, VisitCase};
use crate::billing::claim::Billing;
use crate::billing::units::LEAST;
use crate::chart::UnitClaim;
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
    if case.visit.modalities.iter().all(|m| m.claimed.is_none()) {
        return Vec::new();
    }
    let mut slips = pooled(case);
    for block in super::blocks(case.visit) {
        let Some(claimed) = block.claimed else {
            continue;
        };
        let right = match block.billing {
            Billing::Quarter => continue,
            // Some untimed codes count limbs or sections; their limit says which.
            Billing::Once => {
                let once = limits::find(block.code).is_some_and(|l| l.practitioner == 1);
                if !once || claimed <= 1 {
                    continue;
                }
                1
            }
            Billing::Period { .. } => {
                let alone = case.modalities_of(block.code).count() == 1;
                if !alone || block.minutes.is_none() {
                    continue;
                }
                case.claim.units_of(block.code)
            }
        };
        if claimed != right {
            slips.push(Slip {
                code: block.code.to_owned(),
                claimed,
                right,
                otherwise: None,
                right_otherwise: false,
                timed: block.billing != Billing::Once,
            });
        }
    }
    slips
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
    let right_otherwise = other.is_some_and(|other| other.admits(&claimed));
    let suggested: BTreeMap<&str, u32> = claim
        .allocations
        .codes()
        .iter()
        .map(|c| c.code.as_str())
        .zip(claim.allocations.suggested())
        .collect();
    let all_slips = |outside_bounds_only: bool| {
        let mut slips = Vec::new();
        for code in claim.allocations.codes() {
            let Some(&units) = claimed.get(&code.code) else {
                continue;
            };
            let (least, most) = claim.allocations.bounds(&code.code).unwrap_or_default();
            let right = suggested.get(code.code.as_str()).copied().unwrap_or(least);
            let wrong = if outside_bounds_only {
                units < least || units > most
            } else {
                units != right
            };
            if !wrong || explained(&code.code, code.minutes, units, right) {
                continue;
            }
            slips.push(Slip {
                code: code.code.clone(),
                claimed: units,
                right,
                otherwise: other
                    .and_then(|o| o.bounds(&code.code))
                    .map(|(least, _)| least)
                    .filter(|o| *o != right),
                right_otherwise,
                timed: true,
            });
        }
        slips
    };
    // Codes outside their bounds are wrong by themselves; else the tied codes are wrong together.
    let outside = all_slips(true);
    if outside.is_empty() {
        all_slips(false)
    } else {
        outside
    }
}

/// Whether another rule, or no rule at all, should speak of this claim.
fn explained(code: &str, minutes: u32, claimed: u32, right: u32) -> bool {
    // `under-eight-minutes` says it.
    let too_short = minutes < LEAST && right == 0;
    // Claiming no more than the limit is what `units-limit` asks for.
    let at_limit =
        claimed < right && limits::find(code).is_some_and(|l| u32::from(l.practitioner) == claimed);
    too_short || at_limit
}

/// The finding about a slip.
pub fn draft(case: &VisitCase<'_>, slip: &Slip) -> Draft {
    let claims: Vec<UnitClaim> = case
        .modalities_of(&slip.code)
        .filter_map(|m| m.claimed)
        .collect();
    let span = claims.last().map_or_else(|| case.anchor(), |c| c.span);
    let Slip {
        code,
        claimed,
        right,
        ..
    } = slip;
    let minutes = case.minutes_of(code).unwrap_or(0);
    let earned = if slip.timed {
        let total = case.claim.timed_minutes;
        let of_total = if total == minutes {
            String::new()
        } else {
            format!(" of the day's {total} timed")
        };
        format!("its {minutes}{of_total} minutes earn {}", units(*right))
    } else {
        format!("it is billed once a day, as {}", units(*right))
    };
    let other = match slip.otherwise {
        Some(otherwise) => format!(
            " That is by the CMS 8-minute rule; a payer that counts each code by itself allows {}. Name the payer to settle it.",
            units(otherwise)
        ),
        None => String::new(),
    };
    let consequence = if slip.is_too_many() {
        " A payer will deny the rest or ask for it back."
    } else {
        " The rest goes unpaid."
    };
    let consequence = if slip.right_otherwise {
        ""
    } else {
        consequence
    };
    let mut draft = Draft::new(
        span,
        format!(
            "{code} claims {}, but {earned}.{other}{consequence}",
            units(*claimed)
        ),
    );
    if slip.right_otherwise {
        draft = draft.level(Level::Information);
    }
    if let [claim] = claims.as_slice() {
        draft = draft.fix(
            format!("Claim {}", units(*right)),
            claim.span,
            with_units(case.str(claim.span), *right),
        );
        if !slip.right_otherwise && !case.claim.allocations.is_tie() {
            draft = draft.preferred();
        }
    }
    draft
}

/// The claim's text with another figure.
fn with_units(text: &str, units: u32) -> String {
    let start = text
        .find(|c: char| c.is_ascii_digit())
        .unwrap_or(text.len());
    let rest = text[start..].trim_start_matches(|c: char| c.is_ascii_digit());
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
