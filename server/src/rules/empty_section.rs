//! `empty-section`: see its page in `docs/rules/`.

use super::sections::{SOAP, has_words, is_filled, name};
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::policy::Level;
use crate::text::Span;

/// The rule.
pub static RULE: Rule = Rule {
    name: "empty-section",
    group: Group::Documentation,
    level: Level::Warning,
    source: "CMS Pub. 100-02 ch. 15 §220.3.E; private payers and workers' compensation",
    page: page!("empty-section"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let visit = case.visit;
    if !visit.is_treated() {
        return;
    }
    let typed = case.last && !visit.is_signed();
    for kind in SOAP {
        let mut of_kind = visit.sections.iter().filter(|s| s.kind == kind);
        let Some(section) = of_kind.next() else {
            continue;
        };
        if is_filled(case.text, visit, kind) {
            continue;
        }
        let filled_later = visit.sections.iter().any(|later| {
            later.name.start > section.name.start && has_words(case.text, visit, later)
        });
        if typed && !filled_later {
            continue;
        }
        found.push(
            Draft::new(
                section.name,
                format!(
                    "The {} section is empty. A payer that reviews the note calls it incomplete and may deny the visit.",
                    name(kind)
                ),
            )
            .fix("Add a blank to fill here", Span::at(section.name.end), " ___")
            .preferred(),
        );
    }
}
