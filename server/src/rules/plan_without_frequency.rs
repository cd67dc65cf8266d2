//! `plan-without-frequency`: see its page in `docs/rules/`.

use super::{ChartCase, ChartVisit, Check, Draft, Edit, Group, Rule};
use crate::chart::referral::says_how_often;
use crate::chart::{FieldKind, SectionKind};
use crate::policy::Level;
use crate::text::Span;

/// The rule.
pub static RULE: Rule = Rule {
    name: "plan-without-frequency",
    group: Group::Plan,
    level: Level::Information,
    source: "CMS Pub. 100-02 ch. 15 §220.1.2, §240.1.2",
    page: page!("plan-without-frequency"),
    check: Check::Chart(check),
};

const MESSAGE: &str = "This plan does not say how often the patient should come. Medicare then reads it as a plan for a single treatment, and other payers ask how many visits were planned.";
const BLANK: &str = "___x/week for ___ weeks";

fn check(case: &ChartCase<'_>, found: &mut Vec<(usize, Draft)>) {
    let before = case.preamble.into_iter();
    let before = before.map(|(text, visit)| (0, text, visit));
    let has_orders = |v: &&ChartVisit<'_>| v.gist.has_orders && !case.is_preamble(v);
    let visits = case.visits.iter().filter(has_orders);
    let visits = visits.map(|v| (v.start, v.text, v.visit));
    // Wherever a plan or a referral says it, it is said.
    let mut silent_plans = Vec::new();
    for (start, text, visit) in before.chain(visits) {
        for field in &visit.fields {
            if !matches!(field.kind, FieldKind::Referral | FieldKind::PlanOfCare) {
                continue;
            }
            let Some(value) = field.value else { continue };
            let words = &text[value.range()];
            match field.kind {
                FieldKind::Referral | FieldKind::PlanOfCare if says_how_often(words) => return,
                FieldKind::PlanOfCare if is_plan(&text[field.key.range()], words) => {
                    silent_plans.push(value.shifted(start));
                }
                _ => {}
            }
        }
    }
    let evaluations: Vec<(usize, &ChartVisit<'_>, Span, Span)> = case
        .visits
        .iter()
        .enumerate()
        .filter(|(_, v)| !v.is_open() && v.gist.is_evaluated)
        .filter_map(|(index, v)| {
            let plan = |s: &&crate::chart::Section| s.kind == SectionKind::Plan;
            let section = v.visit.sections.iter().rfind(plan)?;
            let prose = |p: &&crate::chart::Prose| p.section == Some(SectionKind::Plan);
            let last = v.visit.prose.iter().rfind(prose)?;
            Some((index, v, section.name, last.span))
        })
        .collect();
    let said = |v: &ChartVisit<'_>| {
        let is_plan = |s: &&crate::chart::Section| s.kind == SectionKind::Plan;
        v.visit
            .sections
            .iter()
            .filter(is_plan)
            .any(|s| says_how_often(v.str(s.span)) || is_over(v.str(s.span)))
    };
    if !silent_plans.is_empty() {
        if !evaluations.iter().any(|(_, v, ..)| said(v)) {
            found.extend(silent_plans.into_iter().map(|span| {
                let draft = Draft::new(span, MESSAGE)
                    .fix(
                        "Say how often (blanks to fill)",
                        Span::at(span.end),
                        format!(", {BLANK}"),
                    )
                    .preferred();
                (0, draft)
            }));
        }
        return;
    }
    for (index, v, name, last) in evaluations {
        if said(v) {
            continue;
        }
        let ended = v.str(last).ends_with(['.', ';', ',']);
        let edit = Edit {
            span: Span::at(v.at(last).end),
            text: format!("{} {BLANK}", if ended { "" } else { ";" }),
        };
        found.push((
            index,
            Draft::new(v.at(name), MESSAGE)
                .fix_of("Say how often (blanks to fill)", vec![edit])
                .preferred(),
        ));
    }
}

/// A certification only gives days, and a plan may be kept elsewhere.
fn is_plan(key: &str, words: &str) -> bool {
    let words = words.to_lowercase();
    let elsewhere = [
        "on file", "see ", "attached", "scanned", "per ", "signed", "in chart", "above", "below",
        "__",
    ];
    !key.to_lowercase().starts_with("cert") && !elsewhere.iter().any(|w| words.contains(w))
}

/// There is no further visit to plan.
fn is_over(words: &str) -> bool {
    let words = words.to_lowercase();
    [
        "discharge",
        "d/c",
        "no further",
        "no skilled",
        "one-time",
        "one time",
        "single visit",
        "eval only",
        "evaluation only",
        "not indicated",
        "see plan of care",
        "per plan of care",
        "per poc",
        "see poc",
    ]
    .iter()
    .any(|w| words.contains(w))
}
