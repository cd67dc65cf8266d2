use super::{Check, Draft, Group, Rule, VisitCase};
use crate::policy::Level;
use crate::reference::{procedures, retired};

pub static RULE: Rule = Rule {
    name: "unknown-code",
    group: Group::Coding,
    level: Level::Warning,
    source: "The code table of this build",
    page: page!("unknown-code"),
    check: Check::Visit(check),
};

/// Ranges of real codes that lie among ours and belong to others: adaptive behaviour, wound care,
/// nutrition, osteopathic treatment, telephone services.
const OTHER_FAMILIES: &[(u32, u32)] = &[
    (97151, 97158),
    (97597, 97610),
    (97802, 97804),
    (98925, 98929),
    (98960, 98972),
    (98975, 98986),
];

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for modality in &case.visit.modalities {
        let code = &modality.code;
        let known = modality.procedure.is_some()
            || modality.retired.is_some()
            || retired::is_functional_reporting(code)
            || case
                .payer
                .accepts
                .as_ref()
                .is_some_and(|codes| codes.contains(code));
        if known {
            continue;
        }
        let others = code.parse().is_ok_and(|number: u32| {
            OTHER_FAMILIES
                .iter()
                .any(|(from, to)| (*from..=*to).contains(&number))
        });
        let near = procedures::nearest(code).filter(|_| !others);
        found.push(match near {
            Some(near) => Draft::new(
                modality.code_span,
                format!(
                    "{code} is not a code that Soapstone knows. The nearest is {} ({}). A payer rejects a code that does not exist.",
                    near.code, near.label
                ),
            )
            .fix(format!("Replace {code} with {} ({})", near.code, near.label), modality.code_span, near.code),
            // It may well be right: the table holds this field's codes only.
            None => Draft::new(
                modality.code_span,
                format!("{code} is not among the codes that Soapstone knows, so its time and pairs are not checked."),
            )
            .level(Level::Hint),
        });
    }
}
