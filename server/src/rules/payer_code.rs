use super::medicare_excluded::{exclusion, is_said};
use super::modifiers::addition;
use super::wording::list;
use super::{Check, Draft, Edit, Group, Rule, VisitCase, plan_of};
use crate::chart::Modality;
use crate::policy::Level;
use crate::reference::procedures;

pub static RULE: Rule = Rule {
    name: "payer-code",
    group: Group::Coding,
    level: Level::Warning,
    source: "CMS physician fee schedule, status I; the codes of the payer's profile",
    page: page!("payer-code"),
    check: Check::Visit(check),
};

/// Unattended electrical stimulation: the code of most payers and the code of Medicare.
const STIMULATION: (&str, &str) = ("97014", "G0283");

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for modality in &case.visit.modalities {
        // A code that is retired or mistyped is named by its own rule.
        let other_cause = modality.retired.is_some()
            || (modality.procedure.is_none() && procedures::nearest(&modality.code).is_some());
        // What Medicare pays nobody of this profession has no better code either.
        if !other_cause
            && modality.is_billed()
            && !is_said(modality)
            && exclusion(case, modality).is_none()
        {
            found.extend(judge(case, modality));
        }
    }
}

fn judge(case: &VisitCase<'_>, modality: &Modality) -> Option<Draft> {
    let code = modality.code.as_str();
    let counterpart = match code {
        _ if code == STIMULATION.0 => Some(STIMULATION.1),
        _ if code == STIMULATION.1 => Some(STIMULATION.0),
        _ => None,
    };
    let counterpart = counterpart.filter(|other| case.may_bill(other));
    let draft = if let Some(accepted) = &case.payer.accepts {
        if case.may_bill(code) {
            return None;
        }
        let message = match accepted.as_slice() {
            few @ [_, ..] if few.len() <= 6 => format!(
                "This payer takes only {}, according to its profile, and will deny {code}.",
                list(few)
            ),
            _ => format!(
                "{code} is not among the codes that this payer takes, according to its profile, and will be denied."
            ),
        };
        Draft::new(modality.code_span, message).level(Level::Error)
    } else if case.payer.excludes.contains(&modality.code) {
        let message = format!(
            "{} never pays {code}, according to its profile.",
            case.payer.called()
        );
        return Some(Draft::new(modality.code_span, message));
    } else if case.payer.medicare {
        let procedure = modality.procedure.filter(|p| p.medicare_status == 'I')?;
        let label = procedure.label;
        let message = match counterpart {
            Some(other) => format!(
                "Medicare does not take {code}; it wants {other} for {label}, and rejects the line."
            ),
            None => format!("Medicare does not take {code} ({label}), and rejects the line."),
        };
        Draft::new(modality.code_span, message)
    } else {
        // Some private payers took over Medicare's code, so this is no more than a reminder.
        let private = !case.payer.stands_for_any && case.payer.ncci != Some(true);
        if code != STIMULATION.1 || !private {
            return None;
        }
        let message = format!(
            "Many payers want {} for unattended electrical stimulation and deny {code}.",
            STIMULATION.0
        );
        Draft::new(modality.code_span, message).level(Level::Information)
    };
    Some(replaced(draft, case, modality, counterpart))
}

fn replaced(draft: Draft, case: &VisitCase<'_>, modality: &Modality, by: Option<&str>) -> Draft {
    // Beside a line of that code there would be two of them.
    let Some(other) = by.filter(|other| case.modalities_of(other).next().is_none()) else {
        return draft;
    };
    let mut edits = vec![Edit::new(modality.code_span, other)];
    // Medicare counts G0283 as therapy, which wants the plan of care named.
    let is_planned = modality.has_modifier(&["GP", "GO", "GN"]);
    if other == STIMULATION.1 && case.payer.medicare && !is_planned {
        let Some(plan) = plan_of(case) else {
            return draft;
        };
        edits.push(addition(case, modality, plan));
    }
    let title = format!("Replace {} with {other}", modality.code);
    draft.fix_of(title, edits).preferred()
}
