//! `payer-code`: see its page in `docs/rules/`.

use super::wording::list;
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::Modality;
use crate::policy::Level;
use crate::reference::procedures;

/// The rule.
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
        if !other_cause {
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
    let draft = if let Some(accepted) = &case.payer.accepts {
        if accepted.iter().any(|a| a == code) {
            return None;
        }
        let counterpart = counterpart.filter(|other| accepted.iter().any(|a| a == other));
        let message = match accepted.as_slice() {
            few @ [_, ..] if few.len() <= 6 => {
                format!(
                    "This payer takes only {}, according to its profile, and will deny {code}.",
                    list(few)
                )
            }
            _ => format!(
                "{code} is not among the codes that this payer takes, according to its profile, and will be denied."
            ),
        };
        let draft = Draft::new(modality.code_span, message).level(Level::Error);
        return Some(replaced(draft, case, modality, counterpart));
    } else if case.payer.medicare {
        let procedure = modality.procedure.filter(|p| p.medicare_status == 'I')?;
        Draft::new(
            modality.code_span,
            match counterpart {
                Some(other) => format!(
                    "Medicare does not take {code}; it wants {other} for {}, and rejects the line.",
                    procedure.label
                ),
                None => format!(
                    "Medicare does not take {code} ({}), and rejects the line.",
                    procedure.label
                ),
            },
        )
    } else {
        // Some private payers took over Medicare's code, so this is no more than a reminder.
        let private = !case.payer.stands_for_any && case.payer.ncci != Some(true);
        if code != STIMULATION.1 || !private {
            return None;
        }
        let message = format!(
            "{code} is Medicare's code for unattended electrical stimulation. Many other payers want {} and deny {code}.",
            STIMULATION.0
        );
        Draft::new(modality.code_span, message).level(Level::Information)
    };
    Some(replaced(draft, case, modality, counterpart))
}

fn replaced(draft: Draft, case: &VisitCase<'_>, modality: &Modality, by: Option<&str>) -> Draft {
    // Beside a line of that code there would be two of them.
    match by.filter(|other| case.modalities_of(other).next().is_none()) {
        Some(other) => {
            let mut edits = vec![super::Edit {
                span: modality.code_span,
                text: other.to_owned(),
            }];
            // Medicare counts G0283 as therapy, which wants the plan of care named.
            if other == STIMULATION.1
                && case.payer.medicare
                && !modality.has_modifier(&["GP", "GO", "GN"])
            {
                match super::therapy_modifier::plan_of(case) {
                    Some(plan) => edits.push(super::modifiers::addition(case, modality, plan)),
                    None => return draft,
                }
            }
            draft
                .fix_of(format!("Replace {} with {other}", modality.code), edits)
                .preferred()
        }
        None => draft,
    }
}
