use super::wording::either;
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::policy::Level;
use crate::reference::procedures::Once;

pub static RULE: Rule = Rule {
    name: "add-on-alone",
    group: Group::Coding,
    level: Level::Error,
    source: "CMS, NCCI add-on code edits",
    page: page!("add-on-alone"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for modality in &case.visit.modalities {
        let Some(procedure) = modality.procedure.filter(|p| !p.adds_to.is_empty()) else {
            continue;
        };
        // What is counted by the month may have its first code on another day.
        let is_of_day = procedure.once_a == Once::Day;
        let mut day = case.day_blocks.iter().map(|b| b.modality.code.as_str());
        let has_first = day.any(|code| procedure.adds_to.contains(&code));
        if !is_of_day || has_first || case.is_being_typed(modality) {
            continue;
        }
        let (code, first) = (&modality.code, either(&procedure.adds_to));
        found.push(Draft::new(
            modality.code_span,
            format!(
                "{code} only adds to {first}, which is not on this day. A payer denies it by itself."
            ),
        ));
    }
}
