use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::FieldKind;
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "missing-technique",
    group: Group::Documentation,
    level: Level::Warning,
    source: "CMS Pub. 100-02 ch. 15 §220.3.E; private payers on 97124 and 97140",
    page: page!("missing-technique"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for modality in &case.visit.modalities {
        let Some(procedure) = modality.procedure.filter(|p| p.hands_on) else {
            continue;
        };
        let named = modality.techniques.iter().any(|t| t.technique.specific)
            || VisitCase::has_detail(modality, FieldKind::Technique);
        if named || case.is_being_typed(modality) {
            continue;
        }
        let message = format!(
            "{} ({}) does not say which technique was used. A payer reads the technique to see that the code fits.",
            procedure.code, procedure.label
        );
        let edit = case.placeholder_detail(modality, FieldKind::Technique);
        let draft = Draft::new(modality.code_span, message);
        let draft = draft.fix_of("Add the technique (a blank to fill)", [edit]);
        found.push(draft.preferred());
    }
}
