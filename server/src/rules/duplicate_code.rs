use super::assistants::ASSISTANTS;
use super::day::{DayBlock, billing};
use super::wording::minutes;
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::billing::claim::Billing;
use crate::length::Length;
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "duplicate-code",
    group: Group::Coding,
    level: Level::Information,
    source: "CMS Pub. 100-04 ch. 5 §20.2",
    page: page!("duplicate-code"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let mut lines: Vec<Vec<&DayBlock<'_>>> = Vec::new();
    for block in &case.day_blocks {
        if block.modality.procedure.is_none() {
            continue;
        }
        // Lines that differ in their modifiers are lines of their own on the claim, too.
        let same = |line: &&mut Vec<&DayBlock<'_>>| key(line[0]) == key(block);
        match lines.iter_mut().find(same) {
            Some(line) => line.push(block),
            None => lines.push(vec![block]),
        }
    }
    found.extend(lines.iter().filter_map(|line| judge(case, line)));
}

/// What has one line on the claim.
fn key<'a>(block: &DayBlock<'a>) -> (&'a str, Option<&'static str>, Vec<&'a str>) {
    let modality = block.modality;
    let modifiers = modality.modifiers.iter();
    let mut codes: Vec<&str> = modifiers.map(|m| m.code.as_str()).collect();
    // What is billed once is billed once for therapist and assistant together.
    if billing(modality) == Billing::Once {
        codes.retain(|code| !ASSISTANTS.contains(code));
    }
    codes.sort_unstable();
    (&modality.code, block.plan, codes)
}

fn judge(case: &VisitCase<'_>, line: &[&DayBlock<'_>]) -> Option<Draft> {
    let [first, rest @ ..] = line else {
        return None;
    };
    // What stands in a later visit is said there.
    let second = rest.iter().find(|b| b.is_here)?.modality;
    let last = line.last().filter(|last| last.is_here);
    let (code, count) = (&second.code, last.map(|_| line.len())?);
    let place = if line.iter().all(|b| b.is_here) {
        "here"
    } else {
        "on this day, in several visits"
    };
    let message = if second.is_timed() {
        let total: Option<Length> = line.iter().map(|b| b.modality.minutes().stated()).sum();
        let together = total.map_or_else(String::new, |total| format!(" with {}", minutes(total)));
        format!(
            "{code} is on {count} lines {place}. The claim shows them as one line{together}; a payer denies a second one as a duplicate."
        )
    } else {
        // Some untimed codes count limbs or sections; an evaluation's limit is a warning of its own.
        case.policy
            .limits
            .find(code)
            .filter(|limit| limit.practitioner <= 1)?;
        if second.procedure.is_some_and(|p| p.evaluation) {
            return None;
        }
        format!(
            "{code} is on {count} lines {place}. It is billed once a day, however many regions and minutes; a payer denies a second line as a duplicate."
        )
    };
    let draft = Draft::new(second.code_span, message);
    Some(if first.is_here {
        draft.related(first.modality.code_span, "The first line of this code")
    } else {
        draft
    })
}
