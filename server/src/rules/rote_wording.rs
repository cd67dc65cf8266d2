use super::phrases::found_in;
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::policy::Level;
use crate::reference::wording::{DenialKind, Weight};

pub static RULE: Rule = Rule {
    name: "rote-wording",
    group: Group::Documentation,
    level: Level::Information,
    source: "APTA, documentation that payers complain of",
    page: page!("rote-wording"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for mention in found_in(case) {
        let level = match (mention.weight, mention.phrase.kind) {
            (Weight::Hint, _) => Level::Hint,
            (Weight::Information, DenialKind::Rote) => Level::Information,
            // The rest is left to denial-wording.
            _ => continue,
        };
        found.push(Draft::new(mention.span, mention.phrase.reason).level(level));
    }
}
