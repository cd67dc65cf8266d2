use super::diagnoses::{self, Standing};
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::policy::Level;

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
        let draft = Draft::new(
            diagnosis.span,
            format!(
                "{} is not in ICD-10-CM {}; this version does not know newer codes. A payer rejects a diagnosis that does not exist.",
                diagnosis.code,
                release.name()
            ),
        );
        let meant = release.nearest(&diagnosis.code);
        found.push(diagnoses::offer(case, draft, diagnosis, meant));
    }
}
