use std::collections::HashMap;

use super::diagnoses::{self, Standing};
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::policy::Level;
use crate::reference::icd10::{Entry, Release, icd9};

pub static RULE: Rule = Rule {
    name: "unbillable-diagnosis",
    group: Group::Diagnosis,
    level: Level::Error,
    source: "ICD-10-CM, CDC/NCHS tables; ICD-10-CM guidelines I.B.2",
    page: page!("unbillable-diagnosis"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let mut whys: HashMap<String, String> = HashMap::new();
    for diagnosis in diagnoses::own(case.visit) {
        let Standing::Category(entry) = diagnoses::standing(case.release(), case.text, diagnosis)
        else {
            continue;
        };
        let code = &entry.code;
        if diagnoses::is_being_typed(case, diagnosis.span) || case.may_be_older(code) {
            continue;
        }
        // A category that stands there many times is looked up once.
        let why = whys
            .entry(entry.code.clone())
            .or_insert_with(|| why(case.release(), code));
        let draft = Draft::new(diagnosis.span, format!("{why} A payer rejects the claim."));
        let finer = if diagnoses::may_offer(case) {
            diagnoses::finer(case, &entry)
        } else {
            Vec::new()
        };
        found.push(diagnoses::offer(case, draft, diagnosis, finer));
    }
}

/// Why a category cannot be billed.
fn why(release: &Release, code: &str) -> String {
    let below = release.billable_under(code, 40);
    let first = below.first();
    let needs_seventh = first.is_some_and(|e| e.code.len() == 8 && is_injury(code, &below));
    if let Some(year) = icd9::once_billable(code) {
        format!(
            "{code} was split into more specific codes and has not been billable since {year}-10-01."
        )
    } else if Release::was_billable(code) {
        format!(
            "{code} was split into more specific codes and is a category in ICD-10-CM {}.",
            release.name()
        )
    } else if needs_seventh {
        format!(
            "{code} is not complete: an injury code needs a seventh character (A active treatment, D healing, S sequela), with X in the empty places."
        )
    } else {
        format!("{code} is a category of more specific codes and cannot itself be billed.")
    }
}

/// One that lacks nothing but the encounter.
fn is_injury(code: &str, below: &[Entry]) -> bool {
    let stem = |code: &str| code.trim_end_matches(char::is_alphabetic).len();
    code.starts_with('S') && below.iter().all(|e| stem(&e.code) == code.len())
}
