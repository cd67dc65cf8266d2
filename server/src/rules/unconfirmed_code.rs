use super::{Check, Draft, Group, Rule, VisitCase};
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "unconfirmed-code",
    group: Group::Coding,
    level: Level::Warning,
    source: "The format: a question mark behind a code says that it was proposed and is not confirmed",
    page: page!("unconfirmed-code"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for modality in &case.visit.modalities {
        let Some(mark) = modality.proposed else {
            continue;
        };
        let code = &modality.code;
        let message = format!(
            "{code} was proposed and is not confirmed. It is counted, but take the question mark away before you bill it, or choose another code."
        );
        let draft = Draft::new(modality.code_span, message);
        let title = format!("Confirm {code}: take the question mark away");
        found.push(draft.fix(title, mark, "").preferred());
    }
}
