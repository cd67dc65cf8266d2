use super::diagnoses::{self, Standing};
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::policy::Level;
use crate::reference::icd10::Release;

pub static RULE: Rule = Rule {
    name: "unknown-diagnosis",
    group: Group::Diagnosis,
    level: Level::Warning,
    source: "ICD-10-CM, CDC/NCHS tables",
    page: page!("unknown-diagnosis"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let release = case.release();
    for diagnosis in diagnoses::own(case.visit) {
        let standing = diagnoses::standing(release, case.text, diagnosis);
        if !matches!(standing, Standing::Unknown)
            || diagnoses::is_being_typed(case, diagnosis.span)
            || case.may_be_older(&diagnosis.code)
        {
            continue;
        }
        let (code, name) = (&diagnosis.code, release.name());
        let newest = Release::built_in();
        let is_newer = name != newest.name() && newest.find(code).is_some();
        let message = if is_newer {
            format!(
                "{code} is new in ICD-10-CM {} and is not in {name}, which is in force on the day of this visit. A payer rejects it for that day.",
                newest.name()
            )
        } else {
            format!(
                "{code} is not in ICD-10-CM {name}; this version does not know newer codes. A payer rejects a diagnosis that does not exist."
            )
        };
        let draft = Draft::new(diagnosis.span, message);
        let looked_for = diagnoses::may_offer(case);
        let meant = looked_for
            .then(|| release.nearest(&diagnosis.code))
            .flatten();
        found.push(diagnoses::offer(case, draft, diagnosis, meant));
    }
}
