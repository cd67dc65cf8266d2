use super::wording::either;
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::policy::Level;
use crate::reference::{procedures, retired};

pub static RULE: Rule = Rule {
    name: "retired-code",
    group: Group::Coding,
    level: Level::Error,
    source: "CPT code set changes, dated by the NCCI files",
    page: page!("retired-code"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for modality in &case.visit.modalities {
        let code = &modality.code;
        if retired::is_functional_reporting(code) {
            let message = format!(
                "{code} was for functional reporting, which Medicare ended on 2019-01-01. It is no longer used."
            );
            let draft = Draft::new(modality.code_span, message);
            found.push(draft.level(Level::Information));
            continue;
        }
        let Some(old) = modality.retired else {
            continue;
        };
        // The technique on the line says which successor is meant; it goes first.
        let mut successors = old.successors.clone();
        let named = |code: &str| {
            let mut techniques = modality.techniques.iter().filter(|t| t.decisive);
            techniques.any(|t| t.technique.default_code == Some(code))
        };
        successors.sort_by_key(|code| !named(code));
        let mut sentences = vec![format!(
            "{code} ({}) has not been a valid code since {}, and a payer rejects it.",
            old.was, old.since_year
        )];
        if !successors.is_empty() {
            sentences.push(format!("In its place: {}.", either(&successors)));
        }
        if !old.note.is_empty() {
            sentences.push(old.note.to_owned());
        }
        let mut draft = Draft::new(modality.code_span, sentences.join(" "));
        for successor in successors {
            let label = procedures::find(successor).map_or("", |p| p.label);
            let title = format!("Replace {code} with {successor} ({label})");
            draft = draft.fix(title, modality.code_span, successor);
        }
        found.push(draft.preferred());
    }
}
