use std::collections::HashSet;

use super::{Check, Draft, Group, Rule, VisitCase, diagnoses};
use crate::chart::DiagnosisKind;
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "too-many-diagnoses",
    group: Group::Diagnosis,
    level: Level::Information,
    source: "CMS-1500 claim form, items 21 and 24E",
    page: page!("too-many-diagnoses"),
    check: Check::Visit(check),
};

/// A claim form has places for so many diagnoses.
const MOST: usize = 12;
/// A line of it points to no more than these.
const MOST_OF_LINE: usize = 4;

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let (own, before): (Vec<_>, Vec<_>) = diagnoses::all(case).partition(|(_, _, own)| *own);
    let mut codes = HashSet::new();
    for (_, diagnosis, is_own) in before.into_iter().chain(own) {
        let code = diagnosis.code.as_str();
        if diagnosis.kind != DiagnosisKind::Icd10 || !codes.insert(code) {
            continue;
        }
        if codes.len() == MOST + 1 && is_own {
            found.push(Draft::new(
                diagnosis.span,
                format!(
                    "A claim has room for {MOST} diagnoses, and {code} is one more. Put those that explain the treatment first; the rest will not reach the payer."
                ),
            ));
        }
    }
    for modality in &case.visit.modalities {
        if let Some(fifth) = modality.diagnoses.get(MOST_OF_LINE) {
            found.push(Draft::new(
                fifth.span,
                format!(
                    "A claim line points to {MOST_OF_LINE} diagnoses at most, and {} names more. Put the {MOST_OF_LINE} that explain it best first.",
                    modality.code
                ),
            ));
        }
    }
}
