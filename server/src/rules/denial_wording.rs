use super::phrases::found_in;
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::policy::Level;
use crate::reference::wording::{DenialKind, Weight};

pub static RULE: Rule = Rule {
    name: "denial-wording",
    group: Group::Documentation,
    level: Level::Warning,
    source: "CMS Pub. 100-02 ch. 15 §30.5, §220.2 and §240.1.3; eviCore massage guideline; Premera 8.03.502",
    page: page!("denial-wording"),
    check: Check::Visit(check),
};

/// What a line says that the payer is not asked to pay, or is expected not to.
const NOT_COVERED: [&str; 4] = ["GA", "GX", "GY", "GZ"];

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    // Where each line says that it is not covered, the words say why.
    let blocks = &case.visit.modalities;
    if !blocks.is_empty() && blocks.iter().all(|b| b.has_modifier(&NOT_COVERED)) {
        return;
    }
    for mention in found_in(case) {
        let level = match (mention.weight, mention.phrase.kind) {
            (Weight::Warning, _) => Level::Warning,
            (Weight::Information, DenialKind::Necessity | DenialKind::Vague) => Level::Information,
            // The rest is left to rote-wording.
            _ => continue,
        };
        found.push(Draft::new(mention.span, mention.phrase.reason).level(level));
    }
}
