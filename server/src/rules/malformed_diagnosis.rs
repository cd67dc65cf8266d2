use super::diagnoses::{self, MOST_COMPARED, Standing};
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::{Diagnosis, DiagnosisKind};
use crate::policy::Level;
use crate::reference::icd10::icd9;
use crate::text::Span;

pub static RULE: Rule = Rule {
    name: "malformed-diagnosis",
    group: Group::Diagnosis,
    level: Level::Error,
    source: "ICD-10-CM, the form of its codes; ICD-9 ended on 2015-09-30",
    page: page!("malformed-diagnosis"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for diagnosis in diagnoses::own(case.visit) {
        let span = diagnoses::written(case.text, diagnosis);
        if diagnoses::is_being_typed(case, span) {
            continue;
        }
        match diagnoses::standing(case.release(), case.text, diagnosis) {
            Standing::Icd9 => found.push(old(case, diagnosis, span)),
            Standing::Procedure => found.push(Draft::new(
                span,
                "This has the form of an ICD-10-PCS code, which names a hospital procedure and not a diagnosis. A payer rejects it as a diagnosis.",
            )),
            Standing::Shapeless => {
                found.push(shapeless(case, diagnosis, span, diagnoses::may_offer(case)));
            }
            _ => {}
        }
    }
    let shapeless_ones = diagnoses::shapeless(case.text, case.visit).into_iter();
    for (number, span) in shapeless_ones.enumerate() {
        let is_offered = number < MOST_COMPARED && diagnoses::may_offer(case);
        let diagnosis = Diagnosis {
            span,
            code: String::new(),
            kind: DiagnosisKind::Words,
        };
        if !diagnoses::is_being_typed(case, span) {
            found.push(shapeless(case, &diagnosis, span, is_offered));
        }
    }
}

fn old(case: &VisitCase<'_>, diagnosis: &Diagnosis, span: Span) -> Draft {
    let code = case.str(span);
    let message = format!(
        "{code} is an ICD-9 code. ICD-9 has not been valid since 2015-10-01, and a payer rejects the claim."
    );
    let release = case.release();
    let successors = icd9::successors(code).unwrap_or_default();
    let entries = successors.iter().filter_map(|c| release.find(c));
    diagnoses::offer(case, Draft::new(span, message), diagnosis, entries)
}

fn shapeless(case: &VisitCase<'_>, diagnosis: &Diagnosis, span: Span, is_offered: bool) -> Draft {
    let code = case.str(span);
    let message = format!(
        "{code} does not have the form of an ICD-10-CM code: a letter, two characters, then up to four more after a dot. A payer rejects the claim."
    );
    let release = case.release();
    let bare = code.replace('.', "");
    let known = || release.find(&bare).filter(|e| e.billable);
    let meant = is_offered
        .then(|| known().or_else(|| release.nearest(&bare)))
        .flatten();
    diagnoses::offer(case, Draft::new(span, message), diagnosis, meant)
}
