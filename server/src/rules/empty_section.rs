use super::sections::{SOAP, has_words, is_filled, name};
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::SectionKind;
use crate::policy::Level;
use crate::text::Span;

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
        let Some(section) = visit.sections.iter().find(|s| s.kind == kind) else {
            continue;
        };
        let at = section.name;
        let mut later = visit.sections.iter().filter(|s| s.name.start > at.start);
        // What was done is part of what was found.
        let next = visit.sections.iter().find(|s| s.name.start > at.start);
        let is_treatment = kind == SectionKind::Objective
            && next.is_some_and(|s| {
                s.kind == SectionKind::Treatment && has_words(case.text, visit, s)
            });
        let unfinished = typed && !later.any(|s| has_words(case.text, visit, s));
        if unfinished || is_treatment || is_filled(case.text, visit, kind) {
            continue;
        }
        let message = format!(
            "The {} section is empty. A payer that reviews the note calls it incomplete and may deny the visit.",
            name(kind)
        );
        let draft = Draft::new(at, message);
        found.push(
            draft
                .fix("Add a blank to fill here", Span::at(at.end), " ___")
                .preferred(),
        );
    }
}
