use super::anchor::Anchor;
use super::chart_draft::ChartPlace;
use super::{ChartCase, ChartDraft, ChartEdit, Check, Group, Rule};
use crate::chart::referral::says_how_often;
use crate::chart::{FieldKind, SectionKind, Visit};
use crate::pattern::words;
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "plan-without-frequency",
    group: Group::Plan,
    level: Level::Information,
    source: "CMS Pub. 100-02 ch. 15 §220.1.2, §240.1.2",
    page: page!("plan-without-frequency"),
    check: Check::Chart(check),
};

const MESSAGE: &str = "This plan does not say how often the patient should come. A payer may then read it as a plan for a single treatment, or ask how many visits were planned.";
const BLANK: &str = "___x/week for ___ weeks";

words!(
/// There is no further visit to plan, or another place plans them.
    OVER,
    r"(?i)discharge|d/c|no further|no skilled|one[- ]time|single visit|eval(?:uation)? only|not indicated|(?:see|per) (?:plan of care|poc)"
);

/// What a visit, or what stands before the first one, says of how often the patient is to come.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct PlannedFrequency {
    /// A referral or a plan of care says it.
    is_ordered: bool,
    /// The plans of care that do not.
    silent_plans: Vec<Anchor>,
    /// The section for the plan, of a therapist's evaluation.
    of_evaluation: Option<EvaluationPlan>,
}

/// The section for the plan of a therapist's evaluation.
#[derive(Debug, PartialEq, Eq)]
struct EvaluationPlan {
    /// Its name.
    name: Anchor,
    /// Its last line.
    last_line: Anchor,
    /// This line ends with a mark.
    is_ended: bool,
    /// It says how often, or that no visit is to follow.
    says: bool,
}

/// What a visit says of how often the patient is to come.
pub(super) fn planned_frequency(text: &str, visit: &Visit) -> PlannedFrequency {
    let mut planned = PlannedFrequency {
        of_evaluation: evaluation_plan(text, visit),
        ..PlannedFrequency::default()
    };
    for field in &visit.fields {
        if !matches!(field.kind, FieldKind::Referral | FieldKind::PlanOfCare) {
            continue;
        }
        let Some(value) = field.value else { continue };
        let words = &text[value.range()];
        if says_how_often(words) {
            planned.is_ordered = true;
        } else if field.kind == FieldKind::PlanOfCare && is_plan(&text[field.key.range()], words) {
            planned.silent_plans.push(Anchor::of(visit, value));
        }
    }
    planned
}

fn evaluation_plan(text: &str, visit: &Visit) -> Option<EvaluationPlan> {
    let mut modalities = visit.modalities.iter();
    let is_evaluated =
        modalities.any(|m| m.procedure.is_some_and(|p| p.evaluation) && m.code.starts_with("97"));
    if !is_evaluated {
        return None;
    }
    let plan = |s: &&crate::chart::Section| s.kind == SectionKind::Plan;
    let name = visit.sections.iter().rfind(plan)?.name;
    let in_plan = |p: &&crate::chart::Prose| p.section == Some(SectionKind::Plan);
    let last = visit.prose.iter().rfind(in_plan)?.span;
    let mut sections = visit.sections.iter().filter(plan);
    let says = |words: &str| says_how_often(words) || OVER.is_match(words);
    Some(EvaluationPlan {
        name: Anchor::of(visit, name),
        last_line: Anchor::of(visit, last),
        is_ended: text[last.range()].ends_with(['.', ';', ',']),
        says: sections.any(|section| says(&text[section.span.range()])),
    })
}

fn check(case: &ChartCase<'_>, found: &mut Vec<ChartDraft>) {
    // Wherever a plan or a referral says it, it is said.
    let mut pieces = case.pieces();
    if pieces.any(|(_, summary)| summary.frequency.is_ordered) {
        return;
    }
    let plans = case.pieces().flat_map(|(piece, summary)| {
        let plans = summary.frequency.silent_plans.iter();
        plans.map(move |anchor| ChartPlace::new(piece, *anchor))
    });
    let silent_plans: Vec<ChartPlace> = plans.collect();
    let visits = case.visits.iter().enumerate();
    let evaluations = visits
        .filter(|(_, visit)| !visit.is_open)
        .filter_map(|(index, visit)| Some((index, visit.frequency.of_evaluation.as_ref()?)));
    if !silent_plans.is_empty() {
        if !evaluations.clone().any(|(_, plan)| plan.says) {
            found.extend(silent_plans.into_iter().map(|place| {
                let edit = ChartEdit::Replace(place.end(), format!(", {BLANK}"));
                draft(0, place, edit)
            }));
        }
        return;
    }
    for (index, plan) in evaluations.filter(|(_, plan)| !plan.says) {
        let mark = if plan.is_ended { "" } else { ";" };
        let end = case.place(index, plan.last_line).end();
        let edit = ChartEdit::Replace(end, format!("{mark} {BLANK}"));
        found.push(draft(index, case.place(index, plan.name), edit));
    }
}

fn draft(visit: usize, place: ChartPlace, edit: ChartEdit) -> ChartDraft {
    let draft = ChartDraft::new(visit, place, MESSAGE);
    let draft = draft.fix("Say how often (blanks to fill)", edit);
    draft.preferred()
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
