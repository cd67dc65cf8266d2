use super::waivers::{ScopedWaiver, waivers_of};
use super::{Check, Draft, Group, Rule, VisitCase, find_in};
use crate::policy::Level;
use crate::text::Span;

pub static RULE: Rule = Rule {
    name: "waiver-without-reason",
    group: Group::Chart,
    level: Level::Warning,
    source: "A rule set aside without a reason explains nothing to a reviewer",
    page: page!("waiver-without-reason"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for ScopedWaiver { value, waiver, .. } in waivers_of(case.text, case.visit) {
        let being_typed = case.is_open_at(value);
        if waiver.has_reason || value.is_empty() || being_typed {
            continue;
        }
        let words = case.str(value);
        let draft = Draft::new(
            value,
            "This waiver gives no reason, so it waives nothing. Write the reason after \"because\": whoever reviews the chart will ask for it.",
        );
        // `waive: units-limit payer approved 75 minutes`: only the word is missing.
        let rules = waiver.rules.iter();
        let known = rules.take_while(|(name, _)| find_in(case.policy, name).is_some());
        let end = known.last().map(|(_, place)| place.end);
        let goes_on = |end: &usize| {
            let rest = case.str(Span::new(*end, value.end));
            rest.starts_with([' ', '\t'])
                && rest.contains(char::is_alphanumeric)
                && !rest.contains("because")
        };
        let draft = if let Some(end) = end.filter(goes_on) {
            let title = "Put \"because\" before the reason";
            draft.fix(title, Span::at(end), " because")
        } else {
            let lower = words.to_lowercase();
            let begun = lower.ends_with(" because")
                || lower.ends_with([' ', '-', '–', '—']) && lower.contains(' ');
            let placeholder = if begun { " ___" } else { " because ___" };
            let title = "Add a reason (a blank to fill)";
            draft.fix(title, Span::at(value.end), placeholder)
        };
        found.push(draft.preferred());
    }
}
