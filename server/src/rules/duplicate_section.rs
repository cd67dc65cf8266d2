use super::sections::name;
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::SectionKind;
use crate::chart::field::normal;
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "duplicate-section",
    group: Group::Chart,
    level: Level::Warning,
    source: "One note for one day of treatment: CMS Pub. 100-02 ch. 15 §220.3.E",
    page: page!("duplicate-section"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let ends = |kind| matches!(kind, SectionKind::Assessment | SectionKind::Plan);
    // `R:` and `T:` beside `P:` and `A:` are a chiropractor's P.A.R.T., not sections.
    let is_part = |key| matches!(normal(case.str(key)).as_str(), "r" | "t");
    let part = case.visit.unknown_fields.iter().any(|f| is_part(f.key));
    // What was done may stand anywhere; it does not part two halves of a section.
    let sections = case
        .visit
        .sections
        .iter()
        .filter(|s| s.kind != SectionKind::Treatment);
    let sections: Vec<_> = sections.collect();
    for (index, section) in sections.iter().enumerate() {
        let before = &sections[..index];
        let Some(first) = before.iter().find(|s| s.kind == section.kind) else {
            continue;
        };
        let goes_on = sections[index - 1].kind == section.kind;
        // Findings taken again after the treatment.
        let again = section.kind == SectionKind::Objective && !before.iter().any(|s| ends(s.kind));
        if goes_on || again || part && ends(section.kind) {
            continue;
        }
        let message = format!(
            "This visit has a second {} section. If another visit begins here it needs its own heading with the date; if not, put both together, because a payer expects one note for one visit.",
            name(section.kind)
        );
        found.push(Draft::new(section.name, message).related(first.name, "The first one"));
        // What follows has the same cause.
        return;
    }
}
