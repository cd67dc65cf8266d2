//! What Medicare allows for the lines of a day: an estimate.
//!
//! Source: CMS, Therapy Services, revised February 2026. Of the always-therapy units of a day, the one with the highest
//! practice expense is paid in full, and half of that expense for all others; what an assistant gives is paid at 85
//! percent of the fee schedule's amount. Some billers take the 15 percent off Medicare's part alone, which is 80
//! percent, and have 88 percent of the amount with what the patient pays.

use super::ClaimLine;

/// What one unit of a code is worth, in dollars.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Price {
    /// By the fee schedule.
    Medicare {
        /// The expense of the practice.
        practice: f64,
        /// All else.
        rest: f64,
        /// Of several units on a day, the practice's expense is paid in full once.
        is_reduced: bool,
    },
    /// What the clinic says, whatever else is done on the day.
    Own(f64),
}

/// What a line with an assistant's modifier is paid.
const ASSISTANTS: f64 = 0.85;

/// The amount of each line of a day, in cents; none where it has no price or no unit.
pub fn estimate(lines: &[ClaimLine], price: impl Fn(&str) -> Option<Price>) -> Vec<Option<u64>> {
    // Medicare pays nothing for what the line itself says is not covered.
    let is_paid = |line: &&ClaimLine| {
        let not_covered = line
            .modifiers
            .iter()
            .any(|m| matches!(&**m, "GY" | "GX" | "GZ"));
        line.units > 0 && !not_covered
    };
    let prices: Vec<Option<Price>> = lines
        .iter()
        .map(|line| {
            Some(line)
                .filter(is_paid)
                .and_then(|line| price(&line.code))
        })
        .collect();
    let mut dearest: Option<(usize, f64)> = None;
    for (index, price) in prices.iter().enumerate() {
        if let Some(Price::Medicare {
            practice,
            is_reduced: true,
            ..
        }) = *price
            && dearest.is_none_or(|(_, most)| practice > most)
        {
            dearest = Some((index, practice));
        }
    }
    let amounts = lines.iter().zip(prices).enumerate();
    let amounts = amounts.map(|(index, (line, price))| {
        let units = u64::from(line.units);
        Some(match price? {
            Price::Own(fee) => cents(fee) * units,
            Price::Medicare {
                practice,
                rest,
                is_reduced,
            } => {
                let share = if line.is_assistants() {
                    ASSISTANTS
                } else {
                    1.0
                };
                let full = cents((practice + rest) * share);
                let reduced = cents((practice / 2.0 + rest) * share);
                let in_full = match dearest {
                    _ if !is_reduced => units,
                    Some((at, _)) if at == index => 1,
                    _ => 0,
                };
                full * in_full + reduced * (units - in_full)
            }
        })
    });
    amounts.collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a price is no negative number, and a small one"
)]
fn cents(dollars: f64) -> u64 {
    (dollars * 100.0).round() as u64
}

#[cfg(test)]
mod tests {
    use super::super::claim::{Billing, Block, claim};
    use super::super::units::Counting;
    use super::*;

    /// Lines of these codes, units and modifiers.
    fn lines(said: &[(&'static str, u32, &'static str)]) -> Vec<ClaimLine> {
        let blocks = said.iter().map(|(code, units, modifier)| Block {
            code,
            billing: Billing::Quarter,
            plan: None,
            modifiers: modifier.split_whitespace().collect(),
            minutes: Some((units * 15).into()),
            claimed: None,
            diagnoses: Vec::new(),
            proposed: false,
        });
        claim(&blocks.collect::<Vec<_>>(), Counting::Cms, None).lines
    }

    fn price(code: &str) -> Option<Price> {
        let medicare = |practice, rest, is_reduced| Price::Medicare {
            practice,
            rest,
            is_reduced,
        };
        Some(match code {
            "97110" => medicare(10.0, 20.0, true),
            "97530" => medicare(16.0, 15.0, true),
            "98941" => medicare(14.0, 26.0, false),
            "97124" => Price::Own(35.0),
            _ => return None,
        })
    }

    #[test]
    fn the_unit_with_the_highest_expense_is_paid_in_full() {
        for (said, cents) in [
            (&[("97110", 1, "")][..], &[Some(3000)][..]),
            (&[("97110", 3, "")], &[Some(3000 + 2 * 2500)]),
            (
                &[("97110", 2, ""), ("97530", 2, "")],
                &[Some(2 * 2500), Some(3100 + 2300)],
            ),
            (&[("97110", 2, "CQ")], &[Some(2550 + 2125)]),
            (
                &[("98941", 1, ""), ("97110", 1, ""), ("97124", 2, "CQ")],
                &[Some(4000), Some(3000), Some(7000)],
            ),
            (
                &[("97530", 1, "GY"), ("97110", 1, ""), ("97999", 1, "")],
                &[None, Some(3000), None],
            ),
        ] {
            assert_eq!(estimate(&lines(said), price), cents, "{said:?}");
        }
    }
}
