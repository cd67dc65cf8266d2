use super::diagnoses;
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::policy::Level;
use crate::text::Span;

pub static RULE: Rule = Rule {
    name: "excluded-diagnoses",
    group: Group::Diagnosis,
    level: Level::Warning,
    source: "ICD-10-CM, Excludes1 notes",
    page: page!("excluded-diagnoses"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    // The preamble's stand first: what the visit adds to them is judged in the visit.
    let mut seen: Vec<(String, Option<Span>)> = Vec::new();
    let (own, before): (Vec<_>, Vec<_>) = diagnoses::all(case).partition(|(_, _, own)| *own);
    for (_, diagnosis, is_own) in before.into_iter().chain(own) {
        let code = &diagnosis.code;
        if code.is_empty() || seen.iter().any(|(known, _)| known == code) {
            continue;
        }
        if seen.len() == diagnoses::MOST_COMPARED {
            break;
        }
        if is_own && !diagnoses::is_being_typed(case, diagnosis.span) {
            for (other, place) in &seen {
                let Some(level) = diagnoses::clash(case.release(), code, other) else {
                    continue;
                };
                let message = if level == Level::Information {
                    format!(
                        "ICD-10-CM bars {other} and {code} from the same visit unless they are separate conditions. Many bill both; a payer may ask why."
                    )
                } else {
                    format!(
                        "{other} and {code} cannot be reported together: an Excludes1 note of ICD-10-CM keeps them apart. A payer may deny the claim unless they are unrelated."
                    )
                };
                let mut draft = Draft::new(diagnosis.span, message).level(level);
                if let Some(place) = place {
                    draft = draft.related(*place, "The other diagnosis");
                }
                for code in [code, other] {
                    if let Some(edits) = diagnoses::without(case, code) {
                        draft = draft.fix_of(format!("Remove {code}"), edits);
                    }
                }
                found.push(draft);
            }
        }
        seen.push((code.clone(), is_own.then_some(diagnosis.span)));
    }
}
