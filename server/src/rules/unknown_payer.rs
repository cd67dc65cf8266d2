use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::FieldKind;
use crate::policy::{Level, Named, Policy, nearest};

pub static RULE: Rule = Rule {
    name: "unknown-payer",
    group: Group::Chart,
    level: Level::Information,
    source: "docs/payers.md",
    page: page!("unknown-payer"),
    check: Check::Visit(check),
};

/// Payers that a slip of the pen makes of others, or that have no profile yet. What a note calls them is right.
const OTHERS: &[&str] = &[
    "medicaid", "medi-cal", "medical", "medigap", "tricare", "champva", "premier", "primary",
    "primera",
];

/// In a shorter name two letters are too many for a slip.
const LONG: usize = 9;

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let Some(value) = case.visit.field(FieldKind::Payer).and_then(|f| f.value) else {
        return;
    };
    let named = case.str(value).trim();
    let typed = case.last && value.end >= case.visit.text_end;
    if typed || named.contains("__") || case.policy.named(named) != Named::Unknown {
        return;
    }
    let draft = Draft::new(
        value,
        "No payer profile has this name, so the note is checked as for an unknown payer. A [payers] table in soapstone.toml can say how this one counts and what it asks for.",
    );
    found.push(match slip_of(named, case.policy) {
        Some(near) => draft.fix(format!("Change it to {near}"), value, near),
        None => draft,
    });
}

/// The known name that was mistyped.
fn slip_of<'p>(named: &str, policy: &'p Policy) -> Option<&'p str> {
    let written = named.to_lowercase();
    let length = written.chars().count();
    if length <= 4 || OTHERS.contains(&&*written) {
        return None;
    }
    let known = policy.payers.iter().filter(|p| p.name != "default");
    let known = known.flat_map(|p| std::iter::once(&p.name).chain(&p.aliases));
    let near = nearest(named, known.map(String::as_str))?;
    let distance = strsim::osa_distance(&written, &near.to_lowercase());
    (distance == 1 || length >= LONG).then_some(near)
}
