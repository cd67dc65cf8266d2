use super::day::{DayBlock, billing};
use super::wording::units;
use super::{Check, Draft, Group, Rule, VisitCase, unique};
use crate::billing::claim::Billing;
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "units-limit",
    group: Group::Time,
    level: Level::Warning,
    source: "CMS Medically Unlikely Edits, practitioner file",
    page: page!("units-limit"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    repeated_evaluations(case, found);
    // What is billed once may stand on two lines for two sides, and its own rule speaks of two alike.
    let many = |b: &&DayBlock<'_>| billing(b.modality) != Billing::Once;
    let codes = case.day_blocks.iter().filter(many);
    for code in unique(codes.map(|b| b.modality.code.as_str())) {
        let Some(limit) = case.policy.limits.find(code) else {
            continue;
        };
        let most = u32::from(limit.practitioner);
        let plans = unique(case.claim.lines.iter().map(|line| line.plan));
        let billed = plans.into_iter().map(|plan| {
            let earned = case.claim.units_under(plan, code);
            let blocks = case.on_day(plan, code);
            let claimed: Option<u32> = blocks.map(|b| Some(b.modality.claimed?.units)).sum();
            claimed.unwrap_or(earned).min(earned)
        });
        let billed: u32 = billed.sum();
        // A limit of 0 means that the code is never paid, which is not about its minutes.
        if most == 0 || billed <= most {
            continue;
        }
        let mut blocks = case.day_blocks.iter().rev();
        let last = blocks.find(|b| b.modality.code == code);
        let Some(modality) = last.filter(|b| b.is_here).map(|b| b.modality) else {
            continue;
        };
        let (whose, denied) = if case.payer.medicare {
            ("Medicare expects", "The units above it are denied")
        } else {
            (
                "the federal limits allow",
                "A payer that keeps to them denies the units above it",
            )
        };
        found.push(Draft::new(
            modality.code_span,
            format!(
                "{code} comes to {}, more than the {most} that {whose} on one day (as of {}). {denied} unless the record shows why they were needed.",
                units(billed),
                case.policy.limits.quarter.words()
            ),
        ));
    }
}

/// An evaluation is billed once a day, and which of two is meant only the clinician knows.
fn repeated_evaluations(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for modality in &case.visit.modalities {
        let is_evaluation = modality.procedure.is_some_and(|p| p.evaluation);
        let code = modality.code.as_str();
        let limit = case
            .policy
            .limits
            .find(code)
            .filter(|limit| limit.practitioner == 1);
        let (true, Some(_)) = (is_evaluation, limit) else {
            continue;
        };
        let same = case.day_blocks.iter().filter(|b| b.modality.code == code);
        let first = same.map(|b| b.modality).next();
        if first.is_none_or(|first| std::ptr::eq(first, modality)) {
            continue;
        }
        let whose = if case.payer.medicare {
            "Medicare's"
        } else {
            "the federal"
        };
        found.push(Draft::new(
            modality.code_span,
            format!(
                "{code} is on this day before. An evaluation is billed once a day ({whose} limit is 1, as of {}), and a payer denies the second one.",
                case.policy.limits.quarter.words()
            ),
        ));
    }
}
