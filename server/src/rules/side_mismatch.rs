use std::collections::HashSet;

use super::diagnoses::{self, Standing};
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::policy::Level;
use crate::reference::icd10::Side;
use crate::text::Span;

pub static RULE: Rule = Rule {
    name: "side-mismatch",
    group: Group::Diagnosis,
    level: Level::Warning,
    source: "ICD-10-CM guidelines I.B.13, laterality",
    page: page!("side-mismatch"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let release = case.release();
    let mut seen = HashSet::new();
    for (text, diagnosis, is_own) in diagnoses::all(case) {
        let code = diagnosis.code.as_str();
        let Standing::Billable(_) = diagnoses::standing(release, text, diagnosis) else {
            continue;
        };
        let typed = is_own && diagnoses::is_being_typed(case, diagnosis.span);
        if typed || !seen.insert(code) {
            continue;
        }
        let itself = if is_own {
            diagnosis.span
        } else {
            Span::at(usize::MAX)
        };
        let wrong = case.visit.modalities.iter().find_map(|m| {
            let mention = diagnoses::wrong_side(case, m, code, itself)?;
            Some((m, mention))
        });
        let Some((_, mention)) = wrong.filter(|(m, _)| !case.is_being_typed(m)) else {
            continue;
        };
        let (side, other) = match release.side(code) {
            Some(Side::Left) => ("left", "right"),
            _ => ("right", "left"),
        };
        let message = format!(
            "{code} is for the {side} side, but only the {other} side is treated. A payer denies treatment that its diagnosis does not support."
        );
        let treated = Span::from(mention.range.clone());
        let mut draft = if is_own {
            Draft::new(diagnosis.span, message).related(treated, "The side that was treated")
        } else {
            Draft::new(treated, message)
        };
        let own = diagnoses::own(case.visit).filter(|d| d.code == code);
        if is_own && own.count() == 1 {
            draft = diagnoses::offer(case, draft, diagnosis, release.other_side(code));
        }
        found.push(draft);
    }
}
