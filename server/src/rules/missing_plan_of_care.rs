use jiff::ToSpan;

use super::chart_draft::ChartPlace;
use super::medicare_excluded::{exclusion, is_said};
use super::{ChartCase, ChartDraft, ChartEdit, Check, Group, Rule, VisitCase};
use crate::chart::{Credential, FieldKind, Visit, credential};
use crate::pattern::pattern;
use crate::policy::Level;
use crate::reference::procedures::Therapy;
use crate::text::Span;

pub static RULE: Rule = Rule {
    name: "missing-plan-of-care",
    group: Group::Plan,
    level: Level::Warning,
    source: "CMS Pub. 100-02 ch. 15 §220, §220.1.2 and §220.1.3",
    page: page!("missing-plan-of-care"),
    check: Check::Chart(check),
};

pattern!(
/// Words for a plan of care, or for its certification.
    pub(super) NAMED,
    r"(?i)\b(?:plans?[ -]of[ -](?:care|treatment)|poc|(?:re-?)?cert(?:s|ed|if\w*)?)\b"
);

/// From this day of an episode on the plan ought to be certified.
const DUE: i64 = 30;

/// Whether a visit, or what stands before the first one, names a plan of care; `may` if [`NAMED`] is in its
/// text.
pub(super) fn names_plan(visit: &Visit, may: bool) -> bool {
    // A field without a value is being typed.
    may || visit.fields_of(FieldKind::PlanOfCare).next().is_some()
}

/// Whether something was done in a visit that needs a plan of care: therapy that is no evaluation, by
/// somebody who is paid for it.
pub(super) fn needs_plan(case: &VisitCase<'_>) -> bool {
    case.visit.modalities.iter().any(|modality| {
        let procedure = modality.procedure;
        procedure.is_some_and(|p| p.therapy == Therapy::Always && !p.evaluation)
            && !is_said(modality)
            && exclusion(case, modality).is_none()
    })
}

/// The value of a plan of care that names a chiropractor, and no physician, as the one who certified it.
pub(super) fn chiropractors_plan(text: &str, visit: &Visit) -> Option<Span> {
    let mut values = visit
        .fields_of(FieldKind::PlanOfCare)
        .filter_map(|f| f.value);
    values.find(|value| {
        let named = credential::find_in(&text[value.range()]);
        named.contains(&Credential::Chiropractor) && !named.contains(&Credential::Medical)
    })
}

fn check(case: &ChartCase<'_>, found: &mut Vec<ChartDraft>) {
    let visits = case.treated_by_day().into_iter().filter(|(index, _)| {
        let visit = &case.visits[*index];
        visit.needs_plan && !visit.is_open && case.payer(visit).certified_plan
    });
    let visits: Vec<_> = visits.collect();
    let (Some((_, first)), Some((last, _))) = (visits.first(), visits.last()) else {
        return;
    };
    for (piece, summary) in case.pieces() {
        if let Some(anchor) = summary.chiropractors_plan {
            let who = case.payer(&case.visits[*last]).called();
            let message = format!(
                "A chiropractor is named here as the one who certified the plan of care. {who} takes that of a physician, or of a nurse practitioner, clinical nurse specialist or physician assistant, and denies treatment under a chiropractor's."
            );
            found.push(ChartDraft::new(
                *last,
                ChartPlace::new(piece, anchor),
                message,
            ));
        }
    }
    if case.pieces().any(|(_, summary)| summary.names_plan) {
        return;
    }
    let due = first.checked_add((DUE - 1).days()).ok();
    let late = visits
        .iter()
        .find(|(_, day)| due.is_some_and(|due| *day >= due));
    let (index, level) = late.map_or((*last, Level::Information), |(index, _)| {
        (*index, Level::Warning)
    });
    let who = case.payer(&case.visits[index]).called();
    let message = format!(
        "This chart names no plan of care. {who} pays for therapy only under one that a physician, or a nurse practitioner, clinical nurse specialist or physician assistant, has certified within {DUE} days of the first treatment."
    );
    let line = ChartEdit::LineForChart(NEW_PLAN.to_owned());
    let draft = ChartDraft::new(index, case.date_of(index), message)
        .level(level)
        .fix("Add the plan of care (blanks to fill)", line);
    found.push(draft.preferred());
}

/// The line for a plan of care, to be filled in.
const NEW_PLAN: &str = "plan of care: ___ to ___, ___ visits per week, certified by ___";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_a_plan_of_care() {
        for text in [
            "POC sent to Dr. Okafor",
            "plan of care established",
            "Recertified 11/2",
            "cert period 11/1 to 1/30",
            "Plan-of-treatment signed",
        ] {
            assert!(NAMED.is_match(text), "{text}");
        }
        for text in [
            "Plan: 2x/week",
            "certain",
            "care plan of the daughter",
            "concert",
        ] {
            assert!(!NAMED.is_match(text), "{text}");
        }
    }
}
