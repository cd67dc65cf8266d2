//! `cloned-note`: see its page in `docs/rules/`.

use super::sections::words;
use super::{ChartCase, ChartVisit, Check, Draft, Group, Rule};
use crate::chart::SectionKind;
use crate::policy::Level;

/// The rule.
pub static RULE: Rule = Rule {
    name: "cloned-note",
    group: Group::Documentation,
    level: Level::Warning,
    source: "APTA, documentation that payers complain of; OIG on cloned notes",
    page: page!("cloned-note"),
    check: Check::Chart(check),
};

/// The words of the three sections, if each says something.
pub(super) fn soa_words<'v>(visit: &ChartVisit<'v>) -> Option<&'v str> {
    let read = || {
        let mut all = String::new();
        for kind in [
            SectionKind::Subjective,
            SectionKind::Objective,
            SectionKind::Assessment,
        ] {
            let words = words(visit.text, visit.visit, kind);
            if !words.chars().any(char::is_alphanumeric) {
                return None;
            }
            all.push_str(&words);
            all.push('\n');
        }
        Some(all.into_boxed_str())
    };
    visit.facts.soa_words.get_or_init(read).as_deref()
}

fn check(case: &ChartCase<'_>, found: &mut Vec<(usize, Draft)>) {
    for (index, pair) in case.visits.windows(2).enumerate() {
        let [before, visit] = pair else { continue };
        // A copy is a usual way to begin a note; and two notes of one day are another matter.
        let typed = visit.last && !visit.visit.is_signed();
        let same_day = before.visit.day().is_some() && before.visit.day() == visit.visit.day();
        if typed || same_day {
            continue;
        }
        let same = soa_words(visit).is_some() && soa_words(visit) == soa_words(before);
        let subjective = |s: &&crate::chart::Section| s.kind == SectionKind::Subjective;
        if let Some(section) = visit
            .visit
            .sections
            .iter()
            .find(subjective)
            .filter(|_| same)
        {
            found.push((
                index + 1,
                Draft::new(
                    visit.at(section.name),
                    "Subjective, Objective and Assessment say word for word what the visit before says. Payers call this a cloned note and deny it, because it does not show what happened on this day.",
                )
                .related(before.anchor(), "The visit with the same words"),
            ));
        }
    }
}
