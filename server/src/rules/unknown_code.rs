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
        let accepts = case.payer.accepts.as_ref();
        let known = modality.procedure.is_some()
            || modality.retired.is_some()
            || retired::is_functional_reporting(code)
            || accepts.is_some_and(|codes| codes.contains(code));
        if known {
            continue;
        }
        let is_others = |number: u32| {
            let mut families = OTHER_FAMILIES.iter();
            families.any(|(from, to)| (*from..=*to).contains(&number))
        };
        let near = procedures::nearest(code).filter(|_| !code.parse().is_ok_and(is_others));
        found.push(if let Some(near) = near {
            let right = format!("{} ({})", near.code, near.label);
            let message = format!(
                "{code} is not a code that Soapstone knows. The nearest is {right}. A payer rejects a code that does not exist."
            );
            let title = format!("Replace {code} with {right}");
            Draft::new(modality.code_span, message).fix(title, modality.code_span, near.code)
        } else {
            // It may well be right: the table holds this field's codes only.
            let message = format!(
                "{code} is not among the codes that Soapstone knows, so its time and pairs are not checked."
            );
            Draft::new(modality.code_span, message).level(Level::Hint)
        });
    }
}
