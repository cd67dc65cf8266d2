use super::diagnoses::{self, Standing};
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::policy::Level;
use crate::reference::icd10::Side;

pub static RULE: Rule = Rule {
    name: "side-mismatch",
    group: Group::Diagnosis,
    level: Level::Warning,
    source: "ICD-10-CM guidelines I.B.13, laterality",
    page: page!("side-mismatch"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    // Without such a one nothing is on a wrong side, and no code has to be looked up.
    let mut treated = case.visit.modalities.iter().flat_map(|m| &m.regions);
    if !treated.any(diagnoses::is_of_one_side) {
        return;
    }
    let release = case.release();
    let mut seen: Vec<&str> = Vec::new();
    for (text, diagnosis, is_own) in diagnoses::all(case) {
        let code = diagnosis.code.as_str();
        let Standing::Billable(_) = diagnoses::standing(release, text, diagnosis) else {
            continue;
        };
        let typed = is_own && diagnoses::is_being_typed(case, diagnosis.span);
        if typed || seen.contains(&code) {
            continue;
        }
        seen.push(code);
        let itself = if is_own {
            diagnosis.span
        } else {
            crate::text::Span::at(usize::MAX)
        };
        let Some((modality, mention)) = case.visit.modalities.iter().find_map(|m| {
            let mention = diagnoses::wrong_side(case, m, code, itself)?;
            Some((m, mention))
        }) else {
            continue;
        };
        if case.is_being_typed(modality) {
            continue;
        }
        let (side, other) = match release.side(code) {
            Some(Side::Left) => ("left", "right"),
            _ => ("right", "left"),
        };
        let message = format!(
            "{code} is for the {side} side, but only the {other} side is treated. A payer denies treatment that its diagnosis does not support."
        );
        let treated = crate::text::Span::from(mention.range.clone());
        let mut draft = if is_own {
            Draft::new(diagnosis.span, message).related(treated, "The side that was treated")
        } else {
            Draft::new(treated, message)
        };
        let once = diagnoses::own(case.visit)
            .filter(|d| d.code == code)
            .count()
            == 1;
        if is_own && once {
            let entry = release.other_side(code).into_iter().collect();
            draft = diagnoses::offer(case, draft, diagnosis, diagnosis.span, entry);
        }
        found.push(draft);
    }
}
