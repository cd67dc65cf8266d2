use super::{Check, Draft, Group, Rule, VisitCase, diagnoses};
use crate::chart::{Diagnosis, DiagnosisKind};
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "external-cause-first",
    group: Group::Diagnosis,
    level: Level::Error,
    source: "ICD-10-CM Official Guidelines, section I.C.20",
    page: page!("external-cause-first"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let before = case.preamble.map(|(_, visit)| visit);
    // What the chart names first stands before what a visit adds.
    let has_condition = |visit: &crate::chart::Visit| {
        let mut codes = visit.diagnoses.iter().filter(|d| is_code(d));
        codes.any(|d| !is_external(&d.code))
    };
    let lists = std::iter::once(&case.visit.diagnoses)
        .filter(|_| !before.is_some_and(has_condition))
        .chain(case.visit.modalities.iter().map(|m| &m.diagnoses));
    for list in lists {
        let Some(first) = list.iter().find(|d| is_code(d)) else {
            continue;
        };
        if !is_external(&first.code) || diagnoses::is_being_typed(case, first.span) {
            continue;
        }
        let code = &first.code;
        found.push(Draft::new(
            first.span,
            format!(
                "{code} says how or where it happened, not what is treated. An external cause is never the first diagnosis and never the only one, and a payer rejects the claim. Put the injury or condition before it."
            ),
        ));
    }
}

fn is_code(diagnosis: &Diagnosis) -> bool {
    diagnosis.kind == DiagnosisKind::Icd10 && !diagnosis.code.is_empty()
}

/// Chapter 20: V00 to Y99.
fn is_external(code: &str) -> bool {
    code.starts_with(['V', 'W', 'X', 'Y'])
}
