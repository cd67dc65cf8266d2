use super::cmt_regions::SPINAL;
use super::modifiers::addition;
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::policy::Level;

/// Off but for Medicare's profiles.
pub static RULE: Rule = Rule {
    name: "cmt-modifier",
    group: Group::Coding,
    level: Level::Off,
    source: "CMS Pub. 100-02 ch. 15 §240.1.3; Medicare contractors on AT",
    page: page!("cmt-modifier"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for modality in &case.visit.modalities {
        // GA, GX, GY and GZ say that the adjustment is maintenance or not covered: no AT then.
        let said = modality.has_modifier(&["AT", "GA", "GX", "GY", "GZ"]);
        if !SPINAL.iter().any(|s| s.0 == modality.code) || said || case.is_being_typed(modality) {
            continue;
        }
        let code = &modality.code;
        let message = format!(
            "{code} has no AT. Medicare treats an adjustment without AT as maintenance care and denies it."
        );
        let title = format!("Add modifier AT to {code}: active, corrective treatment");
        let draft = Draft::new(modality.code_span, message);
        found.push(draft.fix_of(title, [addition(case, modality, "AT")]));
    }
}
