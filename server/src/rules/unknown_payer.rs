use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::FieldKind;
use crate::policy::{Level, nearest};

pub static RULE: Rule = Rule {
    name: "unknown-payer",
    group: Group::Chart,
    level: Level::Information,
    source: "docs/payers.md",
    page: page!("unknown-payer"),
    check: Check::Visit(check),
};

/// What stands in for a payer where nobody but the patient pays.
const NOBODY: &[&str] = &[
    "self",
    "self pay",
    "self-pay",
    "selfpay",
    "cash",
    "private pay",
    "out of pocket",
    "none",
    "n/a",
    "na",
    "no insurance",
    "uninsured",
    "patient",
    "client",
    "pro bono",
    "-",
];

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let Some(value) = case.visit.field(FieldKind::Payer).and_then(|f| f.value) else {
        return;
    };
    let named = case.str(value).trim();
    let typed = case.is_at_the_end(value);
    let nobody = NOBODY.contains(&named.to_lowercase().as_str());
    if typed || nobody || named.contains("__") || case.policy.find(named).is_some() {
        return;
    }
    let payers = case.policy.payers.iter().filter(|p| p.name != "default");
    let known = payers.flat_map(|p| std::iter::once(&p.name).chain(&p.aliases));
    let draft = Draft::new(
        value,
        "No payer profile has this name, so the note is checked as for an unknown payer. A [payers] table in soapstone.toml can say how this one counts and what it asks for.",
    );
    let long = named.chars().count() > 4;
    let near = nearest(named, known.map(String::as_str)).filter(|_| long);
    found.push(match near {
        Some(near) => draft.fix(format!("Change it to {near}"), value, near),
        None => draft,
    });
}
