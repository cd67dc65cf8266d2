use jiff::civil::Date;

use super::anchor::Anchor;
use super::wording::either;
use super::{ChartCase, ChartDraft, Check, Group, Rule, VisitCase};
use crate::policy::Level;
use crate::reference::procedures::Once;

pub static RULE: Rule = Rule {
    name: "rtm-month",
    group: Group::Coding,
    level: Level::Warning,
    source: "CMS, remote therapeutic monitoring 2026: codes of a month and of 30 days",
    page: page!("rtm-month"),
    check: Check::Chart(check),
};

/// A block whose code is billed once in a month or in 30 days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthlyBlock {
    code: String,
    once_a: Once,
    /// What it adds to, if it is an add-on code, which may stand there as often as it is earned.
    adds_to: Vec<&'static str>,
    place: Anchor,
}

/// Those of a visit.
pub(super) fn monthly(case: &VisitCase<'_>) -> Vec<MonthlyBlock> {
    let blocks = case.visit.modalities.iter().filter_map(|modality| {
        let procedure = modality.procedure?;
        (procedure.once_a != Once::Day).then(|| MonthlyBlock {
            code: modality.code.clone(),
            once_a: procedure.once_a,
            adds_to: procedure.adds_to.clone(),
            place: Anchor::of(case.visit, modality.code_span),
        })
    });
    blocks.collect()
}

fn check(case: &ChartCase<'_>, found: &mut Vec<ChartDraft>) {
    let mut seen: Vec<(&MonthlyBlock, Date)> = Vec::new();
    for (index, visit) in case.visits.iter().enumerate() {
        let Some(day) = visit.day else { continue };
        for block in &visit.monthly {
            if !block.adds_to.is_empty() {
                found.extend(alone(case, index, block, day));
                continue;
            }
            let before = seen
                .iter()
                .find_map(|(other, then)| clash(block, day, other, *then).map(|why| (*then, why)));
            if let Some((then, why)) = before {
                let when = if then == day {
                    "on this day".to_owned()
                } else {
                    format!("on {then}")
                };
                let message = format!(
                    "{} {why} {when}. A payer denies the second one.",
                    block.code
                );
                found.push(ChartDraft::new(
                    index,
                    case.place(index, block.place),
                    message,
                ));
            }
            seen.push((block, day));
        }
    }
}

/// An add-on code whose first code stands nowhere in its month.
fn alone(
    case: &ChartCase<'_>,
    index: usize,
    block: &MonthlyBlock,
    day: Date,
) -> Option<ChartDraft> {
    let in_month = |other: &Date| (other.year(), other.month()) == (day.year(), day.month());
    let visits = case.visits.iter();
    let mut month = visits.filter(|visit| visit.day.as_ref().is_some_and(in_month));
    let has_first = month.any(|visit| {
        let mut codes = visit.monthly.iter().map(|block| block.code.as_str());
        codes.any(|code| block.adds_to.contains(&code))
    });
    let message = format!(
        "{} only adds to {}, which stands nowhere in this month. A payer denies it by itself.",
        block.code,
        either(&block.adds_to)
    );
    (!has_first).then(|| ChartDraft::new(index, case.place(index, block.place), message))
}

/// Why two of them do not go together, if they do not.
fn clash(one: &MonthlyBlock, day: Date, other: &MonthlyBlock, then: Date) -> Option<String> {
    let same_month = (day.year(), day.month()) == (then.year(), then.month());
    let apart = (day - then).get_days().abs();
    if one.code == other.code {
        return match one.once_a {
            Once::Day => None,
            Once::Month => {
                same_month.then(|| "is billed once a month, and it was billed".to_owned())
            }
            Once::ThirtyDays => {
                (apart < 30).then(|| "is billed once in 30 days, and it was billed".to_owned())
            }
        };
    }
    // Ten to nineteen minutes of a month are the one, twenty and more the other.
    let pair =
        |a: &str, b: &str| one.code == a && other.code == b || one.code == b && other.code == a;
    if pair("98979", "98980") && same_month {
        return Some(format!(
            "and {} are not billed in one month, and the other is there",
            other.code
        ));
    }
    // A device's data of 2 to 15 days is the one, of 16 to 30 days the other.
    let devices = [("98976", "98984"), ("98977", "98985"), ("98978", "98986")];
    (devices.iter().any(|(a, b)| pair(a, b)) && apart < 30).then(|| {
        format!(
            "and {} are not billed in the same 30 days, and the other is there",
            other.code
        )
    })
}
