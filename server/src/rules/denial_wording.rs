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

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
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
