use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::FieldKind;
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "missing-region",
    group: Group::Documentation,
    level: Level::Warning,
    source: "CMS Pub. 100-02 ch. 15 §220.3.E and §240.1.4; private payers on 97124 and 97140",
    page: page!("missing-region"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for modality in &case.visit.modalities {
        let Some(procedure) = modality.procedure.filter(|p| p.hands_on || p.adjustment) else {
            continue;
        };
        let named =
            !modality.regions.is_empty() || VisitCase::has_detail(modality, FieldKind::Region);
        if named || case.is_being_typed(modality) {
            continue;
        }
        let message = format!(
            "{} ({}) does not say which part of the body was treated. A payer compares it with the diagnosis.",
            procedure.code, procedure.label
        );
        let edit = case.placeholder_detail(modality, FieldKind::Region);
        let draft = Draft::new(modality.code_span, message);
        let draft = draft.fix_of("Add the region (a blank to fill)", [edit]);
        found.push(draft.preferred());
    }
}
