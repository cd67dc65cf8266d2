//! What an editor shows: a place in, an answer out. Knows no protocol.

pub mod actions;
pub mod claim_preview;
pub mod completion;
pub mod folding;
pub mod format;
pub mod hints;
pub mod hover;
pub mod index;
mod layout;
pub mod lenses;
pub mod links;
pub mod names;
pub mod next_visit;
pub mod selection;
mod standing;
pub mod status;
pub mod symbols;
pub mod tokens;

use std::fmt::Display;

use crate::billing::Counting;
use crate::rules::VisitCase;

/// `1 unit`, `2 units`.
fn counted(number: impl Display + PartialEq<u32> + Copy, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

/// How the units of a visit were counted, in words.
fn rule_of_counting(case: &VisitCase<'_>) -> &'static str {
    match (case.claim.counting, case.payer.counting) {
        (Counting::Cms, Some(_)) => "by the CMS 8-minute rule, all timed minutes together",
        (Counting::Cms, None) => {
            "by the CMS 8-minute rule, all timed minutes together; how this payer counts is not known"
        }
        (Counting::Ama, _) => "by the midpoint rule, each code by itself",
    }
}

/// `25 + 15 = 40`, from the pooled codes of a visit.
fn sum_in_words(case: &VisitCase<'_>) -> String {
    let codes = case.claim.allocations.codes();
    let parts: Vec<String> = codes
        .iter()
        .map(|c| format!("{} min {}", c.minutes, c.code))
        .collect();
    match parts.as_slice() {
        [] => "no timed minutes".to_owned(),
        [one] => one.clone(),
        _ => format!("{} = {} min", parts.join(" + "), case.claim.timed_minutes),
    }
}
